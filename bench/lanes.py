"""Lanes that send passages over kept-open sockets, in a process of their own: bench/gate.py gives them their requests.

The requests are written before the clock starts and of the answers only the status is read: a client library would
take more of a processor than the server, and the server is what is measured.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence


async def send(port: int, requests: Sequence[bytes], times: list[float]) -> None:
    """One lane: the next request goes out when the one before it was answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"refused: {head.decode()}")
        length = head.lower().index(b"content-length:") + len(b"content-length:")
        await reader.readexactly(int(head[length : head.index(b"\r", length)]))
        times.append(time.perf_counter() - began)
    writer.close()


async def send_all(port: int, queues: Sequence[Sequence[bytes]]) -> dict[str, object]:
    """Every lane's queue at once: seconds in all, of the processor, and of each answer."""
    times: list[float] = []
    began, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(send(port, queue, times) for queue in queues))
    return {"seconds": time.perf_counter() - began, "processor": time.process_time() - used, "times": times}


def main() -> None:
    """Read the port and the queues, and tell what it came to."""
    asked = json.loads(sys.stdin.read())
    queues = [[request.encode() for request in queue] for queue in asked["queues"]]
    sys.stdout.write(json.dumps(asyncio.run(send_all(asked["port"], queues))))


if __name__ == "__main__":
    main()
