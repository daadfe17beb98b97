"""Why messages were set aside, and what keeps them from coming, is said in the page's language."""

import ast
import inspect
import re

import pytest

from station.cdc import connection, database, receiver, trust
from station.cdc.inbox.reasons import REASONS, say_reason
from station.cdc.inbox.troubles import TROUBLES
from station.cdc.inbox.visit import LANGUAGE_COOKIE
from station.cdc.inbox.words import Language
from station.reporting import payload, signing

# What only a station, or a file at the start, is told.
NEVER_SET_ASIDE = (
    "The message cannot be sent",
    "The message is not signed with a key of the CDC.",
    "The message has a newer version.",
    "The message has version {}.",
    "This is no registry",
    "These are not the CDC's keys",
)
ERRORS = ("SignatureError", "PayloadError", "UnknownType", "NewerPayload")


def sentences():
    """Yield each sentence for which the receiver, or what it asks, refuses a message."""
    for module in (receiver, trust, payload, signing):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS:
                yield from (text(one) for one in node.args[:1])
            elif isinstance(node, ast.keyword) and node.arg == "reason":
                yield text(node.value)
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "reason":
                yield text(node.value)


def text(node):
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(text(part) for part in node.values)
    return "{}" if isinstance(node, ast.FormattedValue) else ""


def test_every_reason_to_set_a_message_aside_has_chinese_words():
    found = {one for one in sentences() if one and not one.startswith(NEVER_SET_ASIDE)}
    assert found == set(REASONS)


def troubles():
    """Yield each sentence for which the inbox cannot be used, or the receiver cannot receive."""
    told = {*database._SQLITE_SENTENCES.values(), *database._POSTGRES_SENTENCES.values()}
    yield from (re.sub("{.*?}", "{}", sentence) for sentence in told)
    yield "{} cannot be used ({}): " + database._WAITS
    yield "{} has more to do than it can: try again."
    for node in ast.walk(ast.parse(inspect.getsource(connection))):
        if isinstance(node, ast.JoinedStr):
            said = text(node)
            if said.startswith(("The broker", "No broker")) and ": " in said:
                yield said


def test_every_trouble_of_database_and_connection_has_chinese_words():
    where = "check that it runs, and --host and --port; trying again"
    found = {one.replace(": {}.", f": {where}.") for one in troubles()}
    assert found - set(TROUBLES) == set()
    for sentence in TROUBLES:
        said = sentence.replace("{}", "x")
        assert say_reason(Language.ZH, said) == TROUBLES[sentence].replace("{}", "x")


def test_an_error_of_the_database_is_said_in_chinese_too(client, sign_in, database, where):
    sign_in("viewer")
    client.cookies.set(LANGUAGE_COOKIE, "zh")
    database.close()
    where.write_bytes(b"no database any more" * 1000)
    where.with_name(where.name + "-wal").unlink(missing_ok=True)
    text = client.get("/").text
    assert "无法读取数据库" in text and "不是接收程序的数据库" in text


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("The message is not signed.", "消息没有签名。"),
        ("The message has 70000 bytes, 65536 at most.", "消息长 70000 字节，上限为 65536 字节。"),
        (
            "The message is no alert (faulty: data/case",
            "消息不是有效的 alert（faulty: data/case）。",
        ),
        ("A sentence of a later version.", "A sentence of a later version."),
    ],
)
def test_a_reason_is_said_with_what_differs_in_it(stored, shown):
    assert say_reason(Language.ZH, stored) == shown
    assert say_reason(Language.EN, stored) == stored


def test_the_chinese_page_shows_the_chinese_reason(client, sign_in, alerted):
    alerted.unreadable("west", reason="The message is signed with another station's key.")
    sign_in("viewer")
    client.cookies.set(LANGUAGE_COOKIE, "zh")
    shown = client.get("/").text
    assert "签名所用密钥属于另一站点。" in shown and "another station" not in shown
