"""A TCP proxy with a way for each part of the link, which can be cut, swallow or crawl.

One thread of its own moves all bytes. Whatever a broken way had taken in is gone with the
connection: TCP has no holes, so a way that swallowed anything never goes on with it.
"""

import asyncio
import threading
from enum import Enum

_CHUNK = 4096
_SLOW_BYTES_S = 40_000
_SLOW_DELAY_S = 0.15


class Weather(Enum):
    """How a way is."""

    FAIR = "fair"
    CUT = "cut"
    """Connections are reset, new ones too."""
    HOLE = "hole"
    """Connections stay and are accepted, and nothing arrives."""
    SLOW = "slow"
    """A tenth of a second late, 40 KB/s."""


class Way:
    """From a port of its own to another port of this machine.

    Args:
        port: where it leads.
    """

    def __init__(self, port):
        self._to = port
        self.port = 0
        self.weather = Weather.FAIR
        self._has_swallowed = False
        self._writers = set()

    async def open(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def turn(self, weather):
        """Change the weather; whoever lost bytes meanwhile is hung up on."""
        self.weather = weather
        if weather is Weather.CUT or (weather is Weather.FAIR and self._has_swallowed):
            for writer in list(self._writers):
                writer.transport.abort()
        self._has_swallowed = False

    async def _serve(self, reader, writer):
        if self.weather is Weather.CUT:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.transport.abort()
            return
        pair = {writer, far_writer}
        self._writers |= pair
        try:
            await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer))
        finally:
            self._writers -= pair
            for one in pair:
                one.transport.abort()

    async def _carry(self, reader, writer):
        try:
            while chunk := await reader.read(_CHUNK):
                if self.weather is Weather.HOLE:
                    self._has_swallowed = True
                    continue
                if self.weather is Weather.SLOW:
                    await asyncio.sleep(_SLOW_DELAY_S + len(chunk) / _SLOW_BYTES_S)
                writer.write(chunk)
                await writer.drain()
        except OSError:
            pass
        writer.transport.abort()


class Proxy:
    """All ways, and the thread that serves them."""

    def __init__(self):
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def way_to(self, port):
        """Open a way; its `port` leads to the given one."""
        way = Way(port)
        asyncio.run_coroutine_threadsafe(way.open(), self._loop).result(5)
        return way

    def turn(self, way, weather):
        self._loop.call_soon_threadsafe(way.turn, weather)

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end(self):
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
