"""The lists that terminals fetch: whom to believe, what was revoked, the rules; each in versions that only go up (1.2).

Kept is the signed text as it was published. A terminal reads it with keys of its own and believes nothing because it
came from us; what is checked here is that we hand out nothing a terminal would have to refuse.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from ringfence.access import check_can
from ringfence.errors import InputRefused
from ringfence.gate.revocations import read_revocations
from ringfence.gate.rules import read_rule
from ringfence.policy import Permission
from ringfence.seal import Keys, read_trust_list
from ringfence.store import EVERYWHERE, Act, Desk
from ringfence.terms import from_us, to_us

INSERT_LIST = """
insert into gate_list (kind, version, body, issued_at, published_by, recorded_at)
values (:kind, :version, :body, :issued_at, :actor, :now)
"""

NEWEST = "select kind, version, body, issued_at from gate_list where kind = :kind order by version desc limit 1"

VERSIONS = "select kind, max(version) as version from gate_list group by kind order by kind"


class ListKind(StrEnum):
    """What terminals fetch."""

    TRUST = "trust_list"
    REVOCATIONS = "revocation_list"
    RULES = "rules"


@dataclass(frozen=True, kw_only=True)
class GateList:
    """One version of a list: a sealed text, of rules their JSON."""

    kind: ListKind
    version: int
    body: str
    issued_at: datetime


def publish_list(act: Act, kind: ListKind, text: str, *, signers: Keys) -> GateList:
    """Hand out a list from now on; TokenRefused for one that `signers` did not sign.

    InputRefused for one that is no newer than what is handed out, and for rules that cannot be read.
    """
    check_can(act, Permission.POLICY_PUBLISH, area_path=EVERYWHERE)
    held = _newest(act.rows(NEWEST, kind=kind))
    found = _read(kind, text, held=held, signers=signers, now=act.now)
    if held and found.version <= held.version:
        raise InputRefused(
            "version {version} of {kind} is handed out already; publish a newer one", version=held.version, kind=kind
        )
    act.run(
        INSERT_LIST,
        kind=kind,
        version=found.version,
        body=found.body,
        issued_at=to_us(found.issued_at),
        actor=act.actor.actor_id,
        now=to_us(act.now),
    )
    act.note("gate_list.published", subject=kind, version=found.version)
    return found


def read_list(desk: Desk, kind: ListKind) -> GateList | None:
    """The newest version of a list; None where none was published."""
    return _newest(desk.rows(NEWEST, kind=kind))


def read_versions(desk: Desk) -> dict[str, int]:
    """The newest version of each list that was published."""
    return {row.kind: row.version for row in desk.rows(VERSIONS)}


def _read(kind: ListKind, text: str, *, held: GateList | None, signers: Keys, now: datetime) -> GateList:
    if kind is ListKind.TRUST:
        trusted = read_trust_list(text, trust=signers, now=now)
        return GateList(kind=kind, version=trusted.version, body=text, issued_at=trusted.issued_at)
    if kind is ListKind.REVOCATIONS:
        revoked = read_revocations(text, trust=signers, now=now)
        return GateList(kind=kind, version=revoked.version, body=text, issued_at=revoked.issued_at)
    for document in _read_documents(text):
        read_rule(document)
    return GateList(kind=kind, version=held.version + 1 if held else 1, body=text, issued_at=now)


def _read_documents(text: str) -> list[dict[str, object]]:
    try:
        documents = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputRefused("the rules are no JSON that can be read; send a list of rules") from error
    if not isinstance(documents, list) or not all(isinstance(one, dict) for one in documents):
        raise InputRefused("the rules are no JSON that can be read; send a list of rules")
    return documents


def _newest(rows: Sequence[Any]) -> GateList | None:
    return next(
        (
            GateList(kind=ListKind(row.kind), version=row.version, body=row.body, issued_at=from_us(row.issued_at))
            for row in rows
        ),
        None,
    )
