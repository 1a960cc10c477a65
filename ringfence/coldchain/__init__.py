"""Cold chain: purchase, sale, storage and transport in one closed loop (policy 3)."""

from ringfence.coldchain.converting import convert
from ringfence.coldchain.documents import Document, RawEvent, read_document
from ringfence.coldchain.hashing import hash_event, hash_events

__all__ = ["Document", "RawEvent", "convert", "hash_event", "hash_events", "read_document"]
