"""Style, scripts and the charts' bundle, each at an address that names its content, so that it may be kept for ever."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files

import vl_convert

BUNDLE, SNIPPET = "vega.js", "window.vegaEmbed = vegaEmbed;"
"""The charts' bundle, and all that it leaves in the page."""

TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """A file to be served: its bytes, the same packed by gzip, its type, and the tag that stands for its content."""

    content: bytes
    packed: bytes
    media_type: str
    tag: str


@cache
def read_asset(name: str) -> Asset | None:
    """An asset by name; the charts' bundle is made from vl-convert when it is first asked for, which takes a second."""
    if name == BUNDLE:
        content = vl_convert.javascript_bundle(SNIPPET).encode()
    elif name in list_assets():
        content = (files(__package__) / "assets" / name).read_bytes()
    else:
        return None
    tag = hashlib.sha256(content).hexdigest()[:12]
    return Asset(content, gzip.compress(content, mtime=0), TYPES[name.rpartition(".")[2]], tag)


@cache
def list_assets() -> frozenset[str]:
    """The names of our own files."""
    return frozenset(file.name for file in (files(__package__) / "assets").iterdir())


@cache
def address_of(name: str) -> str:
    """Where an asset is served; for the bundle, to spare making it, tagged with the version of what makes it."""
    if name == BUNDLE:
        return f"/assets/{name}?{version('vl-convert-python')}"
    found = read_asset(name)
    return f"/assets/{name}?{found.tag if found else ''}"
