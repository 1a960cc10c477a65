"""The tables a trace takes and gives, as Arrow schemas (policy 2.2).

Days are local day numbers, `*_s` seconds of the local day, `*_at` microseconds since 1970-01-01 UTC. Subjects are
numbers: persons, households, places and lots all have one.
"""

import pyarrow as pa

_I64, _I32, _F64, _TEXT = pa.int64(), pa.int32(), pa.float64(), pa.string()
_WORD = pa.dictionary(pa.int32(), pa.string())


SOURCES = pa.schema(
    [
        ("signal", _I64),
        ("case_no", _I64),
        ("person", _I64),
        ("direction", _TEXT),
        ("first_day", _I32),
        ("first_s", _I32),
        ("last_day", _I32),
        ("last_s", _I32),
    ]
)
"""Whose contacts are wanted: a case's infectious window (forward) or source window (backward).

A window begins with second `first_s` of `first_day` and ends before second `last_s` of `last_day`; a `last_s` past
that day's end means its end. A case may have several windows, and none of its rows may hold an empty field.
"""

ALIASES = pa.schema([("recorded", _I64), ("person", _I64)])
"""Each person number that leads to another, and the person it leads to in the end (one row a number)."""

PLACES = pa.schema([("place_no", _I64), ("longitude", _F64), ("latitude", _F64), ("kind", _TEXT)])
"""Places with their kind and their coordinates in degrees (WGS 84); empty or (0, 0) where nobody knows them."""

ONSETS = pa.schema([("signal", _I64), ("case_no", _I64), ("onset_day", _I64)])
"""The local day on which each case fell ill, where anybody knows it."""

FENCES = pa.schema([("signal", _I64), ("risk_area", _I64), ("first_day", _I32), ("last_day", _I32)])
"""Risk areas whose people are wanted, each with the days on which being there counts, both included."""

FENCED_AREAS = pa.schema([("risk_area", _I64), ("area", _TEXT)])
FENCED_PLACES = pa.schema([("risk_area", _I64), ("place", _I64)])
FENCED_GROUPS = pa.schema([("risk_area", _I64), ("group_kind", _TEXT), ("group_no", _I64)])
FENCED_STOPS = pa.schema([("risk_area", _I64), ("trip", _I64), ("stop_no", _I32), ("day", _I32)])
"""What lies in a risk area: codes of areas, places, the groups of those who sleep there, and the stops of trips with
the day on which the ride is there."""

FOUND = pa.schema(
    [
        ("source_no", _I64),
        ("subject", _I64),
        ("place", _I64),
        ("first_day", _I32),
        ("first_s", _I32),
        ("last_day", _I32),
        ("last_s", _I32),
        ("seconds", _I32),
        ("distance", _F64),
        ("days_apart", _I32),
        ("crowd", _I32),
    ]
)
"""What a rule's query finds, by the number of the source (see `Visible`); the columns are those of CONTACTS."""

CONTACTS = pa.schema(
    [
        ("signal", _I64),
        ("case_no", _I64),
        ("direction", _WORD),
        ("source", _I64),
        ("subject_kind", _WORD),
        ("subject", _I64),
        ("rule", _WORD),
        ("code", _WORD),
        *list(FOUND)[2:],
    ]
)
"""What a rule answers: `source` is the person beside whom the subject was, or the risk area they came from (then the
same number stands as `case_no`), `code` the ReasonCode that says why.

First and last bound the time in which whoever may have been infected was exposed. `seconds` together and `crowd` (how
many persons shared the place with the source, at the same time or, where the rule knows no hours, on the same day) are
empty where the rule does not count them; so are `place`, `distance` (in the rule's own unit) and `days_apart` where it
has none.
"""

REASONS = pa.schema(
    [
        ("signal", _I64),
        ("subject_kind", _TEXT),
        ("subject", _I64),
        ("ring", _I32),
        ("rule", _TEXT),
        ("code", _TEXT),
        ("direction", _TEXT),
        ("case_no", _I64),
        ("source", _I64),
        ("place", _I64),
        ("first_day", _I32),
        ("last_day", _I32),
        ("first_at", _I64),
        ("last_at", _I64),
        ("minutes", _I32),
        ("distance", _F64),
        ("days_apart", _I32),
        ("crowd", _I32),
        ("weight", _F64),
    ]
)
"""Why: one row a reason, sorted; `minutes` is 0 where the rule counts none, `weight` the share of the exposure's."""

EXPOSURES = pa.schema(
    [
        ("signal", _I64),
        ("subject_kind", _TEXT),
        ("subject", _I64),
        ("ring", _I32),
        ("rules", _TEXT),
        ("directions", _TEXT),
        ("first_day", _I32),
        ("last_day", _I32),
        ("minutes", _I32),
        ("weight", _F64),
        ("reasons", _I32),
        ("is_case", pa.bool_()),
    ]
)
"""Who: one row a signal and subject, sorted by them; `rules` and `directions` are sorted and joined by commas.

First and last day are those of being exposed to the case; only who has no such reason keeps the days on which the
case may have been exposed to them. `reasons` counts the rows of REASONS; `is_case` says that the subject is itself
the person of a case in the same trace.
"""
