"""Hikvision and HIKMICRO thermal cameras over ISAPI: one matrix a request."""

import time
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from drivers import wire_tap
from drivers.api import Capability, DeviceInfo, ThermalCamera
from drivers.cameras.hikvision_codec import HikvisionPicture, decode_device_info, decode_reply
from drivers.errors import DeviceDisconnected, DeviceTimeout, OpenFailed, ProtocolError
from drivers.lean_httpx import httpx
from station.core.frames import FrameStatus, Orientation, ThermalFrame

_CONNECT_TIMEOUT_S = 3.0
# The largest matrix (4 Mpx float32) with its pictures.
_MAX_BODY_BYTES = 32_000_000
_DEVICE_INFO_PATH = "/ISAPI/System/deviceInfo"
_UNAUTHORIZED = 401
_BUSY = 503


class HikvisionCamera(ThermalCamera):
    """Pulls surface-temperature matrices; never the camera's own "body temperature".

    Args:
        url: such as `http://192.168.1.64`.
        user: account with the right to fetch pictures.
        password: its password.
        channel: 1 on a thermal camera, 2 on a bi-spectrum one.
        camera_id: the camera's name in the settings.
        orientation: how its picture becomes upright.
        max_rate_hz: most requests a second.
        verify_tls: whether an https certificate is checked.
    """

    def __init__(
        self,
        *,
        url: str,
        user: str,
        password: str,
        channel: int = 1,
        camera_id: str = "camera",
        orientation: Orientation | str = Orientation.NONE,
        max_rate_hz: float = 9.0,
        verify_tls: bool = True,
    ) -> None:
        super().__init__()
        self._url = url.rstrip("/")
        self._auth = (user, password)
        self._channel = channel
        self._camera_id = camera_id
        self._orientation = Orientation(orientation)
        self._period_s = 1 / max_rate_hz
        self._verify_tls = verify_tls
        self._client: httpx.Client | None = None
        self._sequence = 0
        self._next_s = 0.0
        self._previous: NDArray[np.float32] | None = None

    def _open(self) -> DeviceInfo:
        try:
            self._client = httpx.Client(
                base_url=self._url,
                auth=httpx.DigestAuth(*self._auth),
                timeout=_CONNECT_TIMEOUT_S,
                verify=self._verify_tls,
                trust_env=False,
            )
            response, body = self._pull(self._client, _CONNECT_TIMEOUT_S)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise OpenFailed(
                f"The camera at {self._url} cannot be reached ({error}): check its power, cable "
                "and address."
            ) from error
        if response.status_code == _UNAUTHORIZED:
            # No second try: too many wrong passwords lock the account.
            raise OpenFailed(
                f"The camera at {self._url} refuses user {self._auth[0]!r}: check the password."
            )
        self._require_ok(response, body)
        decode_reply(response.headers.get("Content-Type", ""), body)
        model, serial_number = self._tell_apart(self._client)
        return DeviceInfo(
            "hikvision-isapi",
            model or "Hikvision ISAPI camera",
            serial_number,
            frozenset({Capability.SHUTTER_STATE}),
        )

    def _tell_apart(self, client: httpx.Client) -> tuple[str, str]:
        """Return model and serial number, empty where the account may not ask for them."""
        try:
            response = client.get(_DEVICE_INFO_PATH)
        except httpx.HTTPError:
            return "", ""
        return decode_device_info(response.content) if response.is_success else ("", "")

    def _close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
        self._previous = None

    @property
    def _path(self) -> str:
        return (
            f"/ISAPI/Thermal/channels/{self._channel}/thermometry/jpegPicWithAppendData?format=json"
        )

    def _read(self, timeout_s: float) -> ThermalFrame | None:
        if self._client is None:
            raise DeviceDisconnected("the camera is not open: call open() first")
        self._keep_pace()
        try:
            response, body = self._pull(self._client, timeout_s)
        except httpx.TimeoutException as error:
            raise DeviceTimeout(
                f"The camera at {self._url} did not answer within {timeout_s:g} s: check its cable."
            ) from error
        except httpx.HTTPError as error:
            raise DeviceDisconnected(
                f"The camera at {self._url} is gone ({error}): check its power and cable."
            ) from error
        # The camera's own clock may be wrong or without zone: the receipt counts.
        received_at, received_s = datetime.now(UTC), time.monotonic()
        if response.status_code == _UNAUTHORIZED:
            raise DeviceDisconnected(
                f"The camera at {self._url} no longer accepts the password: check the account."
            )
        self._require_ok(response, body)
        picture = decode_reply(response.headers.get("Content-Type", ""), body)
        return self._frame(picture, received_at, received_s)

    def _pull(self, client: httpx.Client, timeout_s: float) -> tuple[httpx.Response, bytes]:
        """Ask for one matrix; `timeout_s` limits the whole of it, however slowly it drips.

        Raises:
            httpx.HTTPError: if it does not come.
            ProtocolError: if it never ends, or the login is of an unknown kind.
        """
        until_s = time.monotonic() + timeout_s
        body = bytearray()
        try:
            with client.stream("GET", self._path, timeout=timeout_s) as response:
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > _MAX_BODY_BYTES:
                        raise ProtocolError("the reply is larger than any matrix", bytes(body[:32]))
                    if time.monotonic() > until_s:
                        raise httpx.ReadTimeout("the reply drips", request=response.request)
        except (KeyError, ValueError, NotImplementedError) as error:
            # httpx 0.28 raises these bare for a login header that it does not know.
            raise ProtocolError(f"{self._url} asks for an unknown kind of login") from error
        wire_tap.sent(self._url, f"GET {self._path}".encode())
        wire_tap.heard(self._url, bytes(body))
        return response, bytes(body)

    def _keep_pace(self) -> None:
        now_s = time.monotonic()
        time.sleep(max(0.0, self._next_s - now_s))
        self._next_s = max(self._next_s, now_s) + self._period_s

    def _frame(
        self, picture: HikvisionPicture, received_at: datetime, received_s: float
    ) -> ThermalFrame:
        matrix = picture.temperature_c
        status = FrameStatus.LIVE
        if picture.is_frozen:
            status = FrameStatus.SHUTTER
        elif self._previous is not None and np.array_equal(matrix, self._previous):
            # Sensor noise never repeats: the same picture twice is an old picture.
            status = FrameStatus.STALE
        self._previous = matrix
        frame = ThermalFrame(
            temperature_c=self._orientation.upright(matrix),
            sequence=self._sequence,
            captured_at=received_at,
            monotonic_s=received_s,
            camera_id=self._camera_id,
            status=status,
        )
        self._sequence += 1
        return frame

    def _require_ok(self, response: httpx.Response, body: bytes) -> None:
        if response.status_code == _BUSY:
            raise DeviceTimeout(f"The camera at {self._url} is busy: close other clients.")
        if not response.is_success:
            raise ProtocolError(
                f"{self._url} answers {response.status_code}: it is no thermal camera, or its "
                f"channel is not {self._channel}",
                body,
            )
