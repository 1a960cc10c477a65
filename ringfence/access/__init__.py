"""Access: users, roles, area paths and purposes; the one scoped query every desk read goes through (policy 6.4)."""

from ringfence.access.approvals import approve, decline, propose, read_approval, use_approval
from ringfence.access.listings import APPROVALS, GRANTS, USERS
from ringfence.access.rights import check_can, covers, read_grants, read_purpose, read_scope
from ringfence.access.users import (
    add_user,
    check_password,
    grant_role,
    list_grants,
    make_first_administrator,
    revoke_grant,
    set_active,
    set_password,
)

__all__ = [
    "add_user",
    "approve",
    "check_can",
    "check_password",
    "covers",
    "decline",
    "grant_role",
    "list_grants",
    "make_first_administrator",
    "propose",
    "read_approval",
    "read_grants",
    "read_purpose",
    "APPROVALS",
    "GRANTS",
    "USERS",
    "OpenSession",
    "OpenedSession",
    "Session",
    "SignInWay",
    "read_scope",
    "revoke_grant",
    "set_active",
    "set_password",
    "use_approval",
]
