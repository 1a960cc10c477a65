"""What a gate says to a traveller: pass, once more, not like this, or unreadable; why, and what to do next (1.4)."""

from dataclasses import dataclass
from enum import StrEnum

from ringfence.terms import Reason, ReasonCode
from ringfence.terms.reasons import Value


class Decision(StrEnum):
    """The four answers of a gate; only the first lets through, and only care goes before it (policy 1.5)."""

    ADMIT = "admit"
    RECHECK = "recheck"
    REFUSE = "refuse"
    UNREADABLE = "unreadable"


class NextStep(StrEnum):
    """Where a traveller who is not admitted goes now: nobody is left standing (policy 1.4)."""

    SCAN_AGAIN = "scan_again"
    SHOW_ANOTHER_PROOF = "show_another_proof"
    MEASURE_AGAIN = "measure_again"
    SAMPLE_HERE = "sample_here"
    WAITING_AREA = "waiting_area"
    COUNTER = "counter"
    CARE_NOW = "care_now"


@dataclass(frozen=True)
class Verdict:
    """A decision; other than `admit` it has a reason and a next step."""

    decision: Decision
    reason: Reason | None = None
    next_step: NextStep | None = None

    @classmethod
    def admit(cls) -> "Verdict":
        """Let through."""
        return cls(Decision.ADMIT)

    @classmethod
    def recheck(cls, code: ReasonCode, next_step: NextStep, **values: Value) -> "Verdict":
        """Not yet: something can be done about it here."""
        return cls(Decision.RECHECK, Reason.of(code, **values), next_step)

    @classmethod
    def refuse(cls, code: ReasonCode, next_step: NextStep, **values: Value) -> "Verdict":
        """Not like this."""
        return cls(Decision.REFUSE, Reason.of(code, **values), next_step)

    @classmethod
    def unreadable(cls, code: ReasonCode, next_step: NextStep, **values: Value) -> "Verdict":
        """What was shown says nothing."""
        return cls(Decision.UNREADABLE, Reason.of(code, **values), next_step)

    @classmethod
    def care_now(cls, kind: str) -> "Verdict":
        """To care now, whatever a check would say; recorded after (policy 1.5)."""
        return cls(Decision.ADMIT, Reason.of(ReasonCode.EMERGENCY, kind=kind), NextStep.CARE_NOW)

    @property
    def admits(self) -> bool:
        """Whether the traveller may go on."""
        return self.decision is Decision.ADMIT
