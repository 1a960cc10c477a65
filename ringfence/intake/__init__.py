"""Intake: what the rows of each format become: persons, records in the lake, reports on the desk (policy 2.1)."""

from ringfence.intake.arrivals import Arrived
from ringfence.intake.persons import Register
from ringfence.intake.receiving import read_known, receive
from ringfence.intake.turns import Delivery, links_people

__all__ = ["Arrived", "Delivery", "Register", "links_people", "read_known", "receive"]
