"""Every codec that is fuzzed: a line each, with whole messages to damage.

A codec that is missing here fails `test_every_codec_of_the_drivers_is_fuzzed`.
"""

import io
import struct
from contextlib import redirect_stderr, redirect_stdout

from drivers.cameras import (
    boson_codec,
    fslp_codec,
    genicam_codec,
    htpa_codec,
    lepton_codec,
    p2pro_codec,
    recording_codec,
)
from drivers.cameras.hikvision_alarms_codec import AlarmParser
from drivers.cameras.hikvision_codec import decode_device_info, decode_reply
from drivers.cameras.mcu90640_codec import Mcu90640Parser
from drivers.errors import DeviceDisconnected, OpenFailed
from drivers.line_parser import LineParser
from drivers.references import fluke418x_codec, hart913x_codec, lines, m340_codec
from drivers.room_sensors import modbus_room_codec
from drivers.thermometers import (
    calex_registers,
    health_thermometer_codec,
    optris_ct_codec,
    raytek_mi3_codec,
    taidoc_codec,
)
from drivers.thermometers.fefd_codec import FefdParser
from drivers.thermometers.gy_mcu90614_codec import Gy90614Parser
from drivers.thermometers.omega_os530e_codec import OmegaParser
from drivers.thermometers.wedge_codec import WedgeParser
from drivers.transport import modbus_codec
from station.core.cases import TrustClass
from tests.fuzz import messages
from tests.fuzz.engine import Codec, first, stream, whole


def hikvision(body):
    return decode_reply("multipart/form-data; boundary=boundary", body)


def recording(data):
    # The cptv library tells what it skips on the standard streams, a line a byte.
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return played(data)


def played(data):
    found = recording_codec.open_recording("fuzz", io.BytesIO(data))
    return tuple(found.pictures)


def raytek(line):
    value = raytek_mi3_codec.Address().value_of(line, "T")
    return value and raytek_mi3_codec.decode_temperature(value, is_fahrenheit=False)


def htpa_frame(datagrams):
    """Feed an 8x8 array's datagrams, cut where each should end."""
    assembler = htpa_codec.FrameAssembler(htpa_codec.array_named("8x8"))
    size = 262
    found = [assembler.feed(datagrams[at : at + size]) for at in range(0, len(datagrams), size)]
    return tuple(frame for frame in found if frame is not None)


def registers(data, count):
    return struct.unpack(f">{count}H", data[: 2 * count].ljust(2 * count, b"\0"))


def room(data):
    temperature, humidity = registers(data, 2)
    scale = modbus_room_codec.Scale()
    return (
        modbus_room_codec.decode_temperature(temperature, scale),
        modbus_room_codec.decode_humidity(humidity, scale),
    )


def block(codec_name, decode, valid):
    """A codec whose input is one whole block."""
    return Codec(codec_name, whole(decode), valid, is_stream=False)


BROKEN_FILE = (OpenFailed, DeviceDisconnected)
FLUKE = (
    fluke418x_codec.decode_identity,
    lines.decode_temperature,
    fluke418x_codec.decode_emissivity,
    fluke418x_codec.decode_flag,
    fluke418x_codec.decode_error,
)
TAIDOC = (
    lambda frame: taidoc_codec.decode_value(frame.data),
    lambda frame: taidoc_codec.decode_date(frame.data),
)
CODECS = (
    # Cameras.
    block("boson", lambda d: boson_codec.decode_pixels(d, is_telemetry_below=True), messages.BOSON),
    Codec("fslp", stream(fslp_codec.ReplyParser), messages.FSLP),
    block(
        "genicam",
        lambda data: genicam_codec.decode_pixels(data, (2, 3), genicam_codec.A_SERIES),
        messages.GENICAM,
    ),
    Codec("gy-mcu90640", stream(Mcu90640Parser), messages.GY_90640),
    block("hikvision", hikvision, messages.REPLIES),
    block("hikvision info", decode_device_info, (messages.DEVICE_INFO,)),
    # After an error its reader opens the stream anew, so that pieces may end differently.
    block("hikvision alarms", lambda d: tuple(AlarmParser("b").feed(d)), messages.ALARMS),
    block("htpa call", htpa_codec.decode_identity, messages.HTPA_CALL),
    block("htpa frame", htpa_frame, messages.HTPA_FRAME),
    block("lepton", lepton_codec.decode, messages.LEPTON),
    block("p2pro", lambda data: p2pro_codec.decode(p2pro_codec.raw_half(data)), messages.P2PRO),
    # recording_codec tells the formats apart; still_codec reads the last two.
    *(
        Codec(name, whole(recording), (data,), is_stream=False, errors=BROKEN_FILE)
        for name, data in messages.FILES.items()
    ),
    # Thermometers.
    block("calex", lambda d: calex_registers.decode_block(registers(d, 7)), messages.CALEX),
    Codec("fefd", stream(FefdParser), messages.FEFD),
    Codec("gy-mcu90614", stream(Gy90614Parser), messages.GY_90614),
    block(
        "health thermometer",
        lambda d: health_thermometer_codec.decode_measurement(d, TrustClass.FOREHEAD),
        messages.HEALTH,
    ),
    Codec("omega-os530e", stream(OmegaParser), messages.OMEGA),
    block(
        "optris-ct",
        lambda data: optris_ct_codec.decode_temperature(data[:2], is_hs=False),
        messages.OPTRIS,
    ),
    Codec("raytek-mi3", stream(LineParser, raytek), messages.RAYTEK),
    Codec("taidoc", stream(taidoc_codec.TaidocParser, *TAIDOC), messages.TAIDOC),
    Codec("keyboard wedge", stream(WedgeParser), messages.WEDGE),
    # Reference sources, room sensors, and what several share.
    Codec("fluke418x", stream(LineParser, *FLUKE), messages.SCPI),
    Codec(
        "hart913x",
        stream(LineParser, hart913x_codec.decode),
        messages.HART,
    ),
    Codec(
        "m340",
        stream(
            LineParser,
            lambda line: m340_codec.decode(line, 1),
        ),
        messages.M340,
    ),
    Codec(
        "modbus",
        first(lambda: modbus_codec.AnswerFinder(modbus_codec.read_request(1, 3, 0x0B, 7))),
        messages.MODBUS,
    ),
    block("modbus-room", room, messages.ROOM),
)
