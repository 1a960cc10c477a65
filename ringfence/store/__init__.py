"""Store: vault, lake, desk and ledger behind one door (policy 6.4)."""

from ringfence.store.act import Act
from ringfence.store.aliases import Aliases, find_members, merge_people, split_person, undo_alias
from ringfence.store.days import days_of
from ringfence.store.deployment import Deployment, read_deployment
from ringfence.store.desk import Desk
from ringfence.store.door import Store, init_store, open_store
from ringfence.store.forgetting import Forgetting
from ringfence.store.inbox import add_people
from ringfence.store.indexing import index_lake
from ringfence.store.key_index import find_rows, write_index
from ringfence.store.lake import Lake, LakeFile
from ringfence.store.lake_indexes import Laid
from ringfence.store.ledger import Head, read_heads, read_recent_lines
from ringfence.store.listing import Filter, Listing, Reading, read_day, read_instant
from ringfence.store.listings import BATCHES, LEDGER
from ringfence.store.looks import Look
from ringfence.store.manifest import Batch, commit_batch, end_batch, read_batch, read_batches
from ringfence.store.pages import (
    MOST_ROWS,
    ListRow,
    Page,
    among_listed,
    check_listed,
    count_rows,
    read_page,
    read_row,
    read_row_in,
    stream_rows,
)
from ringfence.store.scope import EVERYWHERE, PROTECTED, Scope
from ringfence.store.sealing import seal, unseal
from ringfence.store.told import Told, read_chain_ends
from ringfence.store.upkeep import (
    every_number,
    fold_inbox,
    forget_before,
    forget_due,
    forget_in_vault,
    forget_people,
    rotate_keys,
    separate_rows,
    upgrade_schema,
)
from ringfence.store.vault import PEOPLE, Content, Part, StagedPart, Vault

__all__ = [
    "BATCHES",
    "EVERYWHERE",
    "LEDGER",
    "MOST_ROWS",
    "PEOPLE",
    "PROTECTED",
    "Act",
    "Aliases",
    "Batch",
    "Content",
    "Deployment",
    "Desk",
    "Filter",
    "Forgetting",
    "Head",
    "Laid",
    "Lake",
    "LakeFile",
    "ListRow",
    "Listing",
    "Look",
    "Page",
    "Part",
    "Reading",
    "Scope",
    "StagedPart",
    "Store",
    "Told",
    "Vault",
    "add_people",
    "among_listed",
    "check_listed",
    "commit_batch",
    "count_rows",
    "days_of",
    "end_batch",
    "every_number",
    "find_members",
    "find_rows",
    "fold_inbox",
    "forget_before",
    "forget_due",
    "forget_in_vault",
    "forget_people",
    "index_lake",
    "init_store",
    "merge_people",
    "open_store",
    "read_batch",
    "read_batches",
    "read_chain_ends",
    "read_day",
    "read_deployment",
    "read_heads",
    "read_instant",
    "read_page",
    "read_recent_lines",
    "read_row",
    "read_row_in",
    "rotate_keys",
    "seal",
    "separate_rows",
    "split_person",
    "stream_rows",
    "undo_alias",
    "unseal",
    "upgrade_schema",
    "write_index",
]
