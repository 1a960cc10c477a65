"""What a name says to the linker: its characters, its sound, its surname (profile `han`)."""

import unicodedata
from functools import cache
from textwrap import wrap

import pyarrow as pa
from pypinyin import lazy_pinyin

LONGEST = 40
"""Letters of a name that count: longer ones are typing accidents, and distances would grow with their square."""

COMPOUND_SURNAMES = frozenset(
    wrap(
        "欧阳上官皇甫令狐诸葛司徒司马申屠夏侯完颜慕容尉迟长孙宇文东方独孤南宫百里端木公孙轩辕鲜于闾丘钟离呼延澹台赫连万俟淳于"
        "单于太史东郭西门公冶濮阳闻人公羊拓跋",
        2,
    )
)
SURNAME_READINGS = {
    "万俟": "moqi",
    "尉迟": "yuchi",
    "单于": "chanyu",
    "澹台": "tantai",
    "长孙": "zhangsun",
    "单": "shan",
    "曾": "zeng",
    "解": "xie",
    "仇": "qiu",
    "查": "zha",
    "区": "ou",
    "朴": "piao",
    "翟": "zhai",
    "覃": "qin",
    "乐": "yue",
    "盖": "ge",
    "缪": "miao",
    "宓": "mi",
    "洗": "xian",
    "冼": "xian",
    "员": "yun",
    "种": "chong",
    "秘": "bi",
    "繁": "po",
    "折": "she",
    "逄": "pang",
    "召": "shao",
    "黑": "he",
}
"""Surnames that sound otherwise than the same character elsewhere."""

NAME_SCHEMA = pa.schema(
    [
        ("written", pa.string()),
        ("name", pa.string()),
        ("surname_pinyin", pa.string()),
        ("pinyin", pa.string()),
        ("sounds", pa.string()),
    ]
)


@cache
def read_character(character: str) -> str:
    """How one character sounds, without tone; ü is written yu, as passports do (LYU for 吕)."""
    return lazy_pinyin(character)[0].replace("ü", "yu").replace("v", "yu")


def is_han(text: str) -> bool:
    """Whether a text holds at least one Chinese character."""
    return any("\u3400" <= character <= "\u9fff" or character >= "\U00020000" for character in text)


def _without_marks(text: str) -> str:
    kept = unicodedata.normalize("NFKD", text.lower().replace("ü", "yu"))
    return "".join(character for character in kept if character.isalpha()).replace("v", "yu")


def _read_han(letters: str) -> tuple[str, str, str]:
    is_compound = letters[:2] in COMPOUND_SURNAMES and letters[2:] != ""
    surname = letters[:2] if is_compound else letters[:1]
    sound = SURNAME_READINGS.get(surname) or "".join(map(read_character, surname))
    given = "".join(map(read_character, letters[len(surname) :]))
    return letters, sound, sound + given


def _read_letters(clean: str) -> tuple[str, str | None, str]:
    parts = [part for part in map(_without_marks, _split(clean)) if part]
    joined = "".join(parts)[:LONGEST]
    return joined, parts[0] if len(parts) > 1 else None, joined


def _split(text: str) -> list[str]:
    return "".join(c if c.isalpha() or unicodedata.combining(c) else " " for c in text).split()


def read_name(written: str) -> tuple[str, str, str | None, str, str] | None:
    """One name as (written, name, surname's sound, pinyin, its letters in order), None where no letter is left.

    The letters in alphabetical order (`sounds`) are equal for homophones and for a given name put first. A name in
    Latin letters is its own pinyin; written in one word, its surname is not known.
    """
    clean = unicodedata.normalize("NFKC", written)
    letters = "".join(character for character in clean if character.isalpha())[:LONGEST]
    if not letters:
        return None
    name, surname, pinyin = _read_han(letters) if is_han(letters) else _read_letters(clean)
    return written, name, surname, pinyin, "".join(sorted(pinyin))


def read_names(written: pa.Array) -> pa.Table:
    """The readable ones of distinct names (table of NAME_SCHEMA)."""
    read = [name for name in map(read_name, written.to_pylist()) if name]
    columns = zip(*read, strict=True) if read else [[] for _ in NAME_SCHEMA]
    return pa.table([pa.array(column, pa.string()) for column in columns], schema=NAME_SCHEMA)
