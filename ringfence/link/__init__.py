"""Link: rows to persons and households (policy 2.1, 2.3)."""

from ringfence.link.answers import How
from ringfence.link.newcomers import cluster_new
from ringfence.link.normalise import normalise
from ringfence.link.rows import link_rows
from ringfence.link.tables import CLUSTER_SCHEMA, IDENTITY_SCHEMA, LINK_SCHEMA, REGISTER_SCHEMA, ROWS_SCHEMA
from ringfence.link.tiers import Tier

__all__ = [
    "CLUSTER_SCHEMA",
    "IDENTITY_SCHEMA",
    "LINK_SCHEMA",
    "REGISTER_SCHEMA",
    "ROWS_SCHEMA",
    "How",
    "Tier",
    "cluster_new",
    "link_rows",
    "normalise",
]
