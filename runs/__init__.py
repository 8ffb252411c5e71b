"""What a search leaves behind: the store of a run, for writing and for reading. May import `population` and below.

A run is a directory. Searching is `evolve`'s business; nothing here runs programs.
"""

from runs.reading import Front, Run, open_run
from runs.schema import RunError
from runs.store import Store, create_run

__all__ = ["Front", "Run", "RunError", "Store", "create_run", "open_run"]
