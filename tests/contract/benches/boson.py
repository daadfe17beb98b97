"""A FLIR Boson on two wires: video over TCP, control on a pseudo-terminal."""

from tests.contract.benches.base import PictureBench


class BosonBench(PictureBench):
    name = "boson"
    shape = (256, 320)
    # Of nine pictures a second.
    step_s = 0.2

    cannot = {
        "Fahrenheit": "its pixels are kelvin whatever else is set",
        "clock": "it tells no time that the driver reads",
    }
