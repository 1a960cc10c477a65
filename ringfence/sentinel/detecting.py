"""Detection by name: the folder of detectors is the register."""

from collections.abc import Mapping

from ringfence.errors import NotFound
from ringfence.plugins import find_plugins
from ringfence.sentinel.counts import Alarms, Counts

# What R surveillance and the CDC's Rnssp call the detectors that copy them.
ELSEWHERE = {
    "farringtonFlexible": "farrington_flexible",
    "farrington": "farrington_classic",
    "earsC": "ears",
    "alert_ewma": "cdc_ewma",
    "alert_regression": "cdc_regression",
    "alert_switch": "cdc_switch",
    "alert_farrington": "cdc_farrington",
}


def read_detectors() -> list[str]:
    """The names of the detectors there are."""
    return sorted(find_plugins("ringfence.sentinel.detectors", "detect"))


def detect(counts: Counts, *, detector: str, control: Mapping[str, object]) -> Alarms:
    """What a detector finds, by its own name or that of the function it copies; NotFound names those there are."""
    found = find_plugins("ringfence.sentinel.detectors", "detect").get(ELSEWHERE.get(detector, detector))
    if found is None:
        raise NotFound(
            "there is no detector {name}; there are: {names}", name=detector, names=", ".join(read_detectors())
        )
    alarms: Alarms = found(counts, control=control)
    return alarms
