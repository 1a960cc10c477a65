"""What a rule is asked, and the form of its answer (policy 2.2)."""

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.terms import ReasonCode, SubjectKind
from ringfence.trace.settings import RuleSettings
from ringfence.trace.tables import CONTACTS, FOUND
from ringfence.trace.visible import Visible

SOURCES_IN_ORDER = "select signal, case_no, direction, person as source from source order by source_no"


@dataclass(frozen=True)
class Question:
    """What a rule is asked: who was exposed to the visible sources, by one protocol's numbers."""

    visible: Visible
    settings: RuleSettings

    def find(self, query: str, **values: float | str) -> pa.Table:
        """What a rule's last query finds (FOUND); columns it does not name are empty."""
        found = self.visible.read(query, **values)
        empty = pa.nulls(found.num_rows)
        columns = [found.column(n) if n in found.column_names else empty for n in FOUND.names]
        return pa.table(columns, names=FOUND.names).cast(FOUND)

    def answer(self, found: pa.Table, *, rule: str, code: ReasonCode) -> pa.Table:
        """What was found as contacts of persons (CONTACTS), in the order it was found in."""
        sources = self.visible.read(SOURCES_IN_ORDER).combine_chunks()
        row = pc.subtract(found.column("source_no"), 1)
        known = {name: sources.column(name).take(row) for name in sources.column_names}
        words = {"subject_kind": SubjectKind.PERSON, "rule": rule, "code": code}
        known |= {name: _repeat(word, found.num_rows) for name, word in words.items()}
        known |= {name: found.column(name) for name in FOUND.names}
        return pa.table([known[name] for name in CONTACTS.names], names=CONTACTS.names).cast(CONTACTS)


def put_in_order(answers: Iterable[pa.Table]) -> pa.Table:
    """Answers of one rule (CONTACTS) as one, sorted as each of them is."""
    together = pa.concat_tables(answers).unify_dictionaries()
    keys = together.select(["signal", "case_no", "source", "direction", "subject", "first_day", "code"])
    plain = pa.table({name: _plain(keys[name]) for name in keys.column_names})
    return together.take(pc.sort_indices(plain, sort_keys=[(name, "ascending") for name in plain.column_names]))


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _repeat(word: str, times: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), times), [str(word)])
