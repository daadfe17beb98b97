"""Why something went wrong, in the page's languages; what is stored or raised is English."""

import re
from collections.abc import Mapping
from functools import lru_cache

from station.cdc.inbox.troubles import TROUBLES
from station.cdc.inbox.words import Language

REASONS: Mapping[str, str] = {
    "The message is not signed.": "消息没有签名。",
    "The message is signed with a key that is not registered.": "签名所用密钥未登记。",
    "The message is signed with another station's key.": "签名所用密钥属于另一站点。",
    "The message is signed with a key that was revoked.": "签名所用密钥已吊销。",
    "The signature does not fit: the message was altered.": "签名不符：消息已被改动。",
    "The signature is no detached JWS with Ed25519.": "签名格式不是 Ed25519 分离式 JWS。",
    "The registry of station keys cannot be read.": "无法读取站点密钥登记表。",
    "The topic is not one of a station.": "主题不属于任何站点。",
    "The topic is not one that stations send by.": "主题不是站点上报所用的主题。",
    "The message names another station than the topic that it came by.": (
        "消息中的站点与其来源主题不一致。"
    ),
    "The message has {} bytes, {} at most.": "消息长 {} 字节，上限为 {} 字节。",
    "The message is no {} ({}).": "消息不是有效的 {}（{}）。",
    "The message's type is not one of a fever station's.": "消息类型不属于发热筛查站。",
    "The message's type {} is not known.": "未知的消息类型 {}。",
    "The message is of type {} and came by the topic of {}.": ("消息类型为 {}，却来自 {} 的主题。"),
    "The message's version {} is not known.": "未知的消息版本 {}。",
}
"""Why the receiver sets messages aside, with the Chinese; `{}` stands for what differs."""


@lru_cache(maxsize=256)
def say_reason(language: Language, reason: str) -> str:
    """Return a sentence of the receiver or the database; one that nobody translated stays as it is.

    Args:
        language: the page's.
        reason: in English; a very long one was cut at its end.
    """
    if language is Language.EN:
        return reason
    for pattern, chinese in _PATTERNS:
        match = pattern.fullmatch(reason)
        if match is not None:
            return chinese.format(*match.groups())
    return reason


def _pattern(sentence: str, *, may_be_cut: bool) -> re.Pattern[str]:
    *parts, end = (re.escape(part) for part in sentence.split("{}"))
    if parts and may_be_cut:
        end = f"(?:{end})?"
    return re.compile("(.*?)".join([*parts, end]), re.DOTALL)


_PATTERNS = (
    *((_pattern(sentence, may_be_cut=True), chinese) for sentence, chinese in REASONS.items()),
    *((_pattern(sentence, may_be_cut=False), chinese) for sentence, chinese in TROUBLES.items()),
)
