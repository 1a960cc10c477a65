"""The writer's socket: a server that holds the lease answers the command line's calls, each in a thread of its own."""

import os
import socketserver
import threading
from pathlib import Path

from ringfence.cli.calls import answer_line
from ringfence.store import Store


class WriterSocket:
    """Listens in the deployment's folder until it is closed."""

    def __init__(self, store: Store) -> None:
        self._path: Path = store.deployment.socket
        self._path.unlink(missing_ok=True)  # left by a server that was killed: we hold the lease, so nobody listens

        class Answering(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                for line in self.rfile:
                    answer_line(store, line, self.wfile)

        before = os.umask(0o177)
        try:
            self._server = socketserver.ThreadingUnixStreamServer(str(self._path), Answering)
        finally:
            os.umask(before)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="ringfence-socket", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._path.unlink(missing_ok=True)
