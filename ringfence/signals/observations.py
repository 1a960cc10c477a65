"""Observations: what the duties noticed, kept until somebody decides what it means (policy 7.2)."""

from collections.abc import Sequence

from ringfence.store import Act
from ringfence.terms import Observation, to_us

INSERT_OBSERVATION = """
insert into observation (subject_kind, subject_key, reason, origin, observed_at, area_path, recorded_at)
values (:subject_kind, :subject_key, :reason, :origin, :observed_at, :area_path, :recorded_at)
on conflict (origin) do nothing
"""


def put_observations(act: Act, observations: Sequence[Observation], *, origin: str) -> int:
    """Keep observations; the same origin and subject and reason is kept once. How many were handed in."""
    act.run_many(
        INSERT_OBSERVATION,
        [
            {
                "subject_kind": observation.subject.kind,
                "subject_key": observation.subject.key,
                "reason": observation.reason.to_json(),
                "origin": f"{origin}/{observation.subject}/{observation.reason.code}",
                "observed_at": to_us(observation.observed_at),
                "area_path": observation.area_path,
                "recorded_at": to_us(act.now),
            }
            for observation in observations
        ],
    )
    act.note("observations.put", subject=origin, count=len(observations))
    return len(observations)
