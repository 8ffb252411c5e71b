"""What a search leaves behind: the store of a run, for writing and for reading. May import `population` and below.

A run is a directory. Beside the store are lineages, verification, export and import. Searching is `evolve`'s business.
"""

from runs.reading import Front, Run, open_run
from runs.schema import RunError
from runs.store import Birth, Point, Store, create_run, reopen_run

__all__ = ["Birth", "Front", "Point", "Run", "RunError", "Store", "create_run", "open_run", "reopen_run"]
