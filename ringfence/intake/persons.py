"""Who rows are about: linked to the register, and newcomers given a number at once (policy 2.1)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringfence import link
from ringfence.feeds import find_identities
from ringfence.terms import LinkAnswer

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Linked:
    """Rows with their persons (shape n): `links` as link gave them, `persons` their numbers.

    `newcomers` are the people nobody knew (columns of PEOPLE that a row can fill), each described by its first row,
    whose place among the rows is `place`. `reviews` are those of them who may be somebody known after all.
    """

    links: pa.Table
    persons: Numbers
    newcomers: pa.Table
    reviews: pa.Table

    def slices(self, lengths: Iterable[int]) -> Iterator["Linked"]:
        """The rows in consecutive parts, each with the newcomers that appear in it first."""
        start = 0
        for length in lengths:
            persons = self.persons[start : start + length]
            own = (_between(table, start, length) for table in (self.newcomers, self.reviews))
            yield Linked(self.links.slice(start, length), persons, *own)
            start += length


def link_tables(tables: Sequence[pa.Table], *, known: link.KnownPeople) -> Linked:
    """Who each row of some files is, the files one after the other: each distinct identity is linked once.

    Newcomers are numbered from -1 downward until
    they have numbers of their own.
    """
    own = [find_identities(rows) for rows in tables]
    shared = find_identities(pa.concat_tables([one.rows for one in own]))
    starts = np.cumsum([0, *(one.rows.num_rows for one in own)])
    of_shared = np.asarray(shared.of_rows)
    of_rows = [of_shared[start + np.asarray(one.of_rows)] for start, one in zip(starts[:-1], own, strict=True)]
    return _link(shared.rows, np.concatenate([np.empty(0, dtype=np.int64), *of_rows]), known)


def number_newcomers(linked: Linked, first: int) -> Linked:
    """The same with the newcomers' own numbers, `first` and those after it."""
    persons = np.where(linked.persons < 0, first - 1 - linked.persons, linked.persons)
    numbers = pa.array(first + np.arange(linked.newcomers.num_rows))
    of_reviews = pa.array(first - 1 - np.asarray(linked.reviews["person_no"]))
    reviews = linked.reviews.set_column(linked.reviews.column_names.index("person_no"), "person_no", of_reviews)
    return Linked(linked.links, persons, linked.newcomers.append_column("person_no", numbers), reviews)


def _link(identities: pa.Table, of_rows: Numbers, known: link.KnownPeople) -> Linked:
    normal = link.normalise(identities)
    links = link.link_to(known, normal)
    is_new = np.asarray(pc.not_equal(links["answer"], LinkAnswer.PERSON.value))
    clusters = np.asarray(link.cluster_new(normal.filter(pa.array(is_new)))["cluster_id"])
    heads, member = np.unique(clusters, return_inverse=True)
    persons = np.asarray(pc.fill_null(links["person_id"], 0)).astype(np.int64)
    persons[is_new] = -1 - member
    _, first_rows = np.unique(of_rows, return_index=True)
    newcomers = _describe(identities, links, heads, places=first_rows[heads])
    reviews = _review(links, persons, places=first_rows)
    return Linked(links.take(pa.array(of_rows)), persons[of_rows], newcomers, reviews)


def _review(links: pa.Table, persons: Numbers, *, places: Numbers) -> pa.Table:
    """Whom somebody has to look at: the newcomer's number and the candidate's, with what was weighed."""
    weighed = links.select(["weight", "margin", "probability", "model"])
    numbered = weighed.append_column("person_no", pa.array(persons)).append_column("candidate_no", links["person_id"])
    return numbered.add_column(0, "place", pa.array(places)).filter(pc.equal(links["answer"], LinkAnswer.REVIEW.value))


def _between(table: pa.Table, start: int, length: int) -> pa.Table:
    """The rows whose `place` lies in a part, counted from where it starts."""
    place = table["place"]
    own = table.filter(pc.and_(pc.greater_equal(place, start), pc.less(place, start + length)))
    return own.set_column(0, "place", pc.subtract(own["place"], start))


def _describe(identities: pa.Table, links: pa.Table, heads: Numbers, *, places: Numbers) -> pa.Table:
    """Each newcomer by an identity of theirs; a household answer keeps the household it points to."""
    chosen = pa.array(heads)
    first = identities.take(chosen)
    birth = pc.strptime(first["birth_date"], format="%Y-%m-%d", unit="s", error_is_null=True).cast(pa.date32())
    described = first.drop_columns(["row_id", "birth_date"]).append_column("birth_date", birth)
    return described.add_column(0, "place", pa.array(places)).append_column(
        "household_no", links["household_id"].take(chosen)
    )
