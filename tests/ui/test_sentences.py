"""Every sentence of the station that a kiosk can show has its Chinese, and is found when said."""

import re
import tomllib
from importlib.resources import files
from string import Formatter

import pytest

from tests.ui.sentences import refusals, sentences
from ui.language import Language
from ui.sentences import catalogue, in_chinese
from ui.texts import say_station

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_COMMAND = re.compile(r"fever-station( \S+)+")


def test_every_sentence_of_the_station_has_its_chinese_and_no_other_stands_there() -> None:
    said, known = set(sentences()), set(catalogue()["sentences"])
    assert said - known == set(), "say these in ui/i18n/station_zh.toml too"
    assert known - said == set(), "the station does not say these any more"


def test_every_refusal_of_simulated_devices_has_its_chinese_and_no_other_stands_there() -> None:
    assert refusals() == set(catalogue()["simulators"])


def test_each_sentence_stands_under_the_file_that_says_it() -> None:
    place, places = "", {}
    for line in files("ui").joinpath("i18n", "station_zh.toml").read_text("utf-8").split("\n"):
        place = line[2:] if line.startswith("# ") else place
        if line.startswith('"'):
            places |= dict.fromkeys(tomllib.loads(line), place)
    for english, said_by in sentences().items():
        assert said_by == places[english] or said_by.startswith(f"{places[english]}/"), english


def test_every_sentence_is_found_again_with_whatever_is_filled_in() -> None:
    for part in catalogue().values():
        for english, chinese in part.items():
            assert _places(english) == _places(chinese), english
            assert _CHINESE.search(chinese) or _COMMAND.fullmatch(chinese), english
            filled = [f"/dev/thing-{number}" for number in range(len(_places(english)))]
            assert in_chinese(english.format(*filled)) == chinese.format(*filled)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "The port /dev/ttyUSB0 is gone ([Errno 5] Input/output error): plug it in again.",
            "端口 /dev/ttyUSB0 已断开（读写错误（错误号 5））：请重新插上。",
        ),
        (
            "site.toml, line 4: 'link.port' must be a whole number, not 'abc'\n"
            "site.toml: there is no setting 'rom': did you mean 'room'?",
            "site.toml 第 4 行：'link.port' 须为整数，而不是 'abc'\n"
            "site.toml：没有 'rom' 这项设置：是否想写 'room'？",
        ),
        (
            "The room was not set: the humidity must be 1 to 100 %, not 200. "
            "Measure and set it again.",
            "室内条件未设定：湿度须为 1 至 100 %，而不是 200。请测量后重新设定。",
        ),
        (
            "The broker at cdc:8883 refuses our certificate: it was revoked: enrol this name anew "
            "if that is right. Alerts wait on this station's disk.",
            "cdc:8883 处的消息服务器拒绝我方证书：证书已被吊销：若无误，请为此名称重新登记。"
            "预警留在本站磁盘上等待。",
        ),
        (
            "The simulators refuse: this device knows no fault 'busy': use one of silent, slow.",
            "模拟器拒绝：此设备没有故障 'busy'：请用 silent, slow 之一。",
        ),
        (
            "this is no M340: choose another port, address or driver (received: 00 1f)",
            "这不是 M340：请选择另一端口、地址或驱动（收到：00 1f）",
        ),
    ],
)
def test_sentences_put_together_by_the_station_are_told_part_by_part(said: str, told: str) -> None:
    assert in_chinese(said) == told


def test_what_is_not_known_is_told_as_it_was_said() -> None:
    for text in ("Segfault in libfoo: 42", "", "12", "site.toml:12"):
        assert in_chinese(text) == text


def test_sentences_follow_the_kiosks_language() -> None:
    said = "Another export is being written: wait, or cancel it."
    language = Language("zh")
    assert say_station(said) == "正在写另一份导出：请等待，或取消它。"
    language.switch()
    assert say_station(said) == said


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
