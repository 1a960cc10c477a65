"""The lists of access: accounts, their roles within areas, and what waits for a second person (policy 2.6, 6.4)."""

from ringfence.store import Filter, Listing
from ringfence.terms import Role, from_us

USERS = Listing(
    name="users",
    table="user_account",
    columns={"user_id": str, "is_active": bool, "recorded_at": from_us},
    sorts={"user_id": ("user_id",)},
    usual_sort="user_id",
    filters={"active": Filter("is_active", bool)},
)
"""Accounts by key."""

GRANTS = Listing(
    name="grants",
    table="user_grant",
    columns={
        "grant_id": int,
        "user_id": str,
        "role": Role,
        "area_path": str,
        "granted_by": str,
        "recorded_at": from_us,
        "revoked_at": from_us,
        "revoked_by": str,
    },
    sorts={"grant_id": ("grant_id",)},
    may_lack=frozenset({"revoked_at", "revoked_by"}),
    usual_sort="grant_id",
    filters={
        "user": Filter.same("user_id"),
        "role": Filter.same("role", Role),
        "standing": Filter("revoked_at is null", bool),
    },
)
"""Roles within areas, in the order they were given."""

APPROVALS = Listing(
    name="approvals",
    table="approval",
    columns={
        "approval_id": int,
        "plan_kind": str,
        "plan_digest": str,
        "proposed_by": str,
        "proposed_at": from_us,
        "decided_by": str,
        "decided_at": from_us,
        "is_approved": bool,
        "applied_at": from_us,
    },
    sorts={"approval_id": ("approval_id",)},
    may_lack=frozenset({"decided_by", "decided_at", "is_approved", "applied_at"}),
    usual_sort="-approval_id",
    filters={"kind": Filter.same("plan_kind"), "waiting": Filter("decided_by is null", bool)},
)
"""What one person proposed and another decides on, the newest first."""
