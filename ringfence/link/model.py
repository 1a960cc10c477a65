"""The shipped models: what Splink weighs, and where its weights become answers (how one is trained: docs/link.md)."""

from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import pyarrow as pa

from ringfence.errors import NotFound

CURRENT = {"han": "han-1"}
"""The model that each name profile links with; older files stay, for the links that name them."""

CERTAINTY_SCHEMA = pa.schema([("how", pa.string()), ("answer", pa.string()), ("probability", pa.float64())])
"""How often an answer was right on labelled towns, by what it rests on."""


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """A trained model.

    `splink` is a settings dictionary with every m and u, `levels` says which levels of its comparisons mean what.
    `background` is the number of people with other values who are imagined beside a register when the frequency of a
    value is taken; `resident_share` is the share of rows expected to have a person in the register. From
    `person_weight` bits on, with a lead of `least_margin`, a pair is a person; from `review_weight` on it is worth
    somebody's look. `certainty` holds lines of CERTAINTY_SCHEMA.
    """

    version: str
    background: int
    resident_share: float
    person_weight: float
    review_weight: float
    least_margin: float
    levels: dict[str, int]
    certainty: list[dict[str, Any]]
    splink: dict[str, Any]


@cache
def read_model(profile: str) -> Model:
    """The current model of a name profile; NotFound for a profile that has none."""
    if profile not in CURRENT:
        raise NotFound(
            "no link profile is called {profile}; choose one of {profiles}",
            profile=profile,
            profiles=", ".join(CURRENT),
        )
    text = (files(__package__) / "models" / f"{CURRENT[profile]}.json").read_bytes()
    return msgspec.json.decode(text, type=Model)
