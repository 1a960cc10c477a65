"""Cold chain: purchase, sale, storage and transport in one closed loop (policy 3)."""

from ringfence.coldchain.capturing import Captured, capture
from ringfence.coldchain.checking import Problem, check
from ringfence.coldchain.converting import convert
from ringfence.coldchain.documents import Document, RawEvent, read_document
from ringfence.coldchain.events import Event, Kind, read_event
from ringfence.coldchain.hashing import hash_event, hash_events
from ringfence.coldchain.page import write_page
from ringfence.coldchain.rules import RULES, Level, Rule
from ringfence.coldchain.sheet import write_trace_sheet
from ringfence.coldchain.tracing import Traced, TracedPlace, TracedThing, Way, trace_lot

__all__ = [
    "RULES",
    "Captured",
    "Document",
    "Event",
    "Kind",
    "Level",
    "Problem",
    "RawEvent",
    "Rule",
    "Traced",
    "TracedPlace",
    "TracedThing",
    "Way",
    "capture",
    "check",
    "convert",
    "hash_event",
    "hash_events",
    "read_document",
    "read_event",
    "trace_lot",
    "write_page",
    "write_trace_sheet",
]
