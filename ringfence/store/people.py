"""What is known of some people: the newest row of each, from vault and inbox, under whoever their numbers lead to."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ringfence.store.aliases import Aliases
from ringfence.store.desk import Desk
from ringfence.store.inbox import read_inbox
from ringfence.store.keys import KeyRing
from ringfence.store.vault import PEOPLE, Content, Part, Vault

Numbers = npt.NDArray[np.int64]


def read_newest(desk: Desk, keys: KeyRing, vault: Vault, people: Numbers) -> pa.Table:
    """One row a person (schema PEOPLE), sorted by number; numbers nobody has are left out."""
    aliases = Aliases(desk)
    numbers, homes = aliases.expand(aliases.resolve(people))
    if not numbers.size:
        return PEOPLE.empty_table()
    wanted = pa.array(np.sort(numbers))
    # the inbox first: folding moves people from it to the vault, never back, so nobody is missed between the two
    waiting = read_inbox(desk, keys, between=(int(numbers.min()), int(numbers.max())))
    found = [waiting.filter(pc.is_in(waiting["person_no"], value_set=wanted)), *vault.read_people(wanted)]
    return _newest(pa.concat_tables(found), numbers, homes)


def read_everybody(desk: Desk, keys: KeyRing, vault: Vault) -> Iterator[pa.RecordBatch]:
    """Every row of vault and inbox, as of one moment, streamed in batches of schema PEOPLE."""
    parts, files, waiting = _open_everybody(desk, keys, vault)
    yield from vault.stream(parts, files)
    yield from waiting.to_batches()


def _open_everybody(desk: Desk, keys: KeyRing, vault: Vault) -> tuple[list[Part], list[pq.ParquetFile], pa.Table]:
    while True:
        parts, files = vault.open_all(Content.PEOPLE)
        waiting = read_inbox(desk, keys)
        if vault.parts(Content.PEOPLE) == parts:  # nobody was folded between the two
            return parts, files, waiting


def _newest(rows: pa.Table, numbers: Numbers, homes: Numbers) -> pa.Table:
    """The newest row of each home; of rows as new as each other the one under the person's own number wins."""
    order = np.argsort(numbers)
    own = rows["person_no"].to_numpy()
    home = homes[order][np.searchsorted(numbers[order], own)]
    newest_first = np.lexsort((own != home, -rows["recorded_at"].to_numpy(), home))
    _, first = np.unique(home[newest_first], return_index=True)
    chosen = newest_first[first]
    column = rows.schema.get_field_index("person_no")
    return rows.take(pa.array(chosen)).set_column(column, PEOPLE.field("person_no"), pa.array(home[chosen]))
