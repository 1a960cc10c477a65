"""Notices become observations: an officer reads them and proposes a fence, or does not (policy 6.2)."""

from ringfence.areas import top_paths
from ringfence.intake.arrivals import Arrival, Effects
from ringfence.signals import put_observations
from ringfence.store import Act
from ringfence.terms import Observation, Reason, ReasonCode, Subject, SubjectKind


def take_in(arrival: Arrival) -> Effects:
    """Observations on the desk, one a notice."""
    [*tops] = top_paths(arrival.areas)
    observed = [
        Observation(
            subject=Subject(SubjectKind.FEED, row["notice_id"]),
            reason=Reason.of(
                ReasonCode.RISK_AREA_NOTICED,
                area=row["risk_area"],
                level=row["risk_level"],
                disease=row["disease"],
                from_date=str(row["from_date"]),
            ),
            observed_at=arrival.now,
            area_path=tops[0],
        )
        for row in arrival.rows.to_pylist()
    ]

    def put(act: Act) -> None:
        put_observations(act, observed, origin=f"batch:{arrival.batch_no}")

    return Effects(on_desk=put)
