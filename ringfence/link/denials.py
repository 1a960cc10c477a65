"""Lines whose link somebody denied at the door: however often they are sent again, they never lead there (policy 2.6).

What a line says of a person is remembered as a number under a key of the deployment, and nothing else of it: from the
number nobody reads who was meant. A line that says the same again goes where the denied one went, to the number its
rows got, and is not certain there either: somebody asks who it is.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import KeysMissing
from ringfence.link.answers import How
from ringfence.store import Act, Aliases, Store
from ringfence.terms import Actor, LinkAnswer

SAID = ("name", "sex", "birth_date", "id_number", "phone", "county", "community", "address_key")
"""The columns of a normal form that say who somebody is; what is worked out from them is left out."""

BETWEEN = "\x1f"
MARK_BYTES = 8
KEY_USE = "link lines"

DENIED_LINES = """
select l.said, l.person_no, l.candidate_no
from link_denied_line l
join link_review r on r.person_no = l.person_no and r.candidate_no = l.candidate_no
where r.status = 'different'
order by l.recorded_at desc, l.person_no desc
"""

TURNED = {
    "answer": LinkAnswer.PERSON.value,
    "how": How.DENIED.value,
    "probability": 1.0,
    **dict.fromkeys(("household_id", "weight", "margin", "weights")),
}
"""What a link becomes that was denied: surely the one who wrote the line, and nobody knows who that is."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Denials:
    """By what a line says and the person it was linked to, the number its rows got; `homes` leads numbers to people."""

    key: bytes = b""
    denied: Mapping[tuple[int, int], int] = field(default_factory=dict)
    homes: Aliases | None = None

    def number(self, normal: pa.Table) -> pa.Array:
        """What each row (in normal form) says, as a number (int64); rows that say the same have the same."""
        texts = [pc.fill_null(normal[name].combine_chunks(), "") for name in SAID]
        joined = pc.binary_join_element_wise(*texts, BETWEEN).to_pylist()
        return pa.array(np.frombuffer(b"".join(map(self._mark, joined)), ">i8").astype(np.int64))

    def turn_one(self, link: Mapping[str, Any], normal: Mapping[str, Any]) -> dict[str, Any]:
        """As `turn`, of the one link of a row in normal form."""
        said = int.from_bytes(self._mark(BETWEEN.join(str(normal[name] or "") for name in SAID)), "big", signed=True)
        found = np.array([link["person_id"] or 0], dtype=np.int64)
        [person] = (found if self.homes is None else self.homes.resolve(found)).tolist()
        if (said, person) not in self.denied:
            return dict(link)
        return {**link, **TURNED, "person_id": self._follow(said, person)}

    def _mark(self, text: str) -> bytes:
        return hmac.digest(self.key, text.encode(), sha256)[:MARK_BYTES]

    def turn(self, links: pa.Table, said: pa.Array) -> pa.Table:
        """The links (LINK_SCHEMA) with those that were denied led to the numbers that their rows got then."""
        places = np.flatnonzero(np.isin(said.to_numpy(), [line for line, _ in self.denied]))
        found = links["person_id"].take(pa.array(places)).fill_null(0).to_numpy()
        people = found if self.homes is None else self.homes.resolve(found)
        lines = said.to_numpy()[places].tolist()
        turned = {
            place: self._follow(line, person)
            for place, line, person in zip(places.tolist(), lines, people.tolist(), strict=True)
            if (line, person) in self.denied
        }
        return _lead(links, turned) if turned else links

    def _follow(self, line: int, person: int) -> int:
        """Where a line leads in the end: each denial gave its rows a number later than any before."""
        while (line, person) in self.denied:
            person = self.denied[line, person]
        return person


NOTHING_DENIED = Denials()


def read_denials(store: Store, *, actor: Actor, now: datetime) -> Denials:
    """What was denied and still is, and the key under which lines are numbered."""
    homes = Aliases(store.desk)

    def read(act: Act) -> Denials:
        act.note("link.denials_read")
        rows = list(act.rows(DENIED_LINES))
        at_home = homes.resolve(np.array([row.candidate_no for row in rows], dtype=np.int64)).tolist()
        denied = {(row.said, person): row.person_no for row, person in zip(rows[::-1], at_home[::-1], strict=True)}
        return Denials(key=_read_key(act, store), denied=denied, homes=homes)

    return store.act(read, actor=actor, now=now)


def _read_key(act: Act, store: Store) -> bytes:
    try:
        return store.keys.newest(KEY_USE, ask=act.rows).key
    except KeysMissing:  # the first list of a deployment
        return store.keys.make(act, KEY_USE).key


def _lead(links: pa.Table, turned: Mapping[int, int]) -> pa.Table:
    is_turned = np.zeros(links.num_rows, dtype=bool)
    is_turned[list(turned)] = True
    led = np.zeros(links.num_rows, dtype=np.int64)
    led[list(turned)] = list(turned.values())
    told = {**TURNED, "person_id": pa.array(led)}
    columns = {
        name: pc.if_else(pa.array(is_turned), _as(told[name], links[name].type), links[name]) if name in told else own
        for name, own in zip(links.column_names, links.columns, strict=True)
    }
    return pa.table(columns, schema=links.schema)


def _as(value: object, type_: pa.DataType) -> pa.Scalar | pa.Array:
    return value if isinstance(value, pa.Array) else pa.scalar(value, type_)
