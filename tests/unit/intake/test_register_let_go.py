"""The register made ready for linking is let go of when somebody in it is forgotten (policy 6.5)."""

import gc
import weakref
from collections.abc import Callable
from datetime import datetime

import pytest

from ringfence import access, stewardship
from ringfence.intake import Register
from ringfence.intake.register import read_register
from ringfence.store import Store
from ringfence.terms import Actor, Grant, RecordKind, Role

STEWARD = Actor("data_steward")


def _read(store: Store, now: datetime) -> "weakref.ref[Register]":
    return weakref.ref(read_register(store, actor=STEWARD, now=now))


@pytest.mark.parametrize(
    "forget",
    [
        lambda store, now: stewardship.forget(
            store, RecordKind.VISIT, before_day=None, people=[1], actor=STEWARD, now=now
        ),
        lambda store, now: stewardship.keep_retention(store, actor=STEWARD, now=now),
    ],
    ids=["somebody", "whose time is over"],
)
def test_nothing_made_ready_outlives_what_is_forgotten(
    staffed: Store, now: datetime, forget: Callable[[Store, datetime], object]
) -> None:
    grant = Grant(role=Role.DATA_STEWARD, area_path="")
    staffed.act(lambda act: access.grant_role(act, STEWARD.actor_id, grant), actor=Actor("administrator"), now=now)
    kept = _read(staffed, now)
    gc.collect()
    assert kept() is not None, "it is made ready once for many files"
    forget(staffed, now)
    gc.collect()
    assert kept() is None
