"""A crew of processes: one Ray actor for each core, of this computer or of a Ray cluster.

An actor that dies, or is not done long after it should be, is replaced, and its order is answered as lost. Nothing is
kept in an actor that an order does not bring along.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from evolve.engine.crew import CrewError
from evolve.engine.garbage import RareCollections
from evolve.engine.orders import Answer, Evaluators, Order
from fitness import measure
from tasks import Task, TaskError

OBJECT_STORE: Final = 150 << 20
"""Bytes of Ray's object store; what is sent is small, and Ray's default is a third of the memory."""

START: Final = 300.0
"""Seconds that a worker has to start; the first ever compiles the machine."""

REACH: Final = 10.0
"""Seconds that a cluster has to answer."""

GRACE: Final = 60.0
"""Seconds that an order may take longer than it should."""

STEP: Final = 2e-7
"""Seconds that an instruction may take, priced, on a slow and busy computer."""

PATIENCE: Final = 3
"""How many workers may be lost before they have started, one after the other."""


@dataclass(slots=True)
class _Host:
    """An actor at work, or starting if it has no order; the number is its own and its successors'."""

    number: int
    actor: Any
    order: Order | None
    deadline: float


class RayCrew:
    """Workers in processes of their own.

    Args:
        tasks: of the rungs; they are sent to the workers once.
        seed: of the search.
        energy: the model that prices programs.
        size: how many workers; in a cluster those for which there is no room yet are waited for.
        address: of a Ray cluster to join; None starts one on this computer, that ends with this process.

    Raises:
        CrewError: Ray can't be started or joined, or a task can't be sent.
    """

    def __init__(self, tasks: Sequence[Task], seed: int, energy: str, size: int, address: str | None = None):
        self._ray, self._owned = connected(size, address)
        ray = self._ray
        self.size = size
        self._settings = seed, energy
        self._seconds = [3 * task.instances * task.budget.steps * STEP for task in tasks]
        self._actor = ray.remote(num_cpus=1, max_restarts=0, runtime_env=_environment(address))(_Worker)
        self._sent = ray.put([_pickled(task) for task in tasks])
        self._busy: dict[Any, _Host] = {}
        self._idle: dict[int, Any] = {}
        self._unstarted = 0
        for number in range(self.size):
            self._start(number)

    @property
    def idle(self) -> int:
        """How many orders can be given now."""
        return len(self._idle)

    def at_home(self, island: int) -> bool:
        """Whether the worker at which an island is at home, always the same one or its successor, is idle."""
        return island % self.size in self._idle

    def _start(self, number: int) -> None:
        actor = self._actor.remote(self._sent, *self._settings)
        self._busy[actor.ready.remote()] = _Host(number, actor, None, time.monotonic() + START)

    def give(self, order: Order, island: int | None = None) -> None:
        """Send an order to an idle worker: that of an island, if it is idle."""
        number = next(iter(self._idle)) if island is None or not self.at_home(island) else island % self.size
        actor = self._idle.pop(number)
        allowed = GRACE + order.seconds + order.programs * self._seconds[order.rung]
        self._busy[actor.perform.remote(order)] = _Host(number, actor, order, time.monotonic() + allowed)

    def answers(self, seconds: float) -> list[Answer]:
        """Wait until workers are done or have started, or so long."""
        if not self._busy:
            return []
        dead = self._dead_processes()
        if dead:
            raise CrewError(f"Ray died ({', '.join(dead)}); what was found is kept, and --resume goes on with it")
        ready, _ = self._ray.wait(list(self._busy), timeout=seconds)
        found = [self._received(reference, self._busy.pop(reference)) for reference in ready]
        late = [reference for reference, host in self._busy.items() if host.deadline < time.monotonic()]
        found += [self._lost(self._busy.pop(reference), "it did not finish in time") for reference in late]
        return [answer for answer in found if answer is not None]

    def _dead_processes(self) -> list[str]:
        """The processes of a Ray that was started here that have ended."""
        node = self._ray._private.worker._global_node
        return [] if node is None or not self._owned else [name for name, _ in node.dead_processes()]

    def _received(self, reference: Any, host: _Host) -> Answer | None:
        """The answer of a worker that is done; None if it has only started."""
        try:
            result = self._ray.get(reference)
        except self._ray.exceptions.RayError as error:
            return self._lost(host, _reason(error))
        if isinstance(result, _Fault):
            raise TaskError(result.message)
        self._unstarted = 0
        self._idle[host.number] = host.actor
        return None if host.order is None else Answer(host.order, result)

    def _lost(self, host: _Host, reason: str) -> Answer | None:
        """Put another worker in the place of one that is of no use any more."""
        self._ray.kill(host.actor)
        if host.order is None:
            self._unstarted += 1
            working = self._idle or any(each.order is not None for each in self._busy.values())
            if self._unstarted >= PATIENCE and not working:
                raise CrewError(f"no worker can be started ({reason}); --workers 0 searches in this process")
        self._start(host.number)
        return None if host.order is None else Answer(host.order, None, reason)

    def close(self) -> None:
        """End the workers, and Ray if it was started or joined here."""
        if self._dead_processes():
            self._ray._private.worker._global_node.kill_all_processes(check_alive=False, allow_graceful=False)
            return
        for actor in (*self._idle.values(), *(host.actor for host in self._busy.values())):
            self._ray.kill(actor)
        self._busy, self._idle = {}, {}
        if self._owned:
            self._ray.shutdown()


