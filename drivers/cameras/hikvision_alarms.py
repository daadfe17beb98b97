"""Listens to a Hikvision camera's own alarms. EXPERIMENTAL, and never part of screening.

What the camera calls a temperature here may already be corrected towards a body's. The screening
lane reads the surface matrix alone; this is for technicians who compare the two.
"""

import re
from collections import deque
from collections.abc import Iterator

from drivers import wire_tap
from drivers.cameras.hikvision_alarms_codec import AlarmParser, CameraAlarm
from drivers.errors import DeviceDisconnected, DeviceTimeout, OpenFailed, ProtocolError
from drivers.lean_httpx import httpx
from station.core.closing import Closable

_PATH = "/ISAPI/Event/notification/alertStream"
_CONNECT_TIMEOUT_S = 3.0
# The camera's heart-beats come far more often (protocol page: nothing for 30 s is a lost stream).
_SILENCE_S = 30.0
_UNAUTHORIZED = 401


class HikvisionAlarmStream(Closable):
    """The camera's alarms, in order, from now on.

    Args:
        url: such as `http://192.168.1.64`.
        user: account with the right to be told of alarms.
        password: its password.
        silence_s: after so many seconds without a byte the stream is lost.

    Raises:
        OpenFailed: if the camera cannot be reached or refuses.
        ProtocolError: if it answers with something else.
    """

    def __init__(
        self, *, url: str, user: str, password: str, silence_s: float = _SILENCE_S
    ) -> None:
        self._url = url.rstrip("/")
        self._waiting: deque[CameraAlarm] = deque()
        timeout = httpx.Timeout(_CONNECT_TIMEOUT_S, read=silence_s)
        self._client = httpx.Client(
            auth=httpx.DigestAuth(user, password), timeout=timeout, trust_env=False
        )
        try:
            request = self._client.build_request("GET", self._url + _PATH)
            self._response = self._client.send(request, stream=True)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            self._client.close()
            raise OpenFailed(
                f"The camera at {self._url} cannot be reached ({error}): check its power, cable "
                "and address."
            ) from error
        try:
            self._parser = AlarmParser(self._boundary(user))
        except BaseException:
            self.close()
            raise
        self._pieces: Iterator[bytes] = self._response.iter_bytes()

    def read(self) -> CameraAlarm:
        """Wait for the next alarm; heart-beats count as such.

        Raises:
            DeviceTimeout: if the camera says nothing for too long.
            DeviceDisconnected: if the stream ended.
            ProtocolError: if what came is no alarm; open a new stream then.
        """
        while not self._waiting:
            try:
                piece = next(self._pieces, None)
            except httpx.TimeoutException as error:
                raise DeviceTimeout(
                    f"The alarms of {self._url} have stopped: check its cable."
                ) from error
            except (httpx.HTTPError, httpx.StreamError) as error:
                raise self._ended() from error
            if piece is None:
                raise self._ended()
            wire_tap.heard(self._url, piece)
            self._waiting += self._parser.feed(piece)
        return self._waiting.popleft()

    def close(self) -> None:
        """Stop listening; safe to call twice."""
        self._response.close()
        self._client.close()

    def _boundary(self, user: str) -> str:
        if self._response.status_code == _UNAUTHORIZED:
            # No second try: too many wrong passwords lock the account.
            raise OpenFailed(
                f"The camera at {self._url} refuses user {user!r}: check the password."
            )
        kind = self._response.headers.get("Content-Type", "")
        boundary = re.search(r'boundary="?([^";\s]+)"?', kind)
        if not self._response.is_success or "multipart" not in kind or boundary is None:
            raise ProtocolError(
                f"{self._url} answers {self._response.status_code} {kind!r}: it tells no alarms"
            )
        return boundary[1]

    def _ended(self) -> DeviceDisconnected:
        return DeviceDisconnected(f"The camera at {self._url} ended its alarms: open them again.")
