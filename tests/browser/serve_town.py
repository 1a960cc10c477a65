"""A process to be killed: serves API and console of a deployment at an instant that stands still.

`python serve_town.py FOLDER PORT INSTANT`; the folder's lease ends with the process, however it ends.
"""

import sys
from datetime import datetime
from pathlib import Path

import uvicorn

from ringfence.cli.serving import join_apps
from ringfence.store import open_store

if __name__ == "__main__":
    folder, port, instant = sys.argv[1:]
    now = datetime.fromisoformat(instant)
    app = join_apps(open_store(Path(folder)), clock=lambda: now)
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning")
