"""Who rows are about: linked to the register, and newcomers given a number at once (policy 2.1)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringfence import link
from ringfence.feeds import Identities
from ringfence.terms import LinkAnswer

ASKED_AT_ONCE = 200_000
"""Identities that are asked for together: an answer depends on who is known, not on who else is asked for."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Linked:
    """Identities, or rows, with their persons (shape n): `links` as link gave them, `persons` their numbers.

    `links` have what each said (`said`) besides. `newcomers` are the people nobody knew (columns of PEOPLE that a row
    can fill), each described by where they first stood: `file` and `line`. `reviews` are those of them who may be
    somebody known after all, with the same columns.
    """

    links: pa.Table
    persons: Numbers
    newcomers: pa.Table
    reviews: pa.Table

    def spread(self, of_rows: Numbers) -> "Linked":
        """The same for rows, each of which is of one of the identities."""
        return Linked(self.links.take(pa.array(of_rows)), self.persons[of_rows], self.newcomers, self.reviews)

    def newcomers_of(self, file: int) -> pa.Table:
        """Whom a file was the first to name."""
        return self.newcomers.filter(pc.equal(self.newcomers["file"], file))

    def reviews_of(self, file: int) -> pa.Table:
        """What a file was the first to bring for review."""
        return self.reviews.filter(pc.equal(self.reviews["file"], file))


def link_identities(identities: Identities, *, known: link.KnownPeople, denials: link.Denials) -> Linked:
    """Who each identity is; newcomers are numbered from -1 downward until they have numbers of their own.

    Nobody is linked to a person again whose link to them was denied (`denials`).
    """
    written = identities.rows
    links, new = _ask(written, known, denials)
    is_new = np.asarray(pc.not_equal(links["answer"], LinkAnswer.PERSON.value))
    clusters = np.asarray(link.cluster_new(new)["cluster_id"])
    heads, member = np.unique(clusters, return_inverse=True)
    persons = np.asarray(pc.fill_null(links["person_id"], 0)).astype(np.int64)
    persons[is_new] = -1 - member
    files, lines = identities.first_stood
    stood = pa.table({"file": files, "line": lines})
    newcomers = _describe(written, links, heads, stood=stood)
    return Linked(links, persons, newcomers, _review(links, persons, stood=stood))


def number_newcomers(linked: Linked, first: int) -> Linked:
    """The same with the newcomers' own numbers, `first` and those after it."""
    persons = np.where(linked.persons < 0, first - 1 - linked.persons, linked.persons)
    numbers = pa.array(first + np.arange(linked.newcomers.num_rows))
    of_reviews = pa.array(first - 1 - np.asarray(linked.reviews["person_no"]))
    reviews = linked.reviews.set_column(linked.reviews.column_names.index("person_no"), "person_no", of_reviews)
    return Linked(linked.links, persons, linked.newcomers.append_column("person_no", numbers), reviews)


def _ask(written: pa.Table, known: link.KnownPeople, denials: link.Denials) -> tuple[pa.Table, pa.Table]:
    """The links of all identities, and those that are nobody known in the form that linking compares."""
    links, new = [], []
    for start in range(0, max(written.num_rows, 1), ASKED_AT_ONCE):
        normal = link.normalise(written.slice(start, ASKED_AT_ONCE))
        said = denials.number(normal)
        links.append(denials.turn(link.link_to(known, normal), said).append_column("said", said))
        new.append(normal.filter(pc.not_equal(links[-1]["answer"], LinkAnswer.PERSON.value)))
    return pa.concat_tables(links), pa.concat_tables(new)


def _review(links: pa.Table, persons: Numbers, *, stood: pa.Table) -> pa.Table:
    """Whom somebody has to look at: the newcomer's number and the candidate's, with what was weighed."""
    weighed = links.select(["weight", "margin", "probability", "model", "weights"])
    numbered = weighed.append_column("person_no", pa.array(persons)).append_column("candidate_no", links["person_id"])
    for name in stood.column_names:
        numbered = numbered.append_column(name, stood[name])
    return numbered.filter(pc.equal(links["answer"], LinkAnswer.REVIEW.value))


def _describe(identities: pa.Table, links: pa.Table, heads: Numbers, *, stood: pa.Table) -> pa.Table:
    """Each newcomer by an identity of theirs; a household answer keeps the household it points to."""
    chosen = pa.array(heads)
    first = identities.take(chosen)
    birth = pc.strptime(first["birth_date"], format="%Y-%m-%d", unit="s", error_is_null=True).cast(pa.date32())
    described = first.drop_columns(["row_id", "birth_date"]).append_column("birth_date", birth)
    described = described.append_column("household_no", links["household_id"].take(chosen))
    for name in stood.column_names:
        described = described.append_column(name, stood[name].take(chosen))
    return described
