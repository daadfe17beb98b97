"""A FLIR Boson on two wires: video over TCP, control on a pseudo-terminal."""

from tests.contract.video_bench import VideoBench


class BosonBench(VideoBench):
    name = "boson"
    # Of nine pictures a second.
    step_s = 0.2
    rounding_c = 0.0055

    cannot = {
        "Fahrenheit": "its pixels are kelvin whatever else is set",
        "clock": "it tells no time that the driver reads",
    }
