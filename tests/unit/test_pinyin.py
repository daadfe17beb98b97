"""Letters become the characters of names, the likeliest first."""

import importlib.util
from importlib.resources import files

import pytest

from ui.pinyin import Candidate, Composing, characters


def first(letters: str, *, is_first: bool = True, count: int = 3) -> list[str]:
    found = characters().candidates(letters, is_first=is_first)
    return [one.text for one in found[:count]]


@pytest.mark.parametrize(
    ("letters", "texts"),
    [
        ("wang", ["王", "汪"]),
        ("z", ["张", "赵", "周"]),
        ("zeng", ["曾"]),
        ("lv", ["吕"]),
        ("ouyang", ["欧阳", "欧"]),
        ("ouy", ["欧阳"]),
    ],
)
def test_a_name_begins_with_its_surname_the_most_frequent_ones_first(
    letters: str, texts: list[str]
) -> None:
    assert first(letters, count=len(texts)) == texts


def test_after_the_surname_come_characters_of_given_names() -> None:
    assert first("wei", is_first=False) == ["伟", "玮", "薇"]
    assert first("wang", is_first=False)[0] == "旺"


def test_of_several_syllables_the_first_is_written_and_the_rest_waits() -> None:
    found = characters().candidates("zhangwei", is_first=True)[0]
    assert found == Candidate("张", len("zhang"))
    assert Composing("zhangwei").chosen(found) == Composing("wei")
    # First letters alone do as well.
    assert characters().candidates("zw", is_first=True)[0] == Candidate("张", 1)


def test_letters_that_are_no_sound_are_offered_as_they_are() -> None:
    assert characters().candidates("v", is_first=True) == (Candidate("V", 1),)


def test_every_character_of_modern_chinese_can_be_written() -> None:
    offered = {text for syllable in syllables() for text in first(syllable, count=999)}
    # The 6763 characters of GB 2312, all of which its machines could write.
    codes = ((high, low) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    common = {bytes(code).decode("gb2312", "ignore") for code in codes} - {""}
    assert len(common) == 6763
    # An interjection that is read without a vowel.
    assert common - offered == {"嗯"}


def test_pages_of_candidates_follow_each_other_in_a_circle() -> None:
    composing = Composing("wei").turned(2)
    assert composing.page == 1
    assert composing.turned(2).page == 0
    assert composing.pressed("N") == Composing("wein")
    assert composing.erased() == Composing("we")


@pytest.mark.skipif(
    not all(map(importlib.util.find_spec, ("pypinyin", "faker"))), reason="made from their data"
)
def test_the_table_is_the_one_that_its_sources_make() -> None:
    from tests.ui import hanzi  # noqa: PLC0415

    assert hanzi.table() == hanzi.FILE.read_text("utf-8")


def syllables() -> set[str]:
    lines = files("ui").joinpath("pinyin", "characters.txt").read_text("utf-8").splitlines()
    return {line.split("\t")[0] for line in lines if line[0] not in "#*"}
