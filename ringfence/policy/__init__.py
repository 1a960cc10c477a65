"""Policy: every number with its clause and its dates; published, never just edited."""

from ringfence.policy.day import Policy
from ringfence.policy.numbers import DatedNumber, UnitOfMeasure
from ringfence.policy.permissions import Permission
from ringfence.policy.plans import PLAN_KIND, plan_publication
from ringfence.policy.policy_set import PolicySet
from ringfence.policy.protocol import (
    Contact,
    Disease,
    Incubation,
    MeasureStep,
    Protocol,
    Reach,
    ReleaseRule,
    RingPlan,
    SerialInterval,
    Tier,
)
from ringfence.policy.publication import publish_policy, read_in_force
from ringfence.policy.purposes import DeclaredPurpose, Family
from ringfence.policy.retention import CollectedFor, CountedFrom, Retention
from ringfence.policy.roles import RoleRights
from ringfence.policy.rules import RuleDeclaration, RuleUse
from ringfence.policy.show import PolicyRow, show_policy
from ringfence.policy.sources import copy_defaults, read_defaults, read_folder, read_text
from ringfence.policy.windows import (
    BasedWindow,
    CaseDays,
    DatedMeasure,
    date_measures,
    follow_up_window,
    infectious_window,
    source_window,
)

__all__ = [
    "PLAN_KIND",
    "BasedWindow",
    "CaseDays",
    "CollectedFor",
    "Contact",
    "CountedFrom",
    "DatedMeasure",
    "DatedNumber",
    "DeclaredPurpose",
    "Disease",
    "Family",
    "Incubation",
    "MeasureStep",
    "Permission",
    "Policy",
    "PolicyRow",
    "PolicySet",
    "Protocol",
    "Reach",
    "ReleaseRule",
    "Retention",
    "RingPlan",
    "RoleRights",
    "RuleDeclaration",
    "RuleUse",
    "SerialInterval",
    "Tier",
    "UnitOfMeasure",
    "copy_defaults",
    "date_measures",
    "follow_up_window",
    "infectious_window",
    "plan_publication",
    "publish_policy",
    "read_defaults",
    "read_folder",
    "read_in_force",
    "read_text",
    "show_policy",
    "source_window",
]
