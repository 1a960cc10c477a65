"""Proposed feeds as texts, from a file's headers or from what another system is known to export (policy 2.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ringfence.errors import NotFound
from ringfence.feeds.feed_text import write_feed
from ringfence.feeds.header import EVERY_OTHER
from ringfence.plugins import find_plugins

PACKAGE = "ringfence.feeds.systems"


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A feed as far as another system's columns go; what is empty, a person fills in."""

    format: str
    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    layouts: Mapping[str, str] = field(default_factory=dict)


def list_systems() -> list[str]:
    """The systems whose exports are known."""
    return list(find_plugins(PACKAGE, "propose"))


def propose_feed(system: str) -> str:
    """The text of a feed for a system's export; NotFound for a system that is not known."""
    systems = find_plugins(PACKAGE, "propose")
    if system not in systems:
        raise NotFound(
            "no export of {system} is known; choose one of {systems}", system=system, systems=", ".join(systems)
        )
    proposal: Proposal = systems[system]()
    said = {
        "feed": f"from_{system}",
        "format": proposal.format,
        "department": "",
        "purpose": "",
        "retention": "",
        "basis": "",
        "ignored": [EVERY_OTHER],
    }
    sections = {"columns": proposal.columns, "constants": proposal.constants, "layouts": proposal.layouts}
    sections |= {f"words.{column}": words for column, words in proposal.words.items()}
    return write_feed(said, {name: part for name, part in sections.items() if part})
