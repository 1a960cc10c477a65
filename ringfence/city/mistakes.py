"""How people write other people down: the slips departments' lists are full of, each with its rate.

Rates are the usual ones of a list typed at a counter; they are of the order that record linkage meets, and ours.
Cards (a table of who people are on paper) go in, the same number of cards with slips in them comes out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.city.arrays import Ints, Letters, Texts, either, join, to_letters, to_texts
from ringfence.city.identifiers import PREFIXES
from ringfence.city.names import homophones

WIDE = 0xFEE0
"""What lies between a letter and its full-width form."""
WIDTHS = {"name": 16, "id_number": 18, "phone": 16, "birth_date": 10}
MOST_OFTEN = 0.9

Slipped = Callable[[Texts, np.random.Generator], Texts]


@dataclass(frozen=True)
class Slip:
    """One way of writing a column wrongly, how often, and the column it is written from if not the same."""

    column: str
    rate: float
    write: Slipped
    source: str = ""


def write_nothing(texts: Texts, _: np.random.Generator) -> Texts:
    """The field is left empty."""
    return pa.array([""] * len(texts), pa.string())


def write_as_it_is(texts: Texts, _: np.random.Generator) -> Texts:
    """What stands in another column."""
    return texts


def sound_alike(texts: Texts, dice: np.random.Generator) -> Texts:
    """A character of the name gives way to one that sounds the same."""
    letters = to_letters(texts, width=WIDTHS["name"])
    row, at = draw_letter(letters, dice)
    known, others = homophones()
    where = np.searchsorted(known, letters[row, at]).clip(0, known.size - 1)
    letters[row, at] = np.where(known[where] == letters[row, at], others[where], letters[row, at])
    return to_texts(letters)


def swap_neighbours(texts: Texts, dice: np.random.Generator) -> Texts:
    """Two neighbouring letters change places."""
    letters = to_letters(texts, width=18)
    lengths = (letters > 0).sum(axis=1)
    row = np.flatnonzero(lengths > 1)
    at = (dice.random(row.size) * (lengths[row] - 1)).astype(np.int64)
    letters[row, at], letters[row, at + 1] = letters[row, at + 1], letters[row, at]
    return to_texts(letters)


def cut_last(texts: Texts, _: np.random.Generator) -> Texts:
    """The last letter does not fit into the form; names of two characters are not cut."""
    return either(np.asarray(pc.utf8_length(texts)) > 2, pc.utf8_slice_codeunits(texts, 0, stop=-1), texts)  # noqa: PLR2004


def space_out(texts: Texts, _: np.random.Generator) -> Texts:
    """A space within a name of two characters, as forms for three look tidy."""
    spaced = join(pc.utf8_slice_codeunits(texts, 0, stop=1), " ", pc.utf8_slice_codeunits(texts, 1))
    return either(np.asarray(pc.utf8_length(texts)) == 2, spaced, texts)  # noqa: PLR2004


def mistype_digit(texts: Texts, dice: np.random.Generator) -> Texts:
    """One digit becomes another."""
    letters = to_letters(texts, width=18)
    row, at = draw_letter(letters, dice)
    is_digit = (letters[row, at] >= ord("0")) & (letters[row, at] <= ord("9"))
    row, at = row[is_digit], at[is_digit]
    letters[row, at] = ord("0") + (letters[row, at] - ord("0") + dice.integers(1, 10, row.size)) % 10
    return to_texts(letters)


def write_fifteen(texts: Texts, _: np.random.Generator) -> Texts:
    """The old number of fifteen digits of who was born in the twentieth century."""
    century = pc.utf8_slice_codeunits(texts, 6, stop=8)
    old = join(pc.utf8_slice_codeunits(texts, 0, stop=6), pc.utf8_slice_codeunits(texts, 8, stop=17))
    return pc.if_else(pc.equal(century, "19"), old, texts)


def write_wide(texts: Texts, _: np.random.Generator) -> Texts:
    """Full-width digits and letters, as a Chinese keyboard types them."""
    letters = to_letters(texts, width=18)
    return to_texts(np.where((letters > ord(" ")) & (letters <= ord("~")), letters + WIDE, letters).astype(np.uint32))


def write_small_x(texts: Texts, _: np.random.Generator) -> Texts:
    """A small x at the end of the number."""
    return pc.replace_substring(texts, "X", "x")


def with_country_code(texts: Texts, dice: np.random.Generator) -> Texts:
    """The number as it is dialled from abroad."""
    codes = pa.array(["+86", "86-", "0086", "+86 "]).take(pa.array(dice.integers(0, 4, len(texts))))
    return pc.if_else(pc.equal(texts, ""), texts, join(codes, texts))


def group_digits(texts: Texts, _: np.random.Generator) -> Texts:
    """The number in groups of three, four and four."""
    parts = [pc.utf8_slice_codeunits(texts, first, stop=end) for first, end in ((0, 3), (3, 7), (7, 11))]
    return pc.if_else(pc.equal(texts, ""), texts, join(*parts, by=" "))


def take_another_phone(texts: Texts, dice: np.random.Generator) -> Texts:
    """A number the person no longer has."""
    numbers = PREFIXES[dice.integers(0, PREFIXES.size, len(texts))] * 10**8 + dice.integers(0, 10**8, len(texts))
    return pa.array(numbers).cast(pa.string())


def swap_day_and_month(texts: Texts, _: np.random.Generator) -> Texts:
    """Day and month change places where that is a date as well."""
    year, month, day = (pc.utf8_slice_codeunits(texts, first, stop=end) for first, end in ((0, 5), (5, 7), (8, 10)))
    return pc.if_else(pc.less_equal(day, "12"), join(year, day, "-", month), texts)


def miss_the_year(texts: Texts, dice: np.random.Generator) -> Texts:
    """The last digit of the year is another one."""
    letters = to_letters(texts, width=WIDTHS["birth_date"])
    row = np.flatnonzero(letters[:, 3] > 0)
    letters[row, 3] = ord("0") + (letters[row, 3] - ord("0") + dice.choice([1, 9], row.size)) % 10
    return to_texts(letters)


def leave_out_county(texts: Texts, _: np.random.Generator) -> Texts:
    """The address without its county, as neighbours write it."""
    return pc.replace_substring_regex(texts, "^[^区县]*[区县]", "")


def draw_letter(letters: Letters, dice: np.random.Generator) -> tuple[Ints, Ints]:
    """One letter of each text that has any: rows and columns."""
    lengths = (letters > 0).sum(axis=1)
    row = np.flatnonzero(lengths)
    return row, (dice.random(row.size) * lengths[row]).astype(np.int64)


SLIPS = (
    Slip("name", 0.015, sound_alike),
    Slip("name", 0.003, swap_neighbours),
    Slip("name", 0.005, cut_last),
    Slip("name", 0.004, space_out),
    Slip("name", 0.006, write_as_it_is, source="pinyin"),
    Slip("name", 0.002, write_nothing),
    Slip("id_number", 0.008, mistype_digit),
    Slip("id_number", 0.003, swap_neighbours),
    Slip("id_number", 0.005, write_fifteen),
    Slip("id_number", 0.004, write_wide),
    Slip("id_number", 0.15, write_small_x),
    Slip("id_number", 0.05, write_nothing),
    Slip("phone", 0.006, mistype_digit),
    Slip("phone", 0.02, with_country_code),
    Slip("phone", 0.006, group_digits),
    Slip("phone", 0.004, write_wide),
    Slip("phone", 0.01, take_another_phone),
    Slip("phone", 0.04, write_nothing),
    Slip("sex", 0.01, write_nothing),
    Slip("birth_date", 0.004, swap_day_and_month),
    Slip("birth_date", 0.004, miss_the_year),
    Slip("birth_date", 0.02, write_nothing),
    Slip("address", 0.15, leave_out_county),
    Slip("address", 0.06, write_nothing),
)
"""In this order: a number can be mistyped and then left out, as on paper."""


def write_down(cards: pa.Table, columns: Sequence[str], dice: np.random.Generator, *, slips: float) -> pa.Table:
    """The cards as a department wrote them, with the asked columns; `slips` multiplies every rate, 0 is flawless."""
    written = {column: cards[column].combine_chunks() for column in columns}
    for slip in SLIPS:
        if slip.column not in written:
            continue
        rate = min(slip.rate * slips, MOST_OFTEN)
        rows = np.flatnonzero(dice.random(cards.num_rows) < rate)
        if rows.size:
            written[slip.column] = replace_rows(written[slip.column], rows, slip, cards, dice)
    return pa.table(written)


def replace_rows(texts: Texts, rows: Ints, slip: Slip, cards: pa.Table, dice: np.random.Generator) -> Texts:
    """The texts with a slip in the chosen rows; what is empty stays so."""
    before = texts.take(pa.array(rows))
    source = cards[slip.source].combine_chunks().take(pa.array(rows)) if slip.source else before
    after = pc.if_else(pc.equal(before, ""), before, slip.write(source, dice))
    is_chosen = np.zeros(len(texts), dtype=bool)
    is_chosen[rows] = True
    return pc.replace_with_mask(texts, pa.array(is_chosen), after)
