"""Answers that are files: written into a folder that is gone once they are sent."""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from fastapi.responses import FileResponse
from starlette.background import BackgroundTask


def answer_file(name: str, write: Callable[[Path], Mapping[str, str]]) -> FileResponse:
    """The file that `write` writes, under the headers it answers with; no copy of it stays, here or on the way."""
    folder = Path(tempfile.mkdtemp(prefix="ringfence-"))
    path = folder / name
    try:
        headers = write(path)
    except BaseException:
        shutil.rmtree(folder)
        raise
    said = {"Cache-Control": "no-store", **headers}
    return FileResponse(path, filename=name, headers=said, background=BackgroundTask(shutil.rmtree, folder))
