"""Account: indicators and scorecards, gap checks, findings, corrective actions, targets (policy 7)."""

from ringfence.account.below_cut import BelowCut, ShownMessages, read_below_cut, read_shown_messages
from ringfence.account.canaries import plant_canaries, watch_canaries
from ringfence.account.exports import (
    Exported,
    Wanted,
    count_export,
    find_own_export,
    list_exports,
    make_export,
    plan_export,
    read_export,
)
from ringfence.account.findings import (
    correct_finding,
    list_actions,
    list_findings,
    prove_finding,
    read_finding,
)
from ringfence.account.forms import fill_form
from ringfence.account.gaps import GapRun, find_gaps
from ringfence.account.held import HeldSheet, gather_held
from ringfence.account.held_page import write_held_page
from ringfence.account.held_rows import Held, HeldKind, HeldRecords
from ringfence.account.indicator import Count, Indicator, read_indicators
from ringfence.account.listings import FINDINGS
from ringfence.account.look_reviews import LookReview, answer_review, draw_reviews, list_reviews
from ringfence.account.overview import Overview, read_overview, read_shown_overview
from ringfence.account.page import write_page
from ringfence.account.period import Period
from ringfence.account.scorecards import SCORECARD, read_scorecard, write_scorecard
from ringfence.account.shown import read_shown_scorecard
from ringfence.account.suppression import COUNTS, suppress
from ringfence.account.targets import TargetState, compare_targets, put_target

__all__ = [
    "COUNTS",
    "FINDINGS",
    "SCORECARD",
    "BelowCut",
    "Count",
    "Exported",
    "GapRun",
    "Held",
    "HeldKind",
    "HeldRecords",
    "HeldSheet",
    "Indicator",
    "LookReview",
    "Overview",
    "Period",
    "ShownMessages",
    "TargetState",
    "Wanted",
    "answer_review",
    "compare_targets",
    "correct_finding",
    "count_export",
    "draw_reviews",
    "fill_form",
    "find_gaps",
    "find_own_export",
    "gather_held",
    "list_actions",
    "list_exports",
    "list_findings",
    "list_reviews",
    "make_export",
    "plan_export",
    "plant_canaries",
    "prove_finding",
    "put_target",
    "read_below_cut",
    "read_export",
    "read_finding",
    "read_indicators",
    "read_overview",
    "read_scorecard",
    "read_shown_messages",
    "read_shown_overview",
    "read_shown_scorecard",
    "suppress",
    "watch_canaries",
    "write_held_page",
    "write_page",
    "write_scorecard",
]
