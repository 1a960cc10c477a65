"""What the line list alone says of each case: its windows by the protocol, and its generation by the date of onset."""

from collections.abc import Mapping
from dataclasses import dataclass

from ringfence import policy
from ringfence.policy import CaseDays, Protocol
from ringfence.terms import Window, WindowBasis


@dataclass(frozen=True, kw_only=True)
class Known:
    """A case as it was known on the day of its report: its dates, and the windows the protocol gives them."""

    days: CaseDays
    infectious: Window | None
    source: Window | None

    @classmethod
    def of(cls, days: CaseDays, *, protocol: Protocol) -> "Known":
        """A case by its dates."""
        return cls(
            days=days,
            infectious=policy.infectious_window(days, protocol=protocol).window,
            source=policy.source_window(days, protocol=protocol).window,
        )

    @property
    def basis(self) -> WindowBasis:
        """The date the windows stand on."""
        return self.days.stands_on[0]


def read_onsets(known: Mapping[str, Known]) -> dict[str, int]:
    """The day of onset of the cases of which it is known."""
    return {key: case.days.onset_day for key, case in known.items() if case.days.onset_day is not None}


def read_report_delays(known: Mapping[str, Known]) -> dict[str, int]:
    """Days from onset to report, where the onset is known."""
    return {key: known[key].days.reported_day - onset for key, onset in read_onsets(known).items()}


def generations_by_date(known: Mapping[str, Known], *, serial_days: float) -> dict[str, int]:
    """The generation each onset falls into when every one takes a mean serial interval; the first onset's is 0."""
    onsets = read_onsets(known)
    first = min(onsets.values())
    return {key: round((onset - first) / serial_days) for key, onset in onsets.items()}
