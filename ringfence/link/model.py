"""The shipped models: what is weighed, and where weights become answers (how one is trained: docs/link.md)."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import pyarrow as pa

from ringfence.errors import InputRefused, NotFound
from ringfence.link.tables import NORMAL_SCHEMA

CURRENT = {"han": "han-3", "latin": "latin-1"}
"""The model that each name profile links with; older files stay, for the links that name them."""

CERTAINTY_SCHEMA = pa.schema(
    [("how", pa.string()), ("answer", pa.string()), ("from_odds", pa.float64()), ("probability", pa.float64())]
)
"""How often an answer was right on labelled towns, by what it rests on and, from some odds (bits) on, by the odds."""


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """A trained model.

    `splink` is a settings dictionary whose comparisons have every m and u. `blocks` are SQL over one record: two
    records are compared where one of them comes to the same. `is_near`, `is_slip`, `is_namesake`, `has_other_name` and
    `has_other_id` are SQL over the levels gamma_<comparison>: a near name, or a near ID number under no other name; a
    slip of the pen in a name that all else vouches for; somebody called nearly so; another name under the same valid ID
    number; two valid ID numbers. `background` is the number of people with other values who are imagined
    beside a register when the frequency of a value is taken; `resident_share` is the share of rows expected to have a
    person in the register. From `person_weight` bits on, with a lead of `least_margin`, a pair is a person; from
    `review_weight` on it is worth somebody's look. `certainty` holds lines of CERTAINTY_SCHEMA. `kinds` are the
    comparisons that a further column of some kind can have, and `extra` the further columns of this linking.
    """

    version: str
    profile: str
    background: int
    resident_share: float
    person_weight: float
    review_weight: float
    least_margin: float
    blocks: list[str]
    is_near: str
    is_slip: str
    is_namesake: str
    has_other_name: str
    has_other_id: str
    certainty: list[dict[str, Any]]
    splink: dict[str, Any]
    kinds: dict[str, str] = {}
    extra: tuple[str, ...] = ()

    @property
    def compared(self) -> list[str]:
        """The columns of a record that are compared."""
        return [*NORMAL_SCHEMA.names, *self.extra]


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


def extend_model(model: Model, extra: Mapping[str, str]) -> Model:
    """The model with further columns, each compared as its kind says; InputRefused for a kind it does not have."""
    for column, kind in extra.items():
        if kind not in model.kinds or not column.isidentifier() or column in NORMAL_SCHEMA.names:
            raise InputRefused(
                "a further column needs a plain name not yet taken and a kind of {kinds}; {column} is called {kind}",
                column=column,
                kind=kind,
                kinds=", ".join(model.kinds) or "no",
            )
    further = [msgspec.json.decode(model.kinds[kind].replace("COLUMN", column)) for column, kind in extra.items()]
    splink = model.splink | {"comparisons": [*model.splink["comparisons"], *further]}
    return msgspec.structs.replace(model, splink=splink, extra=tuple(extra))
