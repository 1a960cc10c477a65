"""Where a policy is read from: the shipped files, a folder somebody edits, the text that was published."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ringfence.errors import PolicyRefused
from ringfence.policy.entries import Entry
from ringfence.policy.policy_set import PolicySet
from ringfence.policy.schema import read_record
from ringfence.policy.yaml_text import read_yaml

SECTIONS = ("clauses", "retention", "rules", "purposes", "roles")
"""Sections that are one file each; a disease is a file in protocols/, and every other file holds dated numbers."""

PROTOCOLS = "protocols"


@cache
def read_defaults() -> PolicySet:
    """The policy that is shipped: the city's, where it wrote a number down, and sourced choices elsewhere."""
    shipped = files(__package__)
    return _read_files(_texts((shipped / "defaults").iterdir()), _texts((shipped / PROTOCOLS).iterdir()), "policy")


def copy_defaults(folder: Path) -> None:
    """Write the shipped files into a folder for a deployment to edit; PolicyRefused when it holds some already."""
    shipped = files(__package__)
    if any(folder.glob("*.yaml")):
        raise PolicyRefused("{folder} holds policy files already; edit those or name another folder", folder=folder)
    for source, target in ((shipped / "defaults", folder), (shipped / PROTOCOLS, folder / PROTOCOLS)):
        target.mkdir(parents=True, exist_ok=True)
        for name, text in _texts(source.iterdir()).items():
            (target / name).write_text(text, encoding="utf-8")


def read_folder(folder: Path) -> PolicySet:
    """The policy a folder of YAML files says; editing them does nothing until it is published.

    PolicyRefused with file, line or name for whatever cannot be read or contradicts itself.
    """
    if not folder.is_dir():
        raise PolicyRefused("{folder} is no folder of policy files; name one", folder=folder)
    protocols = folder / PROTOCOLS
    return _read_files(_texts(folder.iterdir()), _texts(protocols.iterdir() if protocols.is_dir() else ()), str(folder))


def read_text(text: str) -> PolicySet:
    """The policy a canonical JSON text says, as `PolicySet.text` wrote it; PolicyRefused when it is damaged."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise PolicyRefused(
            "the published policy is damaged at character {character}; restore it from a backup", character=error.pos
        ) from error
    return read_record(PolicySet, Entry(document, "published policy"))


def _texts(sources: Iterable[Traversable]) -> dict[str, str]:
    texts = {}
    for source in sorted(sources, key=lambda each: each.name):
        if source.name.endswith(".yml"):
            raise PolicyRefused("{file} would not be read; rename it to end in .yaml", file=source.name)
        if source.name.endswith(".yaml"):
            texts[source.name] = _decode(source)
    return texts


def _decode(source: Traversable) -> str:
    try:
        return source.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PolicyRefused("{file} is not UTF-8 text; save it as UTF-8", file=source.name) from error


def _read_files(parts: Mapping[str, str], protocols: Mapping[str, str], folder: str) -> PolicySet:
    sections: dict[str, Entry] = {}
    numbers: dict[str, Entry] = {}
    for file, text in parts.items():
        entry = Entry(read_yaml(text, file=file), file)
        name = file.removesuffix(".yaml")
        if name in SECTIONS:
            sections[name] = entry
        else:
            _add_numbers(numbers, entry)
    for section in SECTIONS:
        if section not in sections:
            raise PolicyRefused("{folder} has no {file}; copy the shipped one", folder=folder, file=f"{section}.yaml")
    return read_record(
        PolicySet,
        Entry(
            {**sections, "numbers": Entry(numbers, folder), PROTOCOLS: Entry(_read_protocols(protocols), folder)},
            folder,
        ),
    )


def _add_numbers(numbers: dict[str, Entry], entry: Entry) -> None:
    for key, number in entry.items().items():
        if key in numbers:
            raise PolicyRefused(
                "{key} stands in {first} and in {second}; keep one",
                key=key,
                first=numbers[key].where.partition(":")[0],
                second=entry.where,
            )
        numbers[key] = number


def _read_protocols(texts: Mapping[str, str]) -> dict[str, Entry]:
    diseases = {}
    for file, text in texts.items():
        where = f"{PROTOCOLS}/{file}"
        diseases[file.removesuffix(".yaml")] = Entry(read_yaml(text, file=where), where)
    return diseases
