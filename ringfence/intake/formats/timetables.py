"""Timetables give trips their stops (policy 6.2)."""

from ringfence.areas import StopRow, put_stops
from ringfence.intake.arrivals import Arrival, Effects
from ringfence.intake.formats.passenger_list import find_trips
from ringfence.store import Act


def take_in(arrival: Arrival) -> Effects:
    """Stops on the desk."""
    stops = [
        StopRow(
            trip_no=trip_no,
            stop_no=row["stop_no"],
            name=row["stop"],
            area_code=row["stop_area"],
            arrives_at=row["arrives_at"],
            leaves_at=row["leaves_at"],
            row=row["row"],
        )
        for row, trip_no in zip(arrival.rows.to_pylist(), find_trips(arrival).to_pylist(), strict=True)
    ]

    def put(act: Act) -> None:
        put_stops(act, stops, batch_no=arrival.batch_no)

    return Effects(on_desk=put)
