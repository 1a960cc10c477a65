"""Intake: what the rows of each format become: persons, records in the lake, reports on the desk (policy 2.1)."""

from ringfence.intake.arrivals import Arrived, Refused
from ringfence.intake.receiving import read_known, receive
from ringfence.intake.register import Register
from ringfence.intake.rejects import Rejected, read_rejects
from ringfence.intake.turns import Delivery, links_people

__all__ = [
    "Arrived",
    "Delivery",
    "Refused",
    "Register",
    "Rejected",
    "links_people",
    "read_known",
    "read_rejects",
    "receive",
]
