"""Identity numbers and phone numbers as the country writes them (GB 11643-1999; numbers of eleven digits)."""

import numpy as np
import pyarrow as pa

from ringfence.city.arrays import Ints, Letters, Texts, rank_in_group, to_texts

WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK_LETTERS = np.frombuffer("10X98765432".encode("utf-32-le"), dtype=np.uint32)
PREFIXES = np.array([130, 131, 135, 136, 137, 138, 139, 150, 151, 152, 155, 158, 159, 176, 177, 182, 186, 188, 189])
SUBSCRIBERS = 100_000_000
STRIDE = 61_803_399  # shares no factor with SUBSCRIBERS, so that stepping by it meets every number once


def digits(numbers: Ints, *, width: int) -> Ints:
    """The decimal digits of whole numbers, most significant first (shape n, width)."""
    return numbers[:, None] // 10 ** np.arange(width - 1, -1, -1) % 10


def check_letters(body: Ints) -> Letters:
    """The last letter of an identity number from its first 17 digits (shape n, 17): ISO 7064 mod 11-2."""
    last: Letters = CHECK_LETTERS[(body @ WEIGHTS) % 11]
    return last


def assign_id_numbers(dice: np.random.Generator, *, county_codes: Ints, births: Ints, is_male: Ints) -> Texts:
    """Eighteen letters: county of first registration, day of birth, order number (odd for men), check letter (shape n).

    `births` are days since 1970-01-01. Two persons of one county, day and sex never share a number up to 500 of them.
    """
    calendar = births.astype("datetime64[D]")
    years = calendar.astype("datetime64[Y]").astype(np.int64) + 1970
    months = calendar.astype("datetime64[M]").astype(np.int64) % 12 + 1
    days = (calendar - calendar.astype("datetime64[M]")).astype(np.int64) + 1
    ymd = years * 10_000 + months * 100 + days
    groups = (county_codes * 100_000_000 + ymd) * 2 + is_male
    starts = dice.integers(0, 500)
    orders = (rank_in_group(groups) * 7 + groups % 491 + starts) % 500 * 2 + is_male
    body = np.hstack([digits(county_codes, width=6), digits(ymd, width=8), digits(orders, width=3)])
    return to_texts(np.column_stack([body.astype(np.uint32) + ord("0"), check_letters(body)]))


def assign_phones(dice: np.random.Generator, count: int) -> Texts:
    """Mobile numbers of eleven digits, no two alike up to a hundred million of them (shape count)."""
    subscribers = (dice.integers(SUBSCRIBERS) + np.arange(count) * STRIDE) % SUBSCRIBERS
    numbers = PREFIXES[dice.integers(0, PREFIXES.size, count)] * SUBSCRIBERS + subscribers
    return pa.array(numbers).cast(pa.string())
