"""Tasks: what programs are evolved for. Imports `primitives` at most; a task runs no programs, that is `fitness`.

A task states the functions of a program, draws instances, and says what counts; `rung` gives the tasks of the ladder by
name. docs/tasks.md shows how to write one.
"""

from tasks.contract import LEARNER, Contract, Parameter, Signature
from tasks.instances import Call, Episode, Examples, Instance, UnusableAnswer
from tasks.ladder import RUNGS, rung
from tasks.loading import load_task
from tasks.parity import SparseParity
from tasks.streams import instances
from tasks.task import Budget, Floor, Purpose, Task, TaskError, Variant

__all__ = [
    "LEARNER",
    "RUNGS",
    "Budget",
    "Call",
    "Contract",
    "Episode",
    "Examples",
    "Floor",
    "Instance",
    "Parameter",
    "Purpose",
    "Signature",
    "SparseParity",
    "Task",
    "TaskError",
    "UnusableAnswer",
    "Variant",
    "instances",
    "load_task",
    "rung",
]
