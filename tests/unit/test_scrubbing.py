import pytest

from station.core.scrubbing import HIDDEN, is_secret_name, scrub


@pytest.mark.parametrize(
    "private",
    [
        "11010519491231002X",
        "110105194912310021",
        "110105491231002",
        "13800138000",
        "+86 138-0013-8000",
        "010-66778899",
        "E12345678",
        "EA1234567",
        "wang@example.com",
        "admin:hunter2",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----",
        "kX3w" * 11,
    ],
)
def test_numbers_of_people_addresses_and_keys_are_taken_out(private):
    line = f"before ://{private}@host after" if ":" in private[:7] else f"before {private} after"
    cleaned = scrub(line)
    assert private not in cleaned
    assert HIDDEN in cleaned
    assert cleaned.startswith("before")
    assert cleaned.endswith("after")


@pytest.mark.parametrize("line", ["password=hunter2", "PIN: 4711", "token = abc", "Secret:xyz"])
def test_what_is_written_beside_such_a_word_is_taken_out(line):
    assert scrub(line).endswith(HIDDEN)
    assert "hunter2" not in scrub(line)


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-25 21:30:11,123 WARNING camera-1: no picture for 2.0 s",
        "case 42: 38.5 °C at 1764106211.5",
        "frame 1380013 dropped, 192.168.1.64:8000",
        "/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0",
        "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "the pinhole and the tokenizer",
    ],
)
def test_what_helps_stays(line):
    assert scrub(line) == line


def test_secrets_and_names_of_staff_are_taken_out_wherever_they_stand():
    assert scrub("李伟 typed hunter2!", ["李伟", "hunter2"]) == "*** typed ***!"


def test_of_two_secrets_the_longer_one_is_taken_out_whole():
    assert scrub("hunter2-again", ["hunter2", "hunter2-again"]) == "***"


def test_one_chinese_character_stands_in_many_words_and_is_no_name():
    assert scrub("灰度已归一", ["归"]) == "灰度已归一"


def test_a_name_too_short_to_tell_anything_is_no_name():
    assert scrub("a case of camera-1", ["a", "of"]) == "a case of camera-1"


@pytest.mark.parametrize("name", ["password", "password_file", "api_token", "pin", "user"])
def test_settings_that_open_a_door_are_known_by_name(name):
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["port", "spinning", "camera_id", "pixel_lag_s"])
def test_others_are_not(name):
    assert not is_secret_name(name)
