"""Taking rows out: every export is numbered and marked, and a long one needs a second signature (policy 6.4)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ringfence.access.approvals import approve, propose, use_approval
from ringfence.access.rights import check_can
from ringfence.errors import ApprovalMissing, InputRefused
from ringfence.policy import Permission, Policy, read_in_force
from ringfence.store import Act
from ringfence.terms import Approval, Clock, Language, Plan, Purpose, say

PLAN_KIND = "export"

PLAN_OF = "select plan from approval where approval_id = :approval_id"


@dataclass(frozen=True, kw_only=True)
class Export:
    """What is to be taken out: a listing under some filters, within an area, for a purpose, `rows` at most."""

    listing: str
    filters: Mapping[str, str]
    area_path: str
    purpose: Purpose
    rows: int

    @property
    def plan(self) -> Plan:
        """The export as what a second person signs."""
        filters = json.dumps(dict(self.filters), ensure_ascii=False, sort_keys=True)
        line: dict[str, str | int | float | None] = {
            "listing": self.listing,
            "filters": filters,
            "area_path": self.area_path,
            "purpose": self.purpose.key,
            "rows": self.rows,
        }
        return Plan(kind=PLAN_KIND, basis="", added=(line,))


@dataclass(frozen=True, kw_only=True)
class Watermark:
    """What stands on every page of an export: number, account, moment and purpose, so that a copy tells whose it is."""

    number: int
    user_id: str
    exported_at: datetime
    purpose: Purpose
    approved_by: str | None

    def say(self, language: Language, *, clock: Clock) -> str:
        """The mark as one line in a language, with the local time."""
        return say(
            "Export {number}, taken out by {user} at {moment} for '{purpose}' (clause {clause}); not to be passed on",
            {
                "number": self.number,
                "user": self.user_id,
                "moment": self.exported_at.astimezone(clock.zone).strftime("%Y-%m-%d %H:%M"),
                "purpose": self.purpose.key,
                "clause": self.purpose.clause,
            },
            language,
        )


def propose_export(act: Act, export: Export) -> int:
    """Put an export before a second person; the number under which it is signed."""
    return propose(act, export.plan, area_path=export.area_path)


def sign_export(act: Act, approval_id: int) -> Approval:
    """The second person's signature, over the area that the export names; errors as of `approve`."""
    return approve(act, approval_id)


def begin_export(act: Act, export: Export, *, count: int, approval_id: int | None, clock: Clock) -> Watermark:
    """Say on the ledger that an export of `count` rows begins, and what mark it carries.

    ApprovalMissing for more rows than the policy lets go with one signature, unless exactly this list, under the same
    filters, was signed by a second person a short time ago and was not taken out yet. A list changes while it waits, so
    the signature is for as many rows as it names: InputRefused when there are more by now.
    """
    check_can(act, Permission.EXPORT_MAKE, area_path=export.area_path)
    policy = Policy(read_in_force(act, now=act.now), clock.day_of(act.now))
    approval = _second_signature(act, export, count=count, approval_id=approval_id, policy=policy)
    mark = Watermark(
        number=act.take_numbers("export", 1),
        user_id=act.actor.actor_id,
        exported_at=act.now,
        purpose=export.purpose,
        approved_by=approval.approved_by if approval else None,
    )
    act.note(
        "export.begun", subject=f"export:{mark.number}", purpose=export.purpose, count=count, listing=export.listing
    )
    return mark


def _read_bound(act: Act, approval_id: int) -> int:
    """How many rows a proposal lets go; none where it is of no export."""
    lines = [line for row in act.rows(PLAN_OF, approval_id=approval_id) for line in json.loads(row.plan)["added"]]
    return int(lines[0]["rows"]) if lines and "rows" in lines[0] else 0


def _second_signature(
    act: Act, export: Export, *, count: int, approval_id: int | None, policy: Policy
) -> Approval | None:
    most = policy.integer("export.second_signature_rows")
    if count <= most:
        return None
    if approval_id is None:
        raise ApprovalMissing(
            "an export of more than {most} rows needs a second signature; ask for one, then export", most=most
        )
    signed = replace(export, rows=_read_bound(act, approval_id))
    approval = use_approval(act, signed.plan, approval_id)
    if count > signed.rows:
        raise InputRefused(
            "the list has {count} rows by now, more than the {rows} that were signed; ask again",
            count=count,
            rows=signed.rows,
        )
    if act.now - approval.approved_at > policy.hours("export.approval_hours"):
        raise ApprovalMissing(
            "the signature under proposal {approval_id} is too old; ask again", approval_id=approval_id
        )
    if approval.proposed_by != act.actor.actor_id:
        raise ApprovalMissing(
            "proposal {approval_id} was signed for somebody else; ask yourself", approval_id=approval_id
        )
    return approval
