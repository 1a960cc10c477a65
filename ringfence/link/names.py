"""What a name says to the linker: its characters, its sound, its surname (profile `han`)."""

import unicodedata
from collections.abc import Iterable
from functools import cache
from textwrap import wrap

import pyarrow as pa

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
        ("given", pa.string()),
        ("surname", pa.string()),
        ("letters", pa.string()),
        ("sounds", pa.string()),
    ]
)


@cache
def read_character(character: str) -> str:
    """How one character sounds, without tone; ü is written yu, as passports do (LYU for 吕)."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - 55 MB of readings that who reads no name need not hold

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
    return letters, "".join(map(read_character, letters[len(surname) :])), sound


def _read_letters(clean: str) -> tuple[str, str, str | None]:
    parts = [part for part in map(_without_marks, _split(clean)) if part]
    joined = "".join(parts)[:LONGEST]
    return (joined, joined[len(parts[0]) :], parts[0][:LONGEST]) if len(parts) > 1 else (joined, joined, None)


def _split(text: str) -> list[str]:
    return "".join(c if c.isalpha() or unicodedata.combining(c) else " " for c in text).split()


def read_name(written: str) -> tuple[str, str, str | None, str | None, str, str] | None:
    """One name as (written, name, given name, surname, letters, sounds), None where no letter is left.

    Given name and surname as they sound; `letters` are the two together, and in alphabetical order (`sounds`) they are
    equal for homophones and for a given name put first. A name in Latin letters sounds as it is written; of one in one
    word the surname is not known.
    """
    clean = unicodedata.normalize("NFKC", written)
    kept = "".join(character for character in clean if character.isalpha())[:LONGEST]
    if not kept:
        return None
    name, given, surname = _read_han(kept) if is_han(kept) else _read_letters(clean)
    letters = (surname or "") + given
    return written, name, given or None, surname, letters, "".join(sorted(letters))


def read_names(written: pa.Array) -> pa.Table:
    """The readable ones of distinct names (table of NAME_SCHEMA)."""
    return gather_names(map(read_name, written.to_pylist()))


def gather_names(read: Iterable[tuple[str | None, ...] | None]) -> pa.Table:
    """What was read of names as a table of NAME_SCHEMA, those left out that nothing could be read of."""
    found = [name for name in read if name]
    columns = zip(*found, strict=True) if found else [[] for _ in NAME_SCHEMA]
    return pa.table([pa.array(column, pa.string()) for column in columns], schema=NAME_SCHEMA)
