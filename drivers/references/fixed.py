"""A reference source without a wire: what is known of it is what somebody wrote down."""

from drivers.api import DeviceInfo, ReferenceSource, SourceState
from drivers.errors import DeviceError


class FixedSource(ReferenceSource):
    """Repeats the set point of the settings; it hears and changes nothing.

    It counts as stable and heating because nobody can tell otherwise: only the camera's view of it
    does. It lacks `Capability.OWN_TEMPERATURE` for the same reason.

    Args:
        set_point_c: what somebody set it to at its panel, °C.
        model: what stands on its plate, for staff.
        device_id: the device's name in the settings.

    Raises:
        ValueError: if the set point lies outside `SETTABLE_C`.
    """

    def __init__(
        self, *, set_point_c: float, model: str = "without a wire", device_id: str = "source"
    ) -> None:
        super().__init__()
        low_c, high_c = self.SETTABLE_C
        if not low_c <= set_point_c <= high_c:
            raise ValueError(f"set_point_c must lie within {low_c:g} to {high_c:g} °C")
        self._set_point_c = float(set_point_c)
        self._model = model

    def _open(self) -> DeviceInfo:
        return DeviceInfo("fixed", self._model, "")

    def _close(self) -> None:
        pass

    def _read(self, timeout_s: float) -> SourceState:
        return SourceState(self._set_point_c, self._set_point_c, is_stable=True, is_heating=True)

    def _change_set_point(self, to_c: float, timeout_s: float) -> None:
        raise DeviceError(
            f"This reference source has no wire: set it to {to_c:.2f} °C at its panel, and write "
            "that into the site file."
        )

    def _stop_heating(self, timeout_s: float) -> None:
        raise DeviceError("This reference source has no wire: switch it off at its panel.")
