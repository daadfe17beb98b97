"""The Boson's control line: one request at a time, with or without waiting for its reply."""

import time
from dataclasses import dataclass
from typing import Final

from drivers.cameras import fslp_codec as codec
from drivers.cameras.fslp_codec import Function, ReturnCode
from drivers.errors import DeviceError, DeviceTimeout, OpenFailed, ProtocolError
from drivers.transport.serial_port import SerialTransport

_BAUD = 921_600
_CHUNK = 4096
ANSWER_S: Final = 1.0
"""How long a reply may take, s."""
# Longer than the two seconds for which a shutter correction may keep the camera from answering.
_DEAF_S = 2.5
_BOOT_S = 10.0
_AGAIN_S = 0.2
_LATER = (ReturnCode.NOT_READY, ReturnCode.BUSY)


class RequestRefused(DeviceError):
    """The camera answered a request with another return code than OK.

    Attributes:
        code: the code.
    """

    def __init__(self, function: Function, code: int) -> None:
        known = [item.name.lower().replace("_", " ") for item in ReturnCode if item == code]
        why = known[0] if known else "unknown reason"
        asked = function.name.lower().replace("_", " ")
        super().__init__(
            f"The camera refuses {asked!r} (code {code:X}: {why}): power it off and on; if it "
            "stays so, its firmware does not fit this driver."
        )
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply to a request that nobody waited for."""

    function: Function
    """What was asked."""
    payload: bytes
    """The answer."""
    asked_s: float
    """When it was asked, on a clock that never jumps, s: the answer is no older."""


class FslpLink:
    """The control line.

    Args:
        port: serial device or URL.

    Raises:
        OpenFailed: if the port cannot be opened.
    """

    def __init__(self, port: str) -> None:
        self._port = port
        self._serial = SerialTransport(port, _BAUD)
        self._parser = codec.ReplyParser()
        self._sequence = 0
        self._asked: tuple[Function, float] | None = None
        self._refusal: RequestRefused | None = None
        self.unanswered_count = 0
        """Requests in a row to which no answer came, or a refusal."""

    def close(self) -> None:
        """Release the port; safe to call twice."""
        self._serial.close()

    def ask(self, function: Function, payload: bytes = b"") -> bytes:
        """Ask, wait for the answer, and return it; a camera that is starting is waited for.

        Raises:
            RequestRefused: if the camera refuses.
            OpenFailed: if it has still not started after ten seconds.
            DeviceTimeout: if it does not answer.
            ProtocolError: if something else does.
            DeviceDisconnected: if the port is gone.
        """
        until_s = time.monotonic() + _BOOT_S
        while True:
            reply = self._exchange(function, payload)
            if reply.code == ReturnCode.OK:
                return reply.payload
            if reply.code not in _LATER:
                raise RequestRefused(function, reply.code)
            if time.monotonic() > until_s:
                raise OpenFailed(
                    f"The camera at {self._port} has not started after {_BOOT_S:g} s (code "
                    f"{reply.code:X}): power it off and on."
                )
            time.sleep(_AGAIN_S)

    def begin(self, function: Function, payload: bytes = b"") -> None:
        """Ask without waiting; the request before is given up.

        Raises:
            DeviceDisconnected: if the port is gone.
        """
        if self._asked is not None:
            self._refusal = None
            self.unanswered_count += 1
        self._send(function, payload)

    @property
    def is_waiting(self) -> bool:
        """Whether a reply may still come."""
        return self._asked is not None and time.monotonic() < self._asked[1] + ANSWER_S

    def finish(self) -> Answer | None:
        """Return the answer to what was begun, if it has come; takes no time.

        Raises:
            DeviceDisconnected: if the port is gone.
        """
        asked = self._asked
        reply = self._next_reply(0)
        if asked is None or reply is None:
            return None
        if reply.code != ReturnCode.OK:
            self._refusal = RequestRefused(asked[0], reply.code)
            self.unanswered_count += 1
            return None
        self.unanswered_count = 0
        return Answer(asked[0], reply.payload, asked[1])

    def trouble(self) -> DeviceError:
        """Return the error for requests that stay without answer."""
        if self._refusal is not None:
            return self._refusal
        if self._parser.foreign:
            return ProtocolError(
                f"{self._port} is no Boson's control line: choose another port",
                self._parser.foreign,
            )
        return DeviceTimeout(
            f"The camera's control line {self._port} does not answer: check its cable, or power "
            "the camera off and on."
        )

    def _exchange(self, function: Function, payload: bytes) -> codec.Reply:
        self._send(function, payload)
        self._refusal = None
        begun_s = time.monotonic()
        while True:
            limit_s = ANSWER_S if self._parser.foreign else _DEAF_S
            left_s = begun_s + limit_s - time.monotonic()
            if left_s <= 0:
                raise self.trouble()
            # A foreign byte shortens the wait, so it must be noticed soon.
            if (reply := self._next_reply(min(left_s, _AGAIN_S))) is not None:
                return reply

    def _send(self, function: Function, payload: bytes) -> None:
        self._sequence += 1
        self._asked = function, time.monotonic()
        self._serial.write(codec.encode_request(self._sequence, function, payload))

    def _next_reply(self, timeout_s: float) -> codec.Reply | None:
        """Return the reply to the last request, if it comes; older ones are thrown away."""
        for reply in self._parser.feed(self._serial.read(_CHUNK, timeout_s)):
            if self._asked and (reply.sequence, reply.function) == (self._sequence, self._asked[0]):
                self._asked = None
                return reply
        return None
