"""Access: users, roles, area paths and purposes; the one scoped query every desk read goes through (policy 6.4)."""

from ringfence.access.approvals import approve, decline, propose, read_approval, use_approval
from ringfence.access.cross_site import check_csrf, check_origin
from ringfence.access.listings import APPROVALS, GRANTS, USERS
from ringfence.access.members import Member, list_members, put_member, put_members, remove_member
from ringfence.access.outside import check_is_outside, check_is_superior, is_outside
from ringfence.access.rights import check_can, covers, read_grants, read_policy, read_purpose, read_scope
from ringfence.access.sessions import (
    OpenedSession,
    OpenSession,
    Session,
    SignInWay,
    keep_session,
    list_sessions,
    read_session,
    sign_out,
    sign_out_everywhere,
)
from ringfence.access.sign_in import confirm_password, sign_in
from ringfence.access.throttle import forgive_failures
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
    "APPROVALS",
    "GRANTS",
    "USERS",
    "OpenSession",
    "OpenedSession",
    "Session",
    "SignInWay",
    "add_user",
    "approve",
    "check_can",
    "check_csrf",
    "check_origin",
    "check_password",
    "confirm_password",
    "covers",
    "decline",
    "forgive_failures",
    "grant_role",
    "keep_session",
    "list_grants",
    "list_sessions",
    "make_first_administrator",
    "propose",
    "read_approval",
    "read_grants",
    "read_purpose",
    "read_scope",
    "read_session",
    "revoke_grant",
    "set_active",
    "set_password",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "use_approval",
]
    "check_is_outside",
    "check_is_superior",
    "is_outside",
