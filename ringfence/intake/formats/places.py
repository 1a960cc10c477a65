"""Places get their numbers (policy 5.1)."""

from ringfence.areas import put_places
from ringfence.feeds import build_places
from ringfence.intake.arrivals import Arrival, Effects
from ringfence.store import Act


def take_in(arrival: Arrival) -> Effects:
    """Places on the desk."""
    places = build_places(arrival.rows)

    def put(act: Act) -> None:
        put_places(act, places, areas=arrival.areas, batch_no=arrival.batch_no)

    return Effects(on_desk=put)
