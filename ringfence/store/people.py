"""What is known of some people: the newest row of each, from vault and inbox, under whoever their numbers lead to."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.store.aliases import Aliases
from ringfence.store.desk import Desk
from ringfence.store.inbox import read_inbox
from ringfence.store.keys import KeyRing
from ringfence.store.vault import PEOPLE, Content, Part, Vault

Numbers = npt.NDArray[np.int64]


def read_newest(desk: Desk, keys: KeyRing, vault: Vault, people: Numbers) -> pa.Table:
    """One row a person (schema PEOPLE), sorted by number; numbers nobody has are left out."""
    numbers, homes = Aliases(desk).expand(Aliases(desk).resolve(people))
    if not numbers.size:
        return PEOPLE.empty_table()
    wanted = pa.array(np.sort(numbers))
    found = [vault.read_numbers(part, wanted) for part in vault.parts(Content.PEOPLE) if _may_hold(part, numbers)]
    waiting, _ = read_inbox(desk, keys, between=(int(numbers.min()), int(numbers.max())))
    found.append(waiting.filter(pc.is_in(waiting["person_no"], value_set=wanted)))
    return _newest(pa.concat_tables(found), numbers, homes)


def _may_hold(part: Part, numbers: Numbers) -> bool:
    if part.first_no is None or part.last_no is None:
        return False
    return bool(((numbers >= part.first_no) & (numbers <= part.last_no)).any())


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
