"""The roster: who answers where, when, and how much a day (policy 7.1)."""

from ringfence.feeds import build_duties, build_units
from ringfence.intake.arrivals import Arrival, Effects
from ringfence.store import Act
from ringfence.work import put_duties, put_units


def take_in(arrival: Arrival) -> Effects:
    """Units and their duties on the desk."""
    units = build_units(arrival.rows, known=arrival.known)
    duties = build_duties(arrival.rows, clock=arrival.store.clock)

    def put(act: Act) -> None:
        put_units(act, units, batch_no=arrival.batch_no)
        for part in duties:
            put_duties(act, part, batch_no=arrival.batch_no)

    return Effects(on_desk=put)
