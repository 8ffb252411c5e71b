"""`python -m evolve`: the command line (`evolve.cli`) without an installed script."""

from evolve.cli import main

if __name__ == "__main__":
    main()
