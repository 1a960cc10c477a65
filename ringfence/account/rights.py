"""Who may run the account of a deployment (policy 7.3)."""

from collections.abc import Mapping

from ringfence.access import check_can
from ringfence.policy import Permission
from ringfence.store import Act
from ringfence.terms import Area


def check_may_run(act: Act, *, areas: Mapping[str, Area]) -> None:
    """NotAllowed unless the actor may run the account over the whole hierarchy."""
    for area in areas.values():
        if not area.parent_code:
            check_can(act, Permission.ACCOUNT_RUN, area_path=area.path)
