"""The inference process: accepts frames on a unix socket, runs tasks in a few threads, then ends.

It ends by itself when nobody has called for `idle_s`, and hard when a task hangs, so that
whoever called gets InferenceUnavailable and the parent starts a fresh one.
"""

import asyncio
import contextlib
import ctypes
import gc
import logging
import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor

from armarium.adapters.inference.tasks import Tasks
from armarium.adapters.inference.wire import BadFrame, Frame, read_frame
from armarium.ports.inference import InputRefused

log = logging.getLogger(__name__)

IDLE_S = 120.0
TASK_LIMIT_S = 90.0
"""A task that runs longer hangs in native code, where nothing but the process can be ended. What
waits for a thread does not run yet."""
WAITING_LIMIT = 64
_SPEAK_LIMIT_S = 30.0
HUNG = 70
"""Exit code after a hung task."""


class InferenceServer:
    """Serves one listening socket."""

    def __init__(
        self, *, threads: int, idle_s: float = IDLE_S, task_limit_s: float = TASK_LIMIT_S
    ) -> None:
        """`threads` tasks run at once, each on one core; `idle_s` seconds unused end it."""
        self._tasks = Tasks()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="task")
        self._idle_s = idle_s
        self._task_limit_s = task_limit_s
        self._running = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._last = time.monotonic()
        self._stop = asyncio.Event()
        self._trimmed = True

    async def serve(self, listener: socket.socket) -> None:
        """Until idle or stopped; stops accepting first, then finishes what runs."""
        listener.setblocking(False)
        server = await asyncio.start_server(self._connected, sock=listener)
        try:
            await self._until_idle()
        finally:
            server.close()
            await self._quiet.wait()
            self._pool.shutdown(wait=False, cancel_futures=True)

    def stop(self) -> None:
        """Ask it to end once what runs is done."""
        self._stop.set()

    async def _until_idle(self) -> None:
        pause = min(1.0, self._idle_s / 4)
        while not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stop.wait()
            quiet = time.monotonic() - self._last
            if self._running:
                continue
            if quiet > self._idle_s:
                return
            if quiet > 1.0 and not self._trimmed:
                self._trimmed = True
                _trim_memory()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._running += 1
        self._quiet.clear()
        try:
            async with asyncio.timeout(_SPEAK_LIMIT_S):
                request = await read_frame(reader)
            answer = await self._answer(request)
            writer.write(answer.encode())
            await writer.drain()
        except (BadFrame, ConnectionError, TimeoutError):
            log.debug("A caller hung up or spoke something else")
        finally:
            self._running -= 1
            if not self._running:
                self._quiet.set()
            self._last = time.monotonic()
            self._trimmed = False
            writer.close()

    async def _answer(self, request: Frame) -> Frame:
        task = self._tasks.by_name.get(str(request.head.get("task")))
        if task is None:
            return Frame({"refused": {"code": "unknown_task", "detail": "No such task."}})
        if self._running > WAITING_LIMIT:
            return Frame({"busy": {"detail": "Too many requests are waiting."}})
        loop, taken = asyncio.get_running_loop(), asyncio.Event()

        def work() -> Frame:
            loop.call_soon_threadsafe(taken.set)
            return task(request)

        future = loop.run_in_executor(self._pool, work)
        await taken.wait()
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._task_limit_s):
                return await future
        except TimeoutError:
            log.critical("A task hangs since %.0f s; ending", time.monotonic() - started)
            os._exit(HUNG)
        except InputRefused as refusal:
            return Frame({"refused": {"code": refusal.code, "detail": refusal.detail}})
        except Exception:
            log.exception("A task failed")
            return Frame({"failed": {"detail": "The model failed on this input."}})


def _trim_memory() -> None:
    """Give freed memory back: after a photo, 200 MB lie in the allocator (glibc only)."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
