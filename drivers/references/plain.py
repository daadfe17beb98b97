"""What plain sources share: labelled answers, no checksum, no stability flag, no switch."""

import time
from abc import abstractmethod

from drivers.api import ReferenceSource, SourceState
from drivers.errors import DeviceError, ProtocolError
from drivers.references.conversation import Conversation
from drivers.references.lines import Quantity
from drivers.references.settling import Settling

_OPEN_TIMEOUT_S = 2.0


# A line without a checksum is believed when it says what was known, or says it twice.
_NEWS_C = {Quantity.TEMPERATURE: 0.1, Quantity.SET_POINT: 0.001}


class PlainSource(ReferenceSource):
    """A source that heats whenever it has power; subclasses know its words.

    Its answers say what they answer, so that late, doubled and unsolicited ones do no harm. It
    tells no stability: it is stable when it has kept to its set point for a minute.
    """

    def __init__(self, line: Conversation) -> None:
        super().__init__()
        self._line = line
        self._known_c: dict[Quantity, float] = {}
        self._settling = Settling()

    def _probe(self) -> None:
        """Make sure that the device speaks this protocol.

        Raises:
            ProtocolError, DeviceTimeout: if it does not.
        """
        self._known_c = {}
        self._settling = Settling()
        self._ask_surely(Quantity.SET_POINT, time.monotonic() + _OPEN_TIMEOUT_S)

    def _close(self) -> None:
        self._line.close()

    def _read(self, timeout_s: float) -> SourceState:
        until_s = time.monotonic() + timeout_s
        temperature_c = self._ask_surely(Quantity.TEMPERATURE, until_s)
        set_point_c = self._ask_surely(Quantity.SET_POINT, until_s)
        is_stable = self._settling.take(time.monotonic(), temperature_c, set_point_c)
        return SourceState(temperature_c, set_point_c, is_stable, is_heating=True)

    def _change_set_point(self, to_c: float, timeout_s: float) -> None:
        until_s = time.monotonic() + timeout_s
        for command in self._set_commands(to_c):
            self._line.tell(command)
        taken_c = self._ask_surely(Quantity.SET_POINT, until_s)
        if abs(taken_c - to_c) > _NEWS_C[Quantity.SET_POINT]:
            raise DeviceError(
                f"The reference source was set to {to_c:.2f} °C and stays at {taken_c:.2f} °C: "
                "check its limits and its panel."
            )

    def _stop_heating(self, timeout_s: float) -> None:
        raise DeviceError(
            "The reference source cannot be switched off over its wire: switch it off at its panel."
        )

    def _ask_surely(self, quantity: Quantity, until_s: float) -> float:
        """Return a value that was known already, or that two answers in a row agree on, °C."""
        told_c, news_c = self._ask(quantity, until_s), _NEWS_C[quantity]
        known_c = self._known_c.get(quantity)
        if known_c is None or abs(told_c - known_c) > news_c:
            again_c = self._ask(quantity, until_s)
            if abs(again_c - told_c) > news_c:
                raise ProtocolError(
                    f"the reference source's {quantity} was {told_c:.2f} °C and then "
                    f"{again_c:.2f} °C: check its cable"
                )
            told_c = again_c
        self._known_c[quantity] = told_c
        return told_c

    def _ask(self, quantity: Quantity, until_s: float) -> float:
        self._line.ask(self._query(quantity), until_s)
        while (line := self._line.next_line(until_s)) is not None:
            answer = self._decode(line)
            if answer is not None and answer[0] is quantity:
                return answer[1]
        raise self._line.no_answer()

    @abstractmethod
    def _query(self, quantity: Quantity) -> bytes:
        """Return the bytes that ask for it."""

    @abstractmethod
    def _decode(self, line: bytes) -> tuple[Quantity, float] | None:
        """Return what a line says, °C, or None if it is an echo or meant for others.

        Raises:
            ProtocolError: if it is another device's, or torn.
        """

    @abstractmethod
    def _set_commands(self, to_c: float) -> tuple[bytes, ...]:
        """Return the commands that change the set point, °C."""
