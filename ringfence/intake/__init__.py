"""Intake: what the rows of each format become: persons, records in the lake, reports on the desk (policy 2.1)."""

from ringfence.intake.arrivals import Arrived
from ringfence.intake.receiving import receive
from ringfence.intake.turns import Delivery

__all__ = ["Arrived", "Delivery", "receive"]
