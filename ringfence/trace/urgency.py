"""Whom to reach first: infections averted, days left, and harm if missed; and what a cut misses (policy 2.2, 2.3).

A weight says how likely somebody was infected. What reaching them today averts is that chance, times the share of
their own infections that still lies ahead: the tail of the serial interval after the days since their last exposure.
Whoever could do harm if missed (a ward or a care home, a pregnancy) counts that many times more. Nothing else about a
person counts; poverty, origin and ethnicity stand in no table a trace reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.policy import Policy, SerialInterval
from ringfence.terms import GroupKind
from ringfence.trace.intervals import Numbers, share_beyond
from ringfence.trace.settings import Weighing

HARM_KINDS = (GroupKind.WARD, GroupKind.ANTENATAL)
"""Groups whose members could come to harm, or bring it, if missed: wards and care homes, and the register of
pregnancies."""


@dataclass(frozen=True, kw_only=True)
class Urgency:
    """How today's order follows from weights: `harm` is by kind of group, the largest of somebody's counts.

    Whoever left at most `few_visits` visits in the days a trace saw is among those for whom places are kept.
    """

    weighing: Weighing
    interval: SerialInterval
    harm: Mapping[str, float]
    few_visits: int


def read_urgency(interval: SerialInterval, *, weighing: Weighing, policy: Policy) -> Urgency:
    """The numbers of the day; the serial interval is the disease's."""
    harm = {kind.value: policy.number(f"trace.harm_{kind.value}") for kind in HARM_KINDS}
    return Urgency(weighing=weighing, interval=interval, harm=harm, few_visits=policy.integer("trace.few_visits"))


def put_urgency(exposed: pa.Table, *, urgency: Urgency, today: int) -> pa.Table:
    """Exposures with `priority` (what reaching them today averts, in infections) and `leaves_few_visits`.

    Needs the columns weight, last_day, harm_kinds (comma-joined) and visits. Who was exposed today has all ahead.
    """
    days_ago = np.maximum(today - exposed["last_day"].to_numpy(), 0)
    words, of_row = np.unique(exposed["harm_kinds"].fill_null("").to_numpy(zero_copy_only=False), return_inverse=True)
    harm = np.array([max([1.0, *(urgency.harm.get(kind, 1.0) for kind in word.split(","))]) for word in words])
    averted = find_chances(exposed["weight"], weighing=urgency.weighing) * _share_ahead(urgency.interval, days_ago)
    few = pc.less_equal(pc.fill_null(exposed["visits"], 0), urgency.few_visits)
    return exposed.append_column("priority", pa.array(averted * harm[of_row])).append_column("leaves_few_visits", few)


def find_chances(weights: pa.ChunkedArray, *, weighing: Weighing) -> Numbers:
    """How likely each of some weights was infected (shape n).

    Where nobody says what a weight stands for, the weights themselves: their order and shares are all there is.
    """
    weight = weights.to_numpy().astype(np.float64)
    chances: Numbers = -np.expm1(-weighing.hazard * weight) if weighing.hazard else weight
    return chances


def expect_missed(*, listed: float, below: float, weighing: Weighing) -> float:
    """The share of a case's infections that a list is expected to miss, from the sums of chances on either side.

    Missed are those below the cut, and those no record leads to. A ring without anybody has missed whatever there was.
    """
    found = listed / (listed + below) if listed + below else 0.0
    return 1 - (1 - weighing.unseen_share) * found


def _share_ahead(interval: SerialInterval, days_ago: npt.NDArray[np.int64]) -> Numbers:
    """The share of somebody's own infections that lie more than so many days after their exposure (shape n)."""
    days, of_row = np.unique(days_ago, return_inverse=True)
    return share_beyond(interval, days)[of_row]
