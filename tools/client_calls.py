"""Writes ringfence/client/calls from the description of the API: a file a room, a method a route, a row a shape."""

import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from graphlib import TopologicalSorter
from pathlib import Path
from typing import cast

from client_shapes import SHARED, Description, Route, Schema, is_term, parts_of, say_type

from ringfence.api import make_api
from ringfence.store import Store

FOLDER = Path(__file__).parent.parent / "ringfence" / "client" / "calls"
MADE = "Made from the description of the API by `tools/docs.py`; do not edit."
PAGING = ("limit", "after")
MOST_WIDE = 110


def write_calls() -> dict[Path, str]:
    """The text of every file of the folder."""
    app = make_api(cast("Store", None), clock=lambda: datetime.now(UTC))  # it is described, and never asked
    read = Description(app.openapi())
    texts = {room: write_room(read, room, routes) for room, routes in read.rooms.items()}
    texts[SHARED] = write_file(read, SHARED, "Shapes that several rooms have.", [])
    texts["__init__"] = write_index(sorted(read.rooms))
    return {FOLDER / f"{name}.py": tidy(text) for name, text in texts.items()}


def write_index(rooms: list[str]) -> str:
    """The calls of all rooms, as one object."""
    imports = "\n".join(f"from ringfence.client.calls.{room} import {class_of(room)}" for room in rooms)
    made = "\n".join(f"        self.{room} = {class_of(room)}(asking)" for room in rooms)
    return f'''"""Every route of the API as a typed method. {MADE}"""

from ringfence.client.asking import Asking
{imports}

__all__ = ["Calls"]


class Calls:
    """Every route of the API, by room."""

    def __init__(self, asking: Asking) -> None:
{made}
'''


def write_room(read: Description, room: str, routes: list[Route]) -> str:
    """A room's file: its shapes and its calls."""
    methods = "\n".join(write_method(read, *route) for route in routes)
    title = room.replace("_", " ")
    calls = f'class {class_of(room)}(Room):\n    """The calls of {title}."""\n\n{methods}'
    return write_file(read, room, f"The calls of {title}.", [calls])


def write_file(read: Description, room: str, doc: str, ends: list[str]) -> str:
    """A file of what stands in it; it imports what its text names."""
    keys = [key for key, home in read.homes.items() if home == room]
    body = "\n\n".join([*(write_shape(read, key) for key in order(read, keys)), *ends])
    code = re.sub(r'""".*?"""', "", body, flags=re.DOTALL)
    words = set(re.findall(r"\w+", code)) - (set() if "field(" in code else {"field"})
    sources = {
        "collections.abc": {"Iterator"},
        "dataclasses": {"dataclass", "field"},
        "datetime": {"date", "datetime"},
        "typing": {"Any", "Literal"},
        f"ringfence.client.calls.{SHARED}": {
            read.schemas[key]["title"] for key, home in read.homes.items() if home == SHARED and room != SHARED
        },
        "ringfence.client.room": {"FileAnswer", "Room", "in_path"},
        "ringfence.terms": {schema["title"] for schema in read.schemas.values() if is_term(schema)},
    }
    used = {source: ", ".join(sorted(names & words)) for source, names in sources.items()}
    lines = [f"from {source} import {names}" for source, names in used.items() if names]
    ours = [line for line in lines if line.startswith("from ringfence")]
    imports = "\n".join([*lines[: len(lines) - len(ours)], "", *ours])
    return f'"""{doc} {MADE}"""\n\n{imports}\n\n{body}\n'


def order(read: Description, keys: list[str]) -> Iterator[str]:
    """Shapes so that each stands behind those it is made of."""
    parts = {key: sorted(set(read.named_in(read.schemas[key])) & set(keys)) for key in sorted(keys)}
    return TopologicalSorter(parts).static_order()


def write_shape(read: Description, key: str) -> str:
    """A dataclass, or an enumeration's values where the project's words have none."""
    schema = read.schemas[key]
    if "enum" in schema:
        return f"{schema['title']} = {read.type_of(schema)}\n"
    fields = parts_of(schema)
    lines = [f"    {name}: {say_type(read, part, is_needed=needed, is_field=True)}" for name, part, needed in fields]
    head = f"@dataclass(frozen=True, kw_only=True)\nclass {schema['title']}:"
    return "\n".join([head, say_doc(schema["description"]), "", *lines, ""])


def say_doc(text: str) -> str:
    """A shape's description as a docstring: its first clause, and what follows behind an empty line."""
    whole = " ".join(text.split())
    if len(whole) <= MOST_WIDE:
        return f'    """{whole}"""'
    first, _, rest = re.split(r"([.;:]) ", whole, maxsplit=1)
    more = textwrap.fill(rest[0].upper() + rest[1:], MOST_WIDE, initial_indent="    ", subsequent_indent="    ")
    return f'    """{first}.\n\n{more}\n    """'


def class_of(room: str) -> str:
    """The name of a room's class."""
    return "".join(word.title() for word in room.split("_")) + "Calls"


def tidy(text: str) -> str:
    """As `make format` leaves it."""
    asked = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(FOLDER / "made.py"), "-"]
    return subprocess.run(asked, input=text, capture_output=True, text=True, check=True).stdout  # noqa: S603 - ours


def write_method(read: Description, method: str, path: str, route: Schema) -> str:
    """One route as a method: what stands in its path, then a file, then everything else by name."""
    name = route["operationId"].removesuffix(re.sub(r"\W", "_", path) + "_" + method)
    asked = [one for one in route.get("parameters", []) if one["in"] != "header"]
    row, body = read.row_of(route), read.body_of(route)
    query = [one for one in asked if one["in"] == "query" and not (row and one["name"] in PAGING)]
    keys = [f"{one['name']}: {read.type_of(one['schema'])}" for one in asked if one["in"] == "path"]
    content = "content" if "requestBody" in route and body is None else "None"
    given = [(one["name"], one["schema"], one["required"]) for one in query] + (parts_of(body) if body else [])
    named = [f"{one}: {say_type(read, part, is_needed=must, is_field=False)}" for one, part, must in given]
    takes = ["self", *keys, *(["content: bytes"] if content == "content" else []), *(["*", *named] if named else [])]
    parts = [by_name([one["name"] for one in query]), by_name(list(body["properties"])) if body else "None", content]
    returns, call = write_call(read, method, path, route, parts=parts)
    doc = f'"""{route["summary"]} ({method.upper()} {path})."""'
    if len(doc) > MOST_WIDE:
        doc = f'"""{route["summary"]}.\n\n        {method.upper()} {path}\n        """'
    return f"    def {name}({', '.join(takes)}) -> {returns}:\n        {doc}\n        return {call}\n"


def write_call(read: Description, method: str, path: str, route: Schema, *, parts: list[str]) -> tuple[str, str]:
    """What a method returns, and the call that it makes."""
    place = re.sub(r"{(\w+)}", r"{in_path(\1)}", path)
    address = f'"{place}"' if place == path else f'f"{place}"'
    while parts and parts[-1] == "None":
        parts.pop()
    row, answered = read.row_of(route), read.answer_of(route)
    sent = ", ".join([repr(method.upper()), address, *parts])
    if row:
        kind = read.type_of(row)
        return f"Iterator[{kind}]", f"self._walk({kind}, {address}, {parts[0]})"
    if answered is None:
        return "FileAnswer", f"self._keep({sent})"
    kind = read.type_of(answered)
    return kind, f"self._ask({kind}, {sent})"


def by_name(names: list[str]) -> str:
    """Arguments as they are sent."""
    return f"{{{', '.join(f'{name!r}: {name}' for name in names)}}}" if names else "None"
