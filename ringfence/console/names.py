"""Finding a person by what an officer types: characters, pinyin, its initials, or the end of a number (policy 6.4)."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

FEWEST_DIGITS = 4
"""So many at least: fewer would find half a town."""


@lru_cache(maxsize=65_536)
def read_sounds(name: str) -> tuple[str, str]:
    """A name in pinyin without tones, and its initials: 王小明 is `wangxiaoming` and `wxm`."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - 55 MB of readings that who searches no name need not hold

    syllables = lazy_pinyin(name)
    return "".join(syllables).lower(), "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()


def answers_to(person: Mapping[str, Any], typed: str) -> bool:
    """Whether a person (a row of PEOPLE) is one of those that something typed may mean."""
    wanted = "".join(typed.lower().split())
    if wanted.isdigit():
        numbers = (person["id_number"], person["phone"])
        return str(person["person_no"]) == wanted or (
            len(wanted) >= FEWEST_DIGITS and any(number and number.endswith(wanted) for number in numbers)
        )
    name = person["name"] or ""
    sound, initials = read_sounds(name)
    return bool(wanted) and (wanted in name.lower() or sound.startswith(wanted) or initials == wanted)


def mask(name: str) -> str:
    """The first letter of a name, and a star for each other: enough to go on searching, too little to know."""
    return name[:1] + "＊" * (len(name) - 1)
