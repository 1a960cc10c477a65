"""Scorecards as they are shown where persons are not: small counts held back, and what would tell them (policy 6.4)."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.account.scorecards import SCORECARD, read_scorecard
from ringfence.account.suppression import COUNTS, suppress
from ringfence.policy import Policy
from ringfence.store import Desk, Scope

BELOW = "count.suppress_below"

_MET, _MISSED = "met", "missed"


def read_shown_scorecard(desk: Desk, day: int, *, scope: Scope, policy: Policy) -> pa.Table:
    """The scorecard of a local day in the reader's areas (schema SCORECARD), empty where a number is not to be shown.

    What is held back is decided over the whole city, for two readers of different areas may put together what they see.
    """
    own = read_scorecard(desk, day, scope=scope)
    whole = read_scorecard(desk, day, scope=Scope.of_system())
    below = policy.integer(BELOW, on=day)
    shown = {
        (row["area_path"], row["indicator"]): row
        for indicator in whole["indicator"].unique().to_pylist()
        for row in hold_back_scores(whole.filter(pc.equal(whole["indicator"], indicator)), below=below)
    }
    return pa.Table.from_pylist([shown[row["area_path"], row["indicator"]] for row in own.to_pylist()], SCORECARD)


def hold_back_scores(scores: pa.Table, *, below: int) -> Iterator[dict[str, object]]:
    """The rows of one indicator over all areas, numerator and denominator empty where they are not to be shown.

    A numerator that counts part of its denominator stands in one frame with the rest. One that counts something else
    (hours) is shown only where every denominator is: amounts can be subtracted as counts can.
    """
    rows = scores.to_pylist()
    is_part = all(row["numerator"] <= row["denominator"] for row in rows)
    parts = {
        name: value
        for row in rows
        for name, value in (
            ((row["area_path"], _MET), row["numerator"] if is_part else 0),
            ((row["area_path"], _MISSED), row["denominator"] - (row["numerator"] if is_part else 0)),
        )
    }
    counts = [{"area_path": path, "column": column, "n": n} for (path, column), n in parts.items()]
    found = {
        (row["area_path"], row["column"]): row["n"]
        for row in suppress(pa.Table.from_pylist(counts, schema=COUNTS), below=below).to_pylist()
    }
    shows_all = None not in found.values()
    for row in rows:
        met = found[row["area_path"], _MET]
        yield row | {
            "numerator": met if is_part else row["numerator"] if shows_all else None,
            "denominator": found[row["area_path"], ""],
        }
