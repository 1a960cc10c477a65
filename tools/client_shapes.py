"""Reads the description of the API for `client_calls`: rooms, routes, and how Python writes a shape's type."""

import enum
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from ringfence import terms

FORMATS = {"date": "date", "date-time": "datetime", "binary": "bytes"}
PLAIN = {"integer": "int", "number": "float", "boolean": "bool", "null": "None"}
SHARED = "shared"

Schema = dict[str, Any]
Route = tuple[str, str, Schema]


class Description:
    """The description, read: which routes each room has, and in which file each shape is written."""

    def __init__(self, described: Schema) -> None:
        self.schemas: dict[str, Schema] = described["components"]["schemas"]
        self.rooms: dict[str, list[Route]] = defaultdict(list)
        for path, item in described["paths"].items():
            for method, route in item.items():
                self.rooms[re.sub(r"\W", "_", route["tags"][0])].append((method, path, route))
        self.homes = self._find_homes()

    def resolve(self, schema: Schema) -> Schema:
        """A shape itself, where only its name was said."""
        return self.schemas[key_of(schema)] if "$ref" in schema else schema

    def body_of(self, route: Schema) -> Schema | None:
        """The JSON a route takes, None where it takes none."""
        content = route.get("requestBody", {}).get("content", {}).get("application/json")
        return self.resolve(content["schema"]) if content else None

    def answer_of(self, route: Schema) -> Schema | None:
        """The shape a route answers with, None where it answers with a file."""
        [found] = [answer for status, answer in route["responses"].items() if status.startswith("2")]
        content: Schema = found["content"].get("application/json", {})
        return content.get("schema")

    def row_of(self, route: Schema) -> Schema | None:
        """The rows' shape, where a route answers a list by pages."""
        properties = self.resolve(self.answer_of(route) or {}).get("properties", {})
        return properties["rows"]["items"] if "next_cursor" in properties else None

    def type_of(self, schema: Schema) -> str:
        """A shape as Python writes its type."""
        if "$ref" in schema:
            return str(self.schemas[key_of(schema)]["title"])
        if "enum" in schema:
            return f"Literal[{', '.join(repr(one) for one in schema['enum'])}]"
        for many, written in (("anyOf", "{}"), ("prefixItems", "tuple[{}]")):
            if many in schema:
                kinds = [self.type_of(one) for one in schema[many]]
                return written.format(" | ".join(dict.fromkeys(kinds)) if many == "anyOf" else ", ".join(kinds))
        kind = schema.get("type")
        if kind == "array":
            return f"list[{self.type_of(schema['items'])}]"
        if kind == "object":
            more = schema.get("additionalProperties") or next(iter(schema.get("patternProperties", {}).values()), True)
            return f"dict[str, {'Any' if more is True else self.type_of(more)}]"
        return FORMATS.get(schema.get("format", ""), "str") if kind == "string" else PLAIN.get(str(kind), "Any")

    def named_in(self, schema: object) -> Iterator[str]:
        """The keys of all shapes that one speaks of, itself and through others."""
        if isinstance(schema, dict):
            if "$ref" in schema:
                yield key_of(schema)
                yield from self.named_in(self.schemas[key_of(schema)])
            else:
                yield from (key for one in schema.values() for key in self.named_in(one))
        elif isinstance(schema, list):
            yield from (key for one in schema for key in self.named_in(one))

    def _find_homes(self) -> dict[str, str]:
        """Each shape's file: its room's, or the shared one where several rooms have it; none for a body's own."""
        users: dict[str, set[str]] = defaultdict(set)
        for room, routes in self.rooms.items():
            for _, _, route in routes:
                parts = [route.get("parameters", []), self.row_of(route) or self.answer_of(route)]
                for key in self.named_in([*parts, (self.body_of(route) or {}).get("properties", {})]):
                    users[key].add(room)
        return {
            key: next(iter(rooms)) if len(rooms) == 1 else SHARED
            for key, rooms in users.items()
            if not is_term(self.schemas[key])
        }


def key_of(schema: Schema) -> str:
    """The key of the shape that a reference names."""
    return str(schema["$ref"]).rpartition("/")[2]


def is_term(schema: Schema) -> bool:
    """Whether a shape is an enumeration of the project's words."""
    known = getattr(terms, schema["title"], None)
    return isinstance(known, enum.EnumMeta) and [one.value for one in known] == schema.get("enum")


def parts_of(schema: Schema) -> list[tuple[str, Schema, bool]]:
    """A shape's parts as they stand: name, shape, and whether it must be there."""
    needed = schema.get("required", [])
    return [(name, part, name in needed) for name, part in schema.get("properties", {}).items()]


def say_type(read: Description, part: Schema, *, is_needed: bool, is_field: bool) -> str:
    """A part's type, and what it is where it is not said."""
    kind, usual = read.type_of(part), part.get("default")
    if is_needed:
        return kind
    if isinstance(usual, list | dict) and is_field:
        return f"{kind} = field(default_factory={type(usual).__name__})"
    if usual is None or isinstance(usual, list | dict):
        return f"{kind if kind.endswith('None') else kind + ' | None'} = None"
    known = getattr(terms, kind, None) if is_term(read.resolve(part)) else None
    return f"{kind} = {f'{kind}.{known(usual).name}' if known else repr(usual)}"
