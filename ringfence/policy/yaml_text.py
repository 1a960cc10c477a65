"""YAML as policies use it: tables, lists, text, numbers, true and false; nothing that means two things.

YAML 1.1 reads `no` as false, `12:30` as 750 and keeps the last of two equal names. Here a name that stands twice is
refused, dates stay text until a field asks for a day, and nothing is written once and meant in two places.
"""

import re
from typing import Any

import yaml

from ringfence.errors import PolicyRefused


class _PolicyLoader(yaml.SafeLoader):
    """A loader without the surprises."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - replaces the parent's

    def __init__(self, text: str, file: str) -> None:
        super().__init__(text)
        self.file = file

    def refuse(self, sentence: str, part: yaml.Node | yaml.Event, **values: str) -> PolicyRefused:
        """The refusal of a part of the text, with file and line filled in."""
        line = part.start_mark.line + 1 if part.start_mark else 1
        return PolicyRefused(sentence, file=self.file, line=line, **values)

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next node; refused when it is a reference to another."""
        event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it bare
        if isinstance(event, yaml.AliasEvent):
            raise self.refuse("{file} line {line} refers to another place; write it out here", event)
        return super().compose_node(parent, index)


def _read_map(loader: _PolicyLoader, node: yaml.MappingNode) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for name, value in node.value:
        if not isinstance(name, yaml.ScalarNode):
            raise loader.refuse("{file} line {line}: a name must be one word; correct it", name)
        if name.value in table:
            raise loader.refuse("{file} line {line}: {name} stands twice; keep one", name, name=name.value)
        table[name.value] = loader.construct_object(value, deep=True)
    return table


_PolicyLoader.add_constructor("tag:yaml.org,2002:map", _read_map)
for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("int", r"-?(?:0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+", "-0123456789"),
):
    _PolicyLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))


def read_yaml(text: str, *, file: str) -> object:
    """What a YAML text says; PolicyRefused with file and line when it is not YAML or says a thing twice."""
    try:
        return _PolicyLoader(text, file).get_single_data()
    except yaml.MarkedYAMLError as error:
        raise PolicyRefused(
            "{file} line {line} is not YAML ({problem}); correct it there",
            file=file,
            line=error.problem_mark.line + 1 if error.problem_mark else 1,
            problem=error.problem,
        ) from error
    except yaml.YAMLError as error:
        raise PolicyRefused("{file} holds a character YAML does not allow; remove it", file=file) from error
