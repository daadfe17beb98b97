"""Bytes of devices that speak in lines of text, to lines; without I/O."""

# No device here says so much in one line.
_LONGEST_LINE = 200


class LineParser:
    """Takes bytes in any chunking and returns the lines; the chunking changes nothing."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._is_cut = False

    @property
    def rest(self) -> bytes:
        """What has come since the last end of a line."""
        return bytes(self._line)

    def feed(self, data: bytes) -> list[bytes]:
        """Return each whole line, without its CR or LF; empty lines are left out.

        Of a line that is too long the beginning comes at once, for the decoders to refuse: raised
        here, the error would cost the lines that came with it. Its tail is dropped: it could look
        like an answer.
        """
        lines = []
        for byte in data:
            if byte in b"\r\n":
                if self._line:
                    lines.append(bytes(self._line))
                self._line.clear()
                self._is_cut = False
            elif not self._is_cut:
                self._line.append(byte)
                if len(self._line) > _LONGEST_LINE:
                    lines.append(bytes(self._line))
                    self._line.clear()
                    self._is_cut = True
        return lines
