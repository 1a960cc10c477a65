"""Everybody known, made ready for linking: kept as long as a store is open, and extended by who is new (2.1, 6.4).

To bring a city's register to the form that linking compares takes seconds, and between two calls only the newcomers
of the last one are new. So what was made ready stays in memory, never on disk; every use of it is a look and goes on
record. When a part of the vault is gone, for people were forgotten or folded, it is made ready anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ringfence import link
from ringfence.access import read_purpose
from ringfence.errors import Unusable
from ringfence.feeds import Identities
from ringfence.intake.persons import Linked, link_identities
from ringfence.store import PEOPLE, Content, Part, Store
from ringfence.terms import Actor, Purpose

# Where the newest row of each person stands.
NEWEST = """
with described as (
    select row_number() over () - 1 as place, person_no, recorded_at, batch from person
)
select place from described
qualify row_number() over (partition by person_no order by recorded_at desc, batch desc, place desc) = 1
order by place
"""

COUNT_WAITING = "select count(*) from inbox"

_WRITTEN = ("name", "sex", "birth_date", "id_number", "phone", "address")
_AGE = ("recorded_at", "batch")


class Register:
    """People in the form that linking compares, the newest row of each; in memory only."""

    def __init__(self, people: Iterable[pa.RecordBatch]) -> None:
        """From rows of the vault (schema PEOPLE)."""
        self._known = link.KnownPeople.of_profile("han")
        self._single: link.SingleLinker | None = None
        self._ages = pa.schema([PEOPLE.field("person_no"), *(PEOPLE.field(name) for name in _AGE)]).empty_table()
        self.extend(people)

    def ask(self, written: link.Written, *, denials: link.Denials) -> dict[str, Any]:
        """The link of one row (columns of LINK_SCHEMA but row_id), in milliseconds.

        The first call after somebody new takes as long as the index of everybody does: half a minute at three million.
        """
        if self._single is None:
            self._single = link.SingleLinker(self._known)
        return self._single.link(written, denials=denials)

    @property
    def size(self) -> int:
        """How many people there are."""
        return self._known.size

    def extend(self, people: Iterable[pa.RecordBatch]) -> "Register":
        """The same register with further rows of the vault in it."""
        rows = pa.Table.from_batches(people, schema=PEOPLE)
        ages = pa.concat_tables([self._ages, rows.select(["person_no", *_AGE])])
        newest = _find_newest(ages)
        is_new = pc.greater_equal(newest, self._ages.num_rows)
        self._known.put(_make_ready(rows.take(pc.subtract(newest.filter(is_new), self._ages.num_rows))))
        self._ages = ages.take(newest)
        self._single = None
        return self

    def link(self, identities: Identities, *, denials: link.Denials) -> Linked:
        """Who each of some identities is, by what nobody has denied."""
        return link_identities(identities, known=self._known, denials=denials)


@dataclass(frozen=True)
class _Kept:
    """A register as it was made ready from some parts of the vault."""

    parts: tuple[Part, ...]
    register: Register


_KEPT: WeakKeyDictionary[Store, _Kept] = WeakKeyDictionary()


def read_register(store: Store, *, actor: Actor, now: datetime) -> Register:
    """The register of a deployment as it is now; the look is on record."""
    purpose = read_purpose(store.desk, "linking", now=now)
    parts = tuple(store.vault.parts(Content.PEOPLE))
    kept = _KEPT.pop(store, None)
    [[waiting]] = store.desk.rows(COUNT_WAITING)
    if waiting:  # who waits in the inbox is in no part yet: nothing is kept that could miss them
        return Register(store.read_register(purpose=purpose, actor=actor, now=now))
    register = None if kept is None else _extend(store, kept, parts, purpose=purpose, actor=actor, now=now)
    register = register or Register(store.read_register(purpose=purpose, actor=actor, now=now))
    _KEPT[store] = _Kept(parts, register)
    return register


def ask_who(store: Store, written: link.Written, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Who one row is about, as linking answers (LINK_SCHEMA): for a form, while somebody waits. The look is on record.

    NotAllowed for who may not decide links.
    """
    store.act(link.check_may_review, actor=actor, now=now)
    denials = link.read_denials(store, actor=actor, now=now)
    return read_register(store, actor=actor, now=now).ask(written, denials=denials)


def let_go_of_register(store: Store) -> None:
    """Forget what was made ready: somebody in it may just have been forgotten."""
    _KEPT.pop(store, None)


def _extend(
    store: Store, kept: _Kept, parts: Sequence[Part], *, purpose: Purpose, actor: Actor, now: datetime
) -> Register | None:
    """What was kept with the parts that are new; None where that is not the register any more."""
    new = [part for part in parts if part not in kept.parts]
    if len(kept.parts) + len(new) != len(parts):
        return None
    count = sum(part.row_count for part in parts)
    store.act(lambda act: act.note("register.read", purpose=purpose, count=count), actor=actor, now=now)
    try:
        fresh = [batch for part in new for batch in store.vault.read_part(part).to_batches()]
    except Unusable:  # replaced or forgotten just now: reading everybody says so, or finds what took its place
        return None
    return kept.register.extend(fresh) if fresh else kept.register


def _make_ready(people: pa.Table) -> pa.Table:
    named = people.rename_columns({"person_no": "person_id", "household_no": "household_id"})
    birth = pc.cast(named["birth_date"], pa.string())
    written = named.set_column(named.column_names.index("birth_date"), "birth_date", birth)
    return link.normalise(written.select(["person_id", "household_id", *_WRITTEN]))


def _find_newest(ages: pa.Table) -> pa.ChunkedArray:
    """Where the newest row of each person stands."""
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as memory:
        memory.register("person", ages)
        return memory.sql(NEWEST).to_arrow_table()["place"]
