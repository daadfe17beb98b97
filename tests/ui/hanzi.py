"""`python -m tests.ui.hanzi`: write ui/pinyin/characters.txt anew, from data that others keep.

How characters are read comes from pypinyin. Its phrases tell how common a reading is; Faker's lists
of Chinese names tell which characters are surnames, the most frequent ones first.
"""

import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

from faker.providers.person.zh_CN import Provider
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

FILE = Path(__file__).parents[2] / "ui" / "pinyin" / "characters.txt"
_HEAD = """\
# Which characters a syllable of pinyin may be: syllable, surnames, all characters, the likeliest
# first. The line * names the surnames by how many people bear them. ü is v, as on keyboards.
# Made by `python -m tests.ui.hanzi` from pypinyin's readings and Faker's surnames (both MIT).
"""
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_VOWELS = frozenset("aeiouv")
# Characters of which given names are often made, chosen by us; the most common ones first.
_NAMES = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉萍红建国文辉志力鹏飞波斌宇浩凯健俊帆帅旭宁龙林欢佳阳婷雪琴云莉丹倩颖"
    "慧玲梅琳晶欣淑珍凤洁春菊莹瑞瑜璐璇琪瑶瑾瑛珊珂珠玮玥琦琛琼琨理环薇萌萱蓉蓓蕾蕊莎菲芬芸芝苗茜荣荷莲菁葵蔚彤彦彬德忠怡思悦"
    "恒惠意成才振捷攀敬斐新方旺昊昌昕晓晖晗晨景晴智曦月朋朝杨松柏柔栋梓森楠榕正毅永江沛沐沁泉泓泽洪津浚海涵润淇淳清渊源溪滨滢"
    "漫潇澜灵炎炜烨煜熙燕爱瑄生田盛睿礼祥祖福秋程立竹笑筠米紫纯维绍继羽翔翠翰耀胜良芮苏茂茹荃虎虹蝶行裕言诗诚语谦豪贝贤贵越轩"
    "辰迪逸道邦郁金鑫钧铭锋锐锦长雄雅雨雯雷霄霖青靖韬韵颜飒香馨骁骏高麒麟黎启嘉坤城培基堂大天奇奕奥好如妍妙姗姝姣姿威娇娅娥婉"
    "婧婵媛嫣子孝学宏安定宗宜宝家容富寒尧岚岩岳峥峰峻川巍康庆廷弘义亚京亮仁仪仕伊佑依俐信元光兆全兵冉冬冰凌凡利勤勋升卉卓博卫"
    "可叶合同君和品哲善喜士夏夕尚展希心念恩恺悠愉慈懿朔望权桐桃梁棋棠楚槿樱歌民沅泰湘满焱焕然煊熹牧玄甜益真知石硕禾秉穆章童纪"
    "经绮美群翎聪航舒艺花若茵莺蓝裴西诺贞赫辛远通遥野钰铁银镇隆韦音顺颂风骄鸣鸿鹤默齐"
)
# Of the Hundred Family Surnames (百家姓, 10th century); some are read as nowhere else.
_COMPOUND = {
    "上官": "shangguan",
    "东方": "dongfang",
    "令狐": "linghu",
    "公孙": "gongsun",
    "司徒": "situ",
    "司马": "sima",
    "夏侯": "xiahou",
    "太史": "taishi",
    "宇文": "yuwen",
    "尉迟": "yuchi",
    "慕容": "murong",
    "欧阳": "ouyang",
    "淳于": "chunyu",
    "濮阳": "puyang",
    "申屠": "shentu",
    "皇甫": "huangfu",
    "诸葛": "zhuge",
    "轩辕": "xuanyuan",
    "钟离": "zhongli",
    "长孙": "zhangsun",
    "闻人": "wenren",
}


def table() -> str:
    """Return the whole file."""
    read, surnames = _readings(), [one for one in Provider.last_names if len(one) == 1]
    common = _phrases()
    named = {character: place for place, character in enumerate(_NAMES)}
    by_syllable: defaultdict[str, list[str]] = defaultdict(list)
    family: defaultdict[str, list[str]] = defaultdict(list)
    for character, syllables in read.items():
        for syllable in syllables:
            by_syllable[syllable].append(character)
    for surname in surnames:
        for way in read[surname]:
            # What no phrase knows is a reading of old books.
            if way == read[surname][0] or common[surname, way]:
                family[way].append(surname)
    for surname, way in _COMPOUND.items():
        family[way].append(surname)
    lines = [f"*\t{' '.join(surnames)}\t"]
    for syllable in sorted({*by_syllable, *family}):
        ranked = sorted(
            by_syllable[syllable],
            key=lambda one: (
                # A rare reading of a name's character is not what the name is read as.
                named.get(one, len(named)) if read[one][0] == syllable else len(named),
                -common[one, syllable],
                read[one].index(syllable),
                one,
            ),
        )
        lines.append(f"{syllable}\t{' '.join(family[syllable])}\t{''.join(ranked)}")
    return _HEAD + "\n".join(lines) + "\n"


def _readings() -> dict[str, list[str]]:
    """Return how each character of GBK is read, without tones, the usual way first."""
    found = {}
    for code, marked in PINYIN_DICT.items():
        character = chr(code)
        ways = dict.fromkeys(_plain(one) for one in marked.split(","))
        if _is_in_gbk(character):
            found[character] = [way for way in ways if set(way) <= _LETTERS and set(way) & _VOWELS]
    return found


def _phrases() -> Counter[tuple[str, str]]:
    """Return how many phrases have a character with a reading."""
    return Counter(
        (character, _plain(marked[0]))
        for phrase, ways in PHRASES_DICT.items()
        for character, marked in zip(phrase, ways, strict=False)
    )


def _plain(marked: str) -> str:
    """Return a syllable without its tone, ü as v."""
    apart = unicodedata.normalize("NFD", marked).replace("u\u0308", "v")
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _is_in_gbk(character: str) -> bool:
    try:
        return len(character.encode("gbk")) > 1
    except UnicodeEncodeError:
        return False


if __name__ == "__main__":
    FILE.write_text(table(), "utf-8")
