"""Tasks: what learners are evolved for. Imports `primitives` at most; a task runs no programs, that is `fitness`.

A task draws instances, and `rung` gives the tasks of the ladder by name. Adding a task is one class with the members of
`Task`; adding a rung is one line in `ladder`.
"""

from tasks.ladder import RUNGS, rung
from tasks.parity import SparseParity
from tasks.task import LEARNER, Budget, Contract, Instance, Task

__all__ = ["LEARNER", "RUNGS", "Budget", "Contract", "Instance", "SparseParity", "Task", "rung"]
