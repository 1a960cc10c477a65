"""What the epcis-event-hash-generator package takes for a document: run by bench/coldchain.py.

Reads a line of JSON: the document and seconds to spend. Answers with the best processor time of a round in seconds,
from the text to the hashes, and the hashes. Nothing is written to disk.
"""

import json
import logging
import sys
import time

from epcis_event_hash_generator.hash_generator import epcis_hashes_from_events
from epcis_event_hash_generator.json_to_py import event_list_from_epcis_document_str


def main() -> None:
    """Measure it."""
    logging.disable(logging.CRITICAL)
    asked = json.loads(sys.stdin.readline())
    best, hashes, until = float("inf"), [], time.monotonic() + asked["seconds"]
    while time.monotonic() < until or not hashes:
        began = time.process_time()
        hashes = epcis_hashes_from_events(event_list_from_epcis_document_str(asked["document"]))
        best = min(best, time.process_time() - began)
    print(json.dumps({"seconds": best, "hashes": hashes}))


if __name__ == "__main__":
    main()
