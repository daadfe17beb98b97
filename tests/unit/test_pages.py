"""The pages name only what exists, and name all that their readers must know of."""

import argparse
import dataclasses
import re
import tomllib
import typing
from pathlib import Path

import pytest

from config.settings import Settings
from drivers.registry import BUILT_IN
from station.__main__ import build_parser

ROOT = Path(__file__).parents[2]
PAGES = [
    "README.md",
    "ui/README.md",
    "station/service/README.md",
    "station/cdc/README.md",
    "station/evaluation/README.md",
    "drivers/WRITING_A_DRIVER.md",
    "simulators/WRITING_A_SIMULATOR.md",
    ".github/CONTRIBUTING.md",
]
# Tables of the inbox's settings and of a hub's file.
OTHER_FILES = {"contacts", "devices"}
PACKAGES = "station|drivers|ui|config|simulators|tests"


def text_of(page):
    return (ROOT / page).read_text("utf-8")


def code_in(page):
    """Every indented or fenced block, line by line, and every word in backticks."""
    text = re.sub(r"\\\n\s*", "", text_of(page))
    lines = [line for line in text.splitlines() if line.startswith("    ")]
    for fenced in re.findall(r"```.*?\n(.*?)```", text, re.DOTALL):
        lines += fenced.splitlines()
    inline = re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return [line.split(" # ")[0].strip() for line in lines + [" ".join(i.split()) for i in inline]]


def words_after(command, page):
    """The words that follow a command, for each place that names it."""
    for line in code_in(page):
        for _, rest in re.findall(rf"(^|[ /]){command}((?: [^`]*)?)$", line):
            yield line, re.sub(r"[\[\]]|\.\.\.", " ", rest).split()


def choices_of(parser):
    actions = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return actions[0].choices if actions else {}


@pytest.fixture(scope="module")
def whole_parser():
    return build_parser()


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files(page):
    places = re.findall(r"\]\(([^)#]+)[^)]*\)", text_of(page))
    local = [place for place in places if not place.startswith("http")]
    assert [place for place in local if not (ROOT / page).parent.joinpath(place).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_paths_exist(page):
    named = re.findall(rf"(?<![\w./-])((?:{PACKAGES})/[\w./*<>-]+)", text_of(page))
    looked_for = [re.sub(r"<\w+>", "*", path).rstrip(".") for path in named]
    assert [path for path in looked_for if not list(ROOT.glob(path))] == []


@pytest.mark.parametrize("page", PAGES)
def test_commands_and_their_options_exist(page, whole_parser):
    for line, words in words_after("fever-station", page):
        parsers = [whole_parser]
        for word in words:
            if word.startswith("--"):
                option = word.partition("=")[0]
                assert all(option in parser._option_string_actions for parser in parsers), line
            elif choices := choices_of(parsers[0]):
                assert all(name in choices for name in word.split("|")), line
                parsers = [choices[name] for name in word.split("|")]


@pytest.mark.parametrize("page", PAGES)
def test_modules_that_are_run_exist_with_their_options(page):
    for line, (module, *words) in words_after("python -m", page):
        found = ROOT.joinpath(*module.split("."))
        folder = found if found.is_dir() else found.parent
        assert (found / "__main__.py").exists() or found.with_suffix(".py").exists(), line
        text = '"--help"' + "".join(file.read_text("utf-8") for file in folder.glob("*.py"))
        assert [word for word in words if word[:2] == "--" and f'"{word}"' not in text] == [], line


@pytest.mark.parametrize("page", PAGES)
def test_make_knows_what_is_made(page):
    targets = re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE)
    assert [words[0] for _, words in words_after("make", page) if words[0] not in targets] == []


def keys_of(kind):
    """The keys of a table of the site file, or of each table of a list of them."""
    inner = next((a for a in typing.get_args(kind) if dataclasses.is_dataclass(a)), kind)
    return typing.get_type_hints(inner) if dataclasses.is_dataclass(inner) else {}


@pytest.mark.parametrize("page", PAGES)
def test_settings_exist(page):
    sections = keys_of(Settings)
    for line in code_in(page):
        for name, key in re.findall(r"^\[{1,2}([a-z_]+)\]{1,2}\.? ?(\w*)", line):
            assert name in {*sections, *OTHER_FILES}, line
            assert not key or key in keys_of(sections[name]), line


def test_each_dependency_has_its_reason():
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    extras = project["optional-dependencies"].values()
    needed = [*project["dependencies"], *(one for extra in extras for one in extra)]
    names = {re.split(r"[\[<>=!]", one)[0].lower() for one in needed}
    table = text_of("README.md").partition("## Dependencies")[2].partition("\n## ")[0]
    told = table.lower().replace(".", "-")
    assert sorted(name for name in names if not re.search(rf"\b{name}\b", told)) == []


def test_each_driver_stands_in_the_technicians_tables():
    rows = re.findall(r"^\| (`.+?) \|", text_of("station/service/README.md"), re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
    assert told == {entry.name for entry in BUILT_IN}
