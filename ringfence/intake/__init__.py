"""Intake: what the rows of each format become: persons, records in the lake, reports on the desk (policy 2.1)."""

from ringfence.intake.arrivals import Arrived, Refused
from ringfence.intake.passages import find_at_risk, lay_waiting, link_waiting
from ringfence.intake.receiving import read_known, receive
from ringfence.intake.register import Register, ask_who, let_go_of_register
from ringfence.intake.rejects import Rejected, read_rejects
from ringfence.intake.turns import Delivery, links_people
from ringfence.intake.withdrawing import Ended, end_batch_of, let_newcomers_go

__all__ = [
    "Arrived",
    "Delivery",
    "Ended",
    "Refused",
    "Register",
    "Rejected",
    "ask_who",
    "end_batch_of",
    "find_at_risk",
    "lay_waiting",
    "let_go_of_register",
    "let_newcomers_go",
    "link_waiting",
    "links_people",
    "read_known",
    "read_rejects",
    "receive",
]
