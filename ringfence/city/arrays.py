"""Array words of the city: their types, and the few moves that stand in for loops over persons and visits."""

import zlib
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Letters: TypeAlias = npt.NDArray[np.uint32]
"""Texts as code points, shape (texts, width), zero after a text's end."""
Texts: TypeAlias = Any
"""A pyarrow string array (pyarrow ships no types)."""

HASH_ODD = np.uint64(0x9E3779B97F4A7C15)


def dice(seed: int, *labels: str | int) -> np.random.Generator:
    """A stream of random numbers of its own for every set of labels: a new draw in one place changes no other."""
    words = [zlib.crc32(label.encode()) if isinstance(label, str) else label for label in labels]
    return np.random.default_rng([seed, *words])


def rank_in_group(groups: Ints) -> Ints:
    """For each element how many earlier elements share its group: 0, 1, 2 ... (shape n)."""
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=groups.min(initial=0) - 1))
    lengths = np.diff(starts, append=groups.size)
    ranks = np.empty(groups.size, dtype=np.int64)
    ranks[order] = np.arange(groups.size) - np.repeat(starts, lengths)
    return ranks


def unroll(starts: Ints, lengths: Ints) -> tuple[Ints, Ints]:
    """Ranges laid end to end: the range each element belongs to, and the element itself (shapes sum(lengths))."""
    owners = np.repeat(np.arange(starts.size), lengths)
    first = np.cumsum(lengths) - lengths
    return owners, np.arange(owners.size) - first[owners] + starts[owners]


def hashed_share(seed: int, *keys: Ints) -> Floats:
    """Numbers in [0, 1) that depend on nothing but the seed and the keys (splitmix64, Steele et al. 2014)."""
    mixed = np.full(keys[0].shape, seed, dtype=np.uint64)
    for key in keys:
        mixed = (mixed ^ key.astype(np.uint64)) + HASH_ODD
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def join(*parts: Texts, by: str = "") -> Texts:
    """Texts put together element by element; a part may be a single text."""
    return pc.binary_join_element_wise(*[pa.scalar(part) if isinstance(part, str) else part for part in parts], by)


def numerals(numbers: Ints, *, width: int = 0) -> Texts:
    """Whole numbers as texts, filled up with zeros on the left to a width."""
    texts = pa.array(numbers).cast(pa.string())
    return pc.utf8_lpad(texts, width=width, padding="0") if width else texts


def either(chosen: Flags, texts: Texts, others: Texts) -> Texts:
    """The first text where chosen, else the other; both may be single texts."""
    return pc.if_else(pa.array(chosen), texts, others)


def to_letters(texts: Texts, *, width: int) -> Letters:
    """Texts as code points (shape n, width); what is longer than the width is cut."""
    fixed = texts.to_numpy(zero_copy_only=False).astype(f"U{width}")
    return np.ascontiguousarray(fixed).view(np.uint32).reshape(len(texts), width)


def to_texts(letters: Letters) -> Texts:
    """Code points as texts (shape n)."""
    rows, width = letters.shape
    if rows == 0:
        return pa.array([], pa.string())
    return pa.array(np.ascontiguousarray(letters).view(f"U{width}").reshape(rows), pa.string())
