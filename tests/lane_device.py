"""A lane's device as a process of its own: it takes its queue up and sends, and can be killed in the middle of it.

python lane_device.py ADDRESS TOKEN QUEUE KEY STOP_AFTER - after so many requests were acknowledged it waits to be
killed, before its queue lets go of what was sent last.
"""

import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ringfence.client import Client, LaneQueue


def main() -> None:
    """Send what waits."""
    address, token, path, key, stop_after = sys.argv[1:]
    acknowledged = 0
    client = Client(address, token=token)

    def send(passages: Sequence[Mapping[str, Any]]) -> None:
        nonlocal acknowledged
        client.register_passages(passages)
        acknowledged += 1
        if acknowledged == int(stop_after):
            sys.stdout.write("acknowledged\n")
            sys.stdout.flush()
            time.sleep(600)

    with LaneQueue(Path(path), key=bytes.fromhex(key)) as queue:
        queue.send(send)
    sys.stdout.write("sent\n")


if __name__ == "__main__":
    main()
