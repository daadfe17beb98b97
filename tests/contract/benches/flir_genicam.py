"""A FLIR camera on GenICam behind a stand-in for its producer."""

from tests.contract.video_bench import VideoBench


class FlirGenicamBench(VideoBench):
    name = "flir-genicam"
    simulator = {"rows": 60, "columns": 80}
    rounding_c = 0.0055

    cannot = {
        "bit flip": "the producer checks each packet",
        "false header": "the producer gives whole buffers",
        "interleaved reply": "nodes and buffers come apart",
        "Fahrenheit": "its pixels are kelvin whatever else is set",
        "clock": "the driver reads no time of the camera",
    }

    def stay(self, address):
        names = {"source": "port", "nodes": "node_port"}
        return {names[key]: int(at.rpartition(":")[2]) for key, at in address.items()}
