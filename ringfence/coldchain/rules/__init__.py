"""What the schema lacks: the rules an EPCIS document is checked by, one function each."""

from ringfence.coldchain.rules import frame, holding, reasons, sensors, sequence, things
from ringfence.coldchain.rules.rule import RULES, Asked, Level, Rule, Scope

__all__ = ["RULES", "Asked", "Level", "Rule", "Scope", "frame", "holding", "reasons", "sensors", "sequence", "things"]
