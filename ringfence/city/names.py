"""Chinese names: surnames by their real skew, given names by sex and cohort, dotted names of minorities, and pinyin.

Surname weights follow the order of the published surname counts of 2020 (rounded, per 10,000); the characters of given
names are ordered by how common they sound in a cohort, which is a choice of ours, not a statistic.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringfence.city.arrays import Flags, Floats, Ints, Texts, either, join, to_letters, to_texts

DOTTED_SHARE = 0.004
TWO_CHARACTERS = {1900: 0.7, 1960: 0.55, 1985: 0.6, 2005: 0.85}


@dataclass(frozen=True)
class Names:
    """Names and how they are spelled in Latin letters (shape n each)."""

    name: Texts
    pinyin: Texts


@cache
def read_material(file: str) -> tuple[dict[str, str], ...]:
    """The rows of one of the city's own word lists."""
    path = files(__package__) / "material" / file
    return tuple(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@cache
def readings() -> dict[str, str]:
    """The toneless pinyin of every character that a given name or a slip may use."""
    return {character: row["pinyin"] for row in read_material("pinyin.csv") for character in row["characters"]}


@cache
def homophones() -> tuple[Ints, Ints]:
    """Code points in rising order and, for each, the next character that sounds alike (itself if there is none)."""
    pairs: dict[str, str] = {}
    for row in read_material("pinyin.csv"):
        characters = row["characters"]
        pairs |= dict(zip(characters, characters[1:] + characters[:1], strict=True))
    known = sorted(pairs)
    return np.array([ord(one) for one in known]), np.array([ord(pairs[one]) for one in known])


def falling_weights(count: int) -> Floats:
    """Shares that fall with the rank, as the use of names does (Zipf, flattened at the top)."""
    weights = 1.0 / np.arange(4.0, count + 4.0, dtype=np.float64)
    shares: Floats = weights / weights.sum()
    return shares


def draw_surnames(dice: np.random.Generator, count: int) -> Ints:
    """Surname numbers, as common as they are (shape count)."""
    weights = np.array([float(row["weight"]) for row in read_material("surnames.csv")])
    return dice.choice(weights.size, size=count, p=weights / weights.sum())


def draw_names(dice: np.random.Generator, *, surnames: Ints, is_dotted: Flags, is_male: Flags, born: Ints) -> Names:
    """Full names; `surnames` and `is_dotted` are the family's, `born` is the year of birth (shapes n)."""
    rows = read_material("surnames.csv")
    family = pa.array([row["surname"] for row in rows]).take(pa.array(surnames))
    family_pinyin = pa.array([row["pinyin"] for row in rows]).take(pa.array(surnames))
    given, given_pinyin = draw_given_names(dice, is_male=is_male, born=born)
    dotted = draw_dotted_names(dice, is_male=is_male, father=surnames)
    return Names(
        either(is_dotted, dotted.name, join(family, given)),
        either(is_dotted, dotted.pinyin, join(upper(family_pinyin), upper(given_pinyin), by=" ")),
    )


def draw_given_names(dice: np.random.Generator, *, is_male: Flags, born: Ints) -> tuple[Texts, Texts]:
    """Given names of one or two characters and their pinyin."""
    first = np.zeros(born.size, dtype=np.uint32)
    second = np.zeros(born.size, dtype=np.uint32)
    for row in read_material("given_names.csv"):
        since = int(row["born_from"])
        until = min((year for year in TWO_CHARACTERS if year > since), default=9999)
        chosen = (is_male == (row["sex"] == "male")) & (born >= since) & (born < until)
        points = np.array([ord(one) for one in row["characters"]], dtype=np.uint32)
        shares = falling_weights(points.size)
        draws = dice.choice(points.size, size=(2, int(chosen.sum())), p=shares)
        has_two = dice.random(draws.shape[1]) < TWO_CHARACTERS[since]
        first[chosen] = points[draws[0]]
        second[chosen] = np.where(has_two, points[draws[1]], 0)
    return to_texts(np.column_stack([first, second])), join(spell(first), spell(second))


def spell(points: npt.NDArray[np.uint32]) -> Texts:
    """The pinyin of single characters; empty for none (shape n)."""
    known = sorted(readings())
    words = pa.array([*(readings()[one] for one in known), ""])
    places = np.searchsorted(np.array([ord(one) for one in known]), points)
    return words.take(pa.array(np.where(points == 0, len(known), places)))


def draw_dotted_names(dice: np.random.Generator, *, is_male: Flags, father: Ints) -> Names:
    """Names of two parts with a dot between; siblings share the second part, chosen by the family's number."""
    rows = read_material("dotted_names.csv")
    own = {
        sex: np.array([number for number, row in enumerate(rows) if row["sex"] == sex]) for sex in ("male", "female")
    }
    firsts = np.where(is_male, dice.choice(own["male"], is_male.size), dice.choice(own["female"], is_male.size))
    seconds = own["male"][father % own["male"].size]
    parts = pa.array([row["part"] for row in rows])
    spelled = pa.array(["".join(readings()[one] for one in row["part"]).upper() for row in rows])
    return Names(
        join(parts.take(pa.array(firsts)), parts.take(pa.array(seconds)), by="·"),
        join(spelled.take(pa.array(firsts)), spelled.take(pa.array(seconds)), by=" "),
    )


def upper(texts: Texts) -> Texts:
    """Latin letters as passports print them."""
    letters = to_letters(texts, width=16)
    small = (letters >= ord("a")) & (letters <= ord("z"))
    return to_texts(np.where(small, letters - 32, letters).astype(np.uint32))
