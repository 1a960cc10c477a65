"""What a traveller's name, document and address say to the linker (profile `latin`).

Names are brought to plain Latin letters: accents off, Cyrillic and Greek by the letter, Chinese by its sound. How a
name sounds is its words in American Soundex, so that spellings of one sound are found together.
"""

import unicodedata
from functools import cache
from itertools import groupby

import pyarrow as pa

from ringfence.link.names import LONGEST, gather_names, is_han, read_character

BETWEEN = "\x1f"
"""Stands between name, given name and surname where the three travel as one text."""

SPELT = dict(zip("ßøæłđðþœıħ", ["ss", "o", "ae", "l", "d", "d", "th", "oe", "i", "h"], strict=True))
SPELT |= dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцч",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "e",
            "zh",
            "z",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
        ],
        strict=True,
    )
)
SPELT |= dict(zip("шщъыьэюяіїєґ", ["sh", "shch", "", "y", "", "e", "iu", "ia", "i", "i", "ie", "g"], strict=True))
SPELT |= dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψως",
        [
            "a",
            "v",
            "g",
            "d",
            "e",
            "z",
            "i",
            "th",
            "i",
            "k",
            "l",
            "m",
            "n",
            "x",
            "o",
            "p",
            "r",
            "s",
            "t",
            "y",
            "f",
            "ch",
            "ps",
            "o",
            "s",
        ],
        strict=True,
    )
)
"""Letters as passports spell them (ICAO Doc 9303-3, section 6)."""

SOUNDS = {
    letter: code for code, letters in enumerate(["bfpv", "cgjkqsxz", "dt", "l", "mn", "r"], 1) for letter in letters
}

READ_DOCUMENTS = """
with cleaned as (
    select distinct id_number as written, regexp_replace(upper(narrow(id_number)), '[^0-9A-Z]', '', 'g')[:40] as letters
    from written
)
select written, letters as id_number, false as is_id_valid, null::text as birth_date, null::text as sex
from cleaned
where length(letters) >= 4 and replace(letters, letters[1], '') <> ''
"""
"""Other countries' documents have no check digit known here, so none is held valid: no rule rests on one alone."""

READ_PLAIN_ADDRESSES = """
with lowered as (
    select distinct
        address as written,
        regexp_replace(lower(strip_accents(narrow(address))), '[^\\p{L}0-9]', '', 'g') as letters
    from written
)
select written, null::text as county, null::text as community, nullif(letters[:80], '') as address_key
from lowered
"""


@cache
def spell(character: str) -> str:
    """One character in plain Latin letters; nothing for one that is no letter."""
    if is_han(character):
        return read_character(character)
    plain = "".join(SPELT.get(part, part) for part in unicodedata.normalize("NFKD", character.lower()))
    return "".join(letter for letter in plain if letter.isalpha())


def _words(written: str) -> list[str]:
    spaced = "".join(c if c.isalpha() or unicodedata.combining(c) else "" if c in "'’" else " " for c in written)
    return [word for word in ("".join(map(spell, part)) for part in spaced.split()) if word]


def sound_of(word: str) -> str:
    """A word of plain letters in American Soundex (US National Archives, General Information Leaflet 55)."""
    heard = [letter for letter in word[1:] if letter not in "hw"]
    codes = [SOUNDS.get(letter, 0) for letter in [word[0], *heard]]
    kept = [code for code, _ in groupby(codes)][1:]
    return (word[0] + "".join(str(code) for code in kept if code) + "000")[:4]


def _part(name: str) -> tuple[list[str], list[str]]:
    """Given name and surname of a name in one field: `SURNAME, GIVEN`, else the last word is the surname."""
    family, comma, own = name.partition(",")
    if comma:
        return _words(own), _words(family)
    words = _words(name)
    return words[:-1], words[-1:]


def read_traveller(written: str) -> tuple[str, str, str | None, str | None, str, str] | None:
    """Name, given name and surname (joined by BETWEEN) as (written, name, given, surname, letters, sounds).

    `letters` are surname and given name in one, `sounds` the words' Soundex in alphabetical order. None where no letter
    is left.
    """
    whole, own, family = unicodedata.normalize("NFKC", written).split(BETWEEN)
    given, surname = (_words(own), _words(family)) if own.strip() or family.strip() else _part(whole)
    words = [*given, *surname]
    if not words:
        return None
    first, last = "".join(given)[:LONGEST], "".join(surname)[:LONGEST]
    name = f"{first} {last}".strip()
    return written, name, first or None, last or None, last + first, " ".join(sorted(map(sound_of, words)))


def read_travellers(written: pa.Array) -> pa.Table:
    """The readable ones of distinct names (table of NAME_SCHEMA)."""
    return gather_names(map(read_traveller, written.to_pylist()))
