"""Lists shared without plain identifiers: keyed hashes of what identifies somebody, matched to pseudonymous ids (6.4).

A department hashes its list with a key made for one purpose and hands over the tokens; whoever holds a register hashed
with the same key answers which rows it knows, under numbers that mean nothing elsewhere. This is pseudonymisation, not
anonymity: who has the key can try every ID number of a city within the hour. The key stays with one unit and is turned.
"""

import hmac
import secrets
from hashlib import sha256
from pathlib import Path

import pyarrow as pa

from ringfence.errors import InputRefused
from ringfence.link.tables import open_memory

KEY_BYTES = 32

TOKENS = {
    "id": "case when is_id_valid then id_number || ' ' || coalesce(left(sounds, 12), '') end",
    "name_phone": "sounds || ' ' || phone",
    "name_birth_date": "sounds || ' ' || birth_date || ' ' || coalesce(sex, '')",
    "name_address": "sounds || ' ' || address_key",
}
"""What each token is made of, the surest first: no part of it identifies anybody by itself."""

COMPOSED = f"""
select {", ".join(f"{made_of} as {token}" for token, made_of in TOKENS.items())}
from person
"""  # noqa: S608 - the tokens stand in the lines above

MATCHED = """
with shared as (
    {shared}
),
telling as (
    select rank, row_id, min(person_id) as person_id
    from shared
    group by rank, row_id
    having count(distinct person_id) = 1
)
select row_id, arg_min(person_id, rank) as person_id, min(rank) as rank
from telling
group by row_id
order by row_id
"""
"""A token counts where one person alone has it; of several tokens the surest."""

SHARED = """
select {rank} as rank, sought.row_id, known.person_id
from sought join known on known.{token} = sought.{token}
"""


def make_key() -> str:
    """A key for one purpose, as hexadecimal text."""
    return secrets.token_hex(KEY_BYTES)


def read_key(path: Path) -> bytes:
    """A key from its file; InputRefused for anything else."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise InputRefused("{file} holds no key; make one with: ringfence link key", file=path.name) from error
    if len(key) < KEY_BYTES:
        raise InputRefused("{file} holds no key; make one with: ringfence link key", file=path.name)
    return key


def hash_people(people: pa.Table, *, key: bytes, purpose: str) -> pa.Table:
    """The tokens of people in normal form (columns of TOKENS, hexadecimal), null where there is too little to say.

    HMAC-SHA-256 (RFC 2104) under a key derived for the purpose, so that lists hashed for two purposes do not meet.
    """
    derived = hmac.digest(key, f"ringfence link {purpose}".encode(), "sha256")
    with open_memory() as memory:
        memory.register("person", people)
        composed = memory.sql(COMPOSED).to_arrow_table()
    return pa.table({token: _hash_column(composed[token], token, derived) for token in TOKENS})


def _hash_column(column: pa.ChunkedArray, token: str, key: bytes) -> pa.Array:
    keyed = hmac.new(key, f"{token} ".encode(), sha256)

    def hash_one(text: str | None) -> str | None:
        if text is None:
            return None
        one = keyed.copy()
        one.update(text.encode())
        return one.hexdigest()

    return pa.array(map(hash_one, column.to_pylist()), pa.string())


def match_tokens(rows: pa.Table, register: pa.Table) -> pa.Table:
    """The rows that one person of a register shares a token with: row_id, person_id and token; others are left out.

    Both tables hold their id (row_id, person_id) and the columns of TOKENS. InputRefused where a column is missing.
    """
    for table, key in ((rows, "row_id"), (register, "person_id")):
        missing = [column for column in (key, *TOKENS) if column not in table.column_names]
        if missing:
            raise InputRefused("a hashed list needs the column {column}; hash it anew", column=missing[0])
    shared = " union all ".join(SHARED.format(rank=rank, token=token) for rank, token in enumerate(TOKENS))
    with open_memory() as memory:
        memory.register("sought", rows)
        memory.register("known", register)
        found = memory.sql(MATCHED.format(shared=shared)).to_arrow_table()
    names = list(TOKENS)
    return found.drop_columns(["rank"]).append_column("token", [[names[rank] for rank in found["rank"].to_pylist()]])


def pseudonyms(ids: pa.Array, *, key: bytes, purpose: str) -> pa.Array:
    """Ids that say nothing of the person and differ from purpose to purpose."""
    derived = hmac.digest(key, f"ringfence pseudonym {purpose}".encode(), "sha256")
    return pa.array(
        [hmac.digest(derived, str(one).encode(), "sha256").hex()[:32] for one in ids.to_pylist()], pa.string()
    )
