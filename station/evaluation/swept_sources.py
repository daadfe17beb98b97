"""The source that is swept: one on a wire, or one that a technician sets by hand."""

import time
from collections.abc import Callable
from typing import Protocol

from drivers.api import DeviceInfo, ReferenceSource, SetPointChange, SourceState
from drivers.errors import DeviceDisconnected, DeviceError
from station.core.errors import KnownError

Look = Callable[[], object]
"""Takes one frame of the camera in, so that both sources stay followed while one waits."""

_READ_TIMEOUT_S = 2.0
_POLL_S = 0.25
_REOPEN_WAIT_S = 0.5
# As the protocol page asks beside the source's own flag: this near for a whole dwell.
_SETTLED_C = 0.1
_SAME_C = 0.011
_FEWEST_POLLS = 2
# A typed value further from the target than this is a slip of the finger (chosen).
_TYPED_WITHIN_C = 1.0


class SweptSource(Protocol):
    """A source whose temperature can be brought to a target."""

    @property
    def description(self) -> str:
        """What it is, for the certificate."""
        ...

    def settle(self, target_c: float, look: Look) -> str | None:
        """Bring it to a target, °C, and wait; return why it is not there, or None."""
        ...

    def read_c(self) -> float:
        """Return the temperature that it has by its own account, °C.

        Raises:
            DeviceError: if it does not tell.
        """
        ...

    def finish(self) -> str | None:
        """Leave it as it was found; return why that failed, or None."""
        ...


class WiredSource:
    """A source on a wire. Its set point changes only inside the sweep that was confirmed.

    Args:
        source: the closed driver.
        confirm: asks for the first change; the others lie in the sweep that it speaks of.
        dwell_s: how long it must keep its temperature.
        patience_s: the longest wait for a target.
    """

    def __init__(
        self,
        source: ReferenceSource,
        confirm: Callable[[DeviceInfo, SetPointChange], bool],
        *,
        dwell_s: float,
        patience_s: float,
    ) -> None:
        self._source = source
        self._confirm = confirm
        self._dwell_s = dwell_s
        self._patience_s = patience_s
        self._info = source.open()
        self._found: SetPointChange | None = None

    @property
    def description(self) -> str:
        """Maker, model and serial number."""
        return f"{self._info.model}, serial {self._info.serial_number or 'not told'}"

    @property
    def emissivity(self) -> float | None:
        """The emissivity that its temperature is told for, if it tells."""
        return self._source.emissivity

    def settle(self, target_c: float, look: Look) -> str | None:
        """Set it and wait until it has kept its temperature for the dwell.

        Raises:
            KnownError: if nobody confirms that it may be changed.
            DeviceError: if it is gone, or does not take the set point.
        """
        self._reach()
        if not self._source.change_set_point(target_c, self._agree, _READ_TIMEOUT_S):
            raise KnownError(
                "The source's set point was not confirmed, and nothing was changed: answer yes, "
                "or name --yes."
            )
        return self._wait(target_c, look)

    def _agree(self, change: SetPointChange) -> bool:
        if self._found is None:
            if not self._confirm(self._info, change):
                return False
            self._found = change
        return True

    def _wait(self, target_c: float, look: Look) -> str | None:
        begun_s = time.monotonic()
        near_since_s, near_polls = begun_s, 0
        next_s = begun_s
        while (now_s := time.monotonic()) - begun_s < self._patience_s:
            if now_s < next_s:
                look()
                continue
            next_s = now_s + min(_POLL_S, self._dwell_s / 4)
            state = self._read()
            if state.fault:
                return f"the source complains: {state.fault}"
            if abs(state.set_point_c - target_c) > _SAME_C:
                return (
                    f"the source's set point was changed at its panel to {state.set_point_c:.2f} °C"
                )
            if not (state.is_stable and abs(state.temperature_c - target_c) < _SETTLED_C):
                near_since_s, near_polls = now_s, 0
                continue
            near_polls += 1
            if near_polls >= _FEWEST_POLLS and now_s - near_since_s >= self._dwell_s:
                return None
        return (
            f"the source has not settled within {self._patience_s:g} s: keep drafts away, or wait "
            "longer with --settle"
        )

    def read_c(self) -> float:
        """Return its own reading, °C."""
        return self._read().temperature_c

    def finish(self) -> str | None:
        """Give it back its set point and output, and close it."""
        found = self._found
        try:
            if found is not None:
                self._reach()
                self._set_back(found)
        except DeviceError as error:
            return f"The source could not be set back: switch it off by hand. ({error})"
        finally:
            self._source.close()
        return None

    def _set_back(self, found: SetPointChange) -> None:
        """Undo what was confirmed; the output goes off even if the set point does not go back."""
        try:
            low_c, high_c = self._source.SETTABLE_C
            if low_c <= found.from_c <= high_c:
                # Going back was part of what was confirmed.
                self._source.change_set_point(found.from_c, lambda _: True, _READ_TIMEOUT_S)
        finally:
            if found.starts_heating:
                self._source.stop_heating(_READ_TIMEOUT_S)

    def _read(self) -> SourceState:
        """Read it, and once more after opening it again if its plug was out for a moment."""
        try:
            return self._source.read(_READ_TIMEOUT_S)
        except DeviceError:
            self._source.close()
            time.sleep(_REOPEN_WAIT_S)
        self._reach()
        return self._source.read(_READ_TIMEOUT_S)

    def _reach(self) -> None:
        """Open it if it is not.

        Raises:
            DeviceDisconnected: if another device answers now.
        """
        if self._source.is_open:
            return
        info = self._source.open()
        if (info.model, info.serial_number) != (self._info.model, self._info.serial_number):
            self._source.close()
            raise DeviceDisconnected(
                f"Another source answers ({info.model}, {info.serial_number}): plug "
                f"{self.description} in again."
            )


class ManualSource:
    """A source without a wire: somebody sets each temperature and says when it is steady.

    Args:
        ask: shows a question and returns the answer's line, or None when nobody answers any more.
    """

    def __init__(self, ask: Callable[[str], str | None]) -> None:
        self._ask = ask
        self._temperature_c: float | None = None
        self._is_deserted = False

    @property
    def description(self) -> str:
        """Says that a person set it."""
        return "set by hand, its temperature as the technician says"

    def settle(self, target_c: float, look: Look) -> str | None:
        """Ask for the temperature and wait for the answer."""
        question = (
            f"Set the source to {target_c:.2f} °C and wait until it is steady. Enter: it shows "
            "that; a number: it shows this; s: leave the step out: "
        )
        while not self._is_deserted:
            answer = self._ask(question)
            if answer is None:
                self._is_deserted = True
                break
            text = answer.strip().lower().replace(",", ".")
            if text == "s":
                return "the technician left it out"
            try:
                typed_c = float(text) if text else target_c
            except ValueError:
                question = f"{answer.strip()!r} is no temperature. Enter, a number, or s: "
                continue
            if abs(typed_c - target_c) <= _TYPED_WITHIN_C:
                self._temperature_c = typed_c
                return None
            question = (
                f"{typed_c:g} °C is more than {_TYPED_WITHIN_C:g} °C from {target_c:.2f} °C. "
                "Enter, a number, or s: "
            )
        return "nobody said that the source is set"

    def read_c(self) -> float:
        """Return what the technician said, °C.

        Raises:
            ValueError: if no temperature was said yet.
        """
        if self._temperature_c is None:
            raise ValueError("settle() comes first")
        return self._temperature_c

    def finish(self) -> str | None:
        """Nothing is left to do."""
        return None
