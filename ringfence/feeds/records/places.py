"""Rows about places to what `areas.put_places` takes (policy 5.1)."""

import pyarrow as pa

from ringfence.areas import PlaceRow
from ringfence.terms import PlaceKind


def build_places(accepted: pa.Table) -> list[PlaceRow]:
    """The places, row by row; where nobody knows the position it is None."""
    return [PlaceRow(**{**row, "kind": PlaceKind(row["kind"])}) for row in accepted.to_pylist()]
