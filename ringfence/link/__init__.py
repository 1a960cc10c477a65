"""Link: rows to persons and households (policy 2.1, 2.3)."""

from ringfence.link.answers import How
from ringfence.link.denials import Denials, read_denials
from ringfence.link.files import dedupe_file, link_files
from ringfence.link.known import KnownPeople
from ringfence.link.lists import Columns, read_columns_file
from ringfence.link.model import read_model
from ringfence.link.newcomers import cluster_new
from ringfence.link.normalise import normalise
from ringfence.link.reading import Written
from ringfence.link.reviews import (
    Verdict,
    check_may_review,
    decide_review,
    deny_aliases,
    forget_past_reviews,
    forget_reviews_of,
    has_denied,
    list_decided,
    list_reviews,
    put_denied,
    put_reviews,
    read_calibration,
    read_labels,
    read_open_review,
    read_review,
    restore_denied,
    show_pair,
    undo_review,
)
from ringfence.link.rows import link_rows, link_to
from ringfence.link.sharing import hash_file, match_files
from ringfence.link.single import SingleLinker
from ringfence.link.tables import CLUSTER_SCHEMA, IDENTITY_SCHEMA, LINK_SCHEMA, REGISTER_SCHEMA, ROWS_SCHEMA
from ringfence.link.tiers import CERTAIN, Tier
from ringfence.link.tokens import make_key, read_key

__all__ = [
    "CERTAIN",
    "CLUSTER_SCHEMA",
    "IDENTITY_SCHEMA",
    "LINK_SCHEMA",
    "REGISTER_SCHEMA",
    "ROWS_SCHEMA",
    "Columns",
    "Denials",
    "How",
    "KnownPeople",
    "SingleLinker",
    "Tier",
    "Verdict",
    "Written",
    "check_may_review",
    "cluster_new",
    "decide_review",
    "dedupe_file",
    "deny_aliases",
    "forget_past_reviews",
    "forget_reviews_of",
    "has_denied",
    "hash_file",
    "link_files",
    "link_rows",
    "link_to",
    "list_decided",
    "list_reviews",
    "make_key",
    "match_files",
    "normalise",
    "put_denied",
    "put_reviews",
    "read_calibration",
    "read_columns_file",
    "read_denials",
    "read_key",
    "read_labels",
    "read_model",
    "read_open_review",
    "read_review",
    "restore_denied",
    "show_pair",
    "undo_review",
]
