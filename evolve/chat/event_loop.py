"""An event loop in a thread of its own, for calls that other threads wait for.

Why an event loop: in it every wait of a call can be given up at any moment, be it for a name, a connection, a
handshake, a head or the next byte. A thread that waits in a socket can't be made to stop in all of these; closing its
socket from another thread helps only when there is one, and the limits of HTTP libraries are for each read.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import socket
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class EventLoop:
    """The loop and its thread, which a process does not wait for at its end.

    Args:
        name: of the thread.
        last: what is done in the loop before it ends.
    """

    def __init__(self, name: str, last: Callable[[], Coroutine[Any, Any, None]]):
        self._loop = _Loop()
        self._last = last
        self._lock = threading.Lock()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Coroutine[Any, Any, Result]) -> concurrent.futures.Future[Result]:
        """Start work in the loop. The future is cancelled when the loop is stopped, also if it was before."""
        with self._lock:
            if not self._stopped:
                return asyncio.run_coroutine_threadsafe(work, self._loop)
        work.close()
        future: concurrent.futures.Future[Result] = concurrent.futures.Future()
        future.cancel()
        return future

    def stop(self, seconds: float) -> None:
        """Cancel all work, and end the thread; wait for that so long at most."""
        with self._lock:
            if not self._stopped:
                self._stopped = True
                self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(seconds)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        with contextlib.closing(self._loop):
            self._loop.run_until_complete(self._end())

    async def _end(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._last()
        await asyncio.get_running_loop().shutdown_asyncgens()


class _Loop(asyncio.SelectorEventLoop):
    """A loop that looks up names in threads that a process does not wait for at its end.

    A name server that does not answer keeps such a thread for half a minute, and nothing can end it.
    """

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> Any:
        """Look up a name."""
        future = self.create_future()

        def give(found: Any, error: OSError | UnicodeError | None) -> None:
            if future.done():
                return
            if error is None:
                future.set_result(found)
            else:
                future.set_exception(error)

        def look() -> None:
            found, fault = None, None
            try:
                found = socket.getaddrinfo(host, port, **options)
            except (OSError, UnicodeError) as error:
                fault = error
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                self.call_soon_threadsafe(give, found, fault)

        threading.Thread(target=look, daemon=True).start()
        return await future