@dataclass(frozen=True, slots=True)
class _Fault:
    """The task broke its contract in a worker."""

    message: str


class _Worker:
    """What runs in the process of an actor."""

    def __init__(self, tasks: list[bytes], seed: int, energy: str):
        self._evaluators = Evaluators([pickle.loads(task) for task in tasks], seed, energy)
        measure("def f(a):\n    return a + 1\n", "f", [1], energy=("dmc",))  # loads the machine
        self._collections = RareCollections()

    def ready(self) -> None:
        """Answer when the process has started."""

    def perform(self, order: Order) -> object:
        """Carry out an order."""
        self._collections.tidy()
        try:
            return order.perform(self._evaluators)
        except TaskError as error:
            return _Fault(str(error))


def connected(size: int, address: str | None) -> tuple[Any, bool]:
    """The module of Ray, connected, and whether that was done here: a program that uses Ray may be connected already.

    A cluster of one's own is quiet, small, and never an old one that still runs.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_worker_niceness", "0")  # Ray's is 15: beside any other work its workers hardly run
    os.environ["RAY_ENABLE_UV_RUN_RUNTIME_ENV"] = "0"  # else it would pack and send the working directory
    if address is None:
        os.environ.setdefault("RAY_AUTH_MODE", "token")  # the default, but said aloud it is no news to Ray
    import ray

    if ray.is_initialized():
        return ray, False
    settings: dict[str, Any] = {"address": address or "local", "log_to_driver": False, "logging_level": "ERROR"}
    if address is not None:
        _reach(address)
    else:
        settings |= {"num_cpus": size, "include_dashboard": False, "object_store_memory": OBJECT_STORE}
    try:
        with _no_sigterm_handler():
            ray.init(**settings)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        what = "start Ray"
        if address is not None:
            what = f"join the Ray cluster at {address} (RAY_AUTH_MODE=token, if it asks for a token)"
        raise CrewError(f"can't {what}: {_last_line(error)}; --workers 0 searches in this process") from error
    return ray, True


def _reach(address: str) -> None:
    """Raise CrewError if nothing listens at an address: Ray would try for minutes, and then end the process."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise CrewError(f"{address} is no address of a Ray cluster; it is HOST:PORT, as `ray start --head` says it")
    try:
        socket.create_connection((host, int(port)), timeout=REACH).close()
    except (OSError, OverflowError) as error:
        raise CrewError(f"no Ray cluster answers at {address} ({error}); `ray start --head` starts one") from error


@contextlib.contextmanager
def _no_sigterm_handler() -> Iterator[None]:
    """Keep the handler of SIGTERM, which Ray replaces by one of its own."""
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def _environment(address: str | None) -> dict[str, Any] | None:
    """Workers on this computer inherit the environment; those of a cluster are told where texts are."""
    texts = os.environ.get("EVOLVE_DATA")
    return None if address is None or texts is None else {"env_vars": {"EVOLVE_DATA": texts}}


def _pickled(task: Task) -> bytes:
    """A task as bytes; one from a person's file with its code, since workers can't import that by name."""
    cloudpickle: Any = importlib.import_module("ray.cloudpickle")

    module = sys.modules[type(task).__module__]
    by_value = module.__spec__ is not None and module.__name__.startswith("evolve_task_")
    if by_value:
        cloudpickle.register_pickle_by_value(module)
    try:
        pickled: bytes = cloudpickle.dumps(task)
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        raise CrewError(
            f"{task.name} can't be sent to workers: {error}; --workers 0 searches in this process"
        ) from error
    finally:
        if by_value:
            cloudpickle.unregister_pickle_by_value(module)
    return pickled


def _reason(error: Exception) -> str:
    """Why an actor gave no answer, in one line."""
    import ray

    if isinstance(error, ray.exceptions.RayActorError):
        return "its process died"
    return _last_line(error)


def _last_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
