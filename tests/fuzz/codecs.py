"""Every codec that is fuzzed: a line each, with whole messages to damage.

A codec that is missing here fails `test_every_codec_of_the_drivers_is_fuzzed`.
"""

import io
from contextlib import redirect_stderr, redirect_stdout

from drivers.cameras import recording_codec
from drivers.cameras.hikvision_alarms_codec import AlarmParser
from drivers.cameras.hikvision_codec import decode_device_info, decode_reply
from drivers.errors import DeviceDisconnected, OpenFailed
from drivers.references import fluke418x_codec
from drivers.thermometers.fefd_codec import FefdParser
from tests.fuzz import messages
from tests.fuzz.engine import Codec, stream, whole


def hikvision(body):
    return decode_reply("multipart/form-data; boundary=boundary", body)


def recording(data):
    # The cptv library tells what it skips on the standard streams, a line a byte.
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return played(data)


def played(data):
    found = recording_codec.open_recording("fuzz", io.BytesIO(data))
    return tuple(found.pictures)


BROKEN_FILE = (OpenFailed, DeviceDisconnected)
SCPI_DECODERS = (
    fluke418x_codec.decode_identity,
    fluke418x_codec.decode_temperature,
    fluke418x_codec.decode_emissivity,
    fluke418x_codec.decode_flag,
    fluke418x_codec.decode_error,
)
CODECS = (
    Codec("fefd", stream(FefdParser), messages.FEFD),
    Codec("fluke418x", stream(fluke418x_codec.LineParser, *SCPI_DECODERS), messages.SCPI),
    Codec("hikvision", whole(hikvision), messages.REPLIES, is_stream=False),
    Codec("hikvision info", whole(decode_device_info), (messages.DEVICE_INFO,), is_stream=False),
    # After an error its reader opens the stream anew, so that pieces may end differently.
    Codec("hikvision alarms", stream(lambda: AlarmParser("b")), messages.ALARMS, is_stream=False),
    # recording_codec tells the formats apart; still_codec reads the last two.
    *(
        Codec(name, whole(recording), (data,), is_stream=False, errors=BROKEN_FILE)
        for name, data in messages.FILES.items()
    ),
)
