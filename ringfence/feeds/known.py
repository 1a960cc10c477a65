"""What is known already and a file's fields may name: areas, places, cases, diseases (policy 6.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from ringfence.feeds.declarations import Reference
from ringfence.terms import Area, ReasonCode

PLACE_KEYS = pa.schema([("place_no", pa.int64()), ("place_id", pa.string())])
CASE_KEYS = pa.schema([("case_key", pa.string()), ("person_no", pa.int64())])

UNKNOWN = {
    Reference.AREA: ReasonCode.UNKNOWN_AREA,
    Reference.PLACE: ReasonCode.UNKNOWN_PLACE,
    Reference.CASE: ReasonCode.UNKNOWN_PERSON,
    Reference.DISEASE: ReasonCode.UNKNOWN_CODE,
    Reference.SITE: ReasonCode.UNKNOWN_PLACE,
}
"""What is said of a field that names nothing known."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """The hierarchy, the numbers of places and the persons of cases by their keys, the diseases, and the sentinels.

    `places` as `areas.read_place_numbers` gives it (PLACE_KEYS), `cases` with columns CASE_KEYS.
    """

    areas: Mapping[str, Area] = field(default_factory=dict)
    places: pa.Table = field(default_factory=PLACE_KEYS.empty_table)
    cases: pa.Table = field(default_factory=CASE_KEYS.empty_table)
    diseases: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()

    def keys(self, reference: Reference) -> pa.Array:
        """All keys that a field may name."""
        if reference is Reference.PLACE:
            return self.places["place_id"].combine_chunks()
        if reference is Reference.CASE:
            return self.cases["case_key"].combine_chunks()
        names = {
            Reference.AREA: self.areas,
            Reference.DISEASE: sorted(self.diseases),
            Reference.SITE: sorted(self.sites),
        }[reference]
        return pa.array(list(names), pa.string())
