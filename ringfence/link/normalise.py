"""Rows and register brought to one form: ID numbers, phones, dates, names by sound, addresses by door (policy 2.1)."""

import string
from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from ringfence.link.addresses import READ_ADDRESSES
from ringfence.link.id_numbers import READ_ID_NUMBERS
from ringfence.link.latin import BETWEEN, READ_DOCUMENTS, READ_PLAIN_ADDRESSES, read_travellers
from ringfence.link.names import read_names
from ringfence.link.steps import Steps, take
from ringfence.link.tables import IDENTITY_SCHEMA, KEYS, NAME_PARTS, add_missing, open_memory, read_columns

_ASCII = string.digits + string.ascii_letters + "+#/,;"
_WIDE = "".join(chr(ord(character) + 0xFEE0) for character in _ASCII) + "－—–‐−﹣"
_NARROW = _ASCII + "------"
NARROWED = str.maketrans(_WIDE, _NARROW)

NARROW = f"""
create temp macro narrow(letters) as
case when regexp_matches(letters, '[{_WIDE}]') then translate(letters, '{_WIDE}', '{_NARROW}') else letters end
"""
"""Full-width forms, and the dashes people type, as what they stand for; asked first, because few rows have any."""

WRITTEN = """
select row_number() over () as place, {name} as name, sex, birth_date, id_number, phone, address
from arrived
"""

_ALL_NAMES = f"coalesce(name, '') || '{BETWEEN}' || coalesce(given_name, '') || '{BETWEEN}' || coalesce(surname, '')"

NAMES = "select distinct name from written where name <> ''"

NORMALISE = r"""
with typed as (
    select
        place,
        name,
        id_number,
        address,
        lower(trim(sex)) as sex_letters,
        regexp_extract(
            narrow(birth_date),
            '^ *([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})', ['year', 'month', 'day']
        ) as born,
        regexp_replace(narrow(regexp_extract(phone, '^[^/,;、，；]*')), '[^0-9+]', '', 'g') as phone_letters
    from written
),
dialled as (
    select
        place,
        name,
        id_number,
        address,
        sex_letters,
        try_cast(born.year || '-' || born.month || '-' || born.day as date) as born_on,
        case
            when regexp_full_match(phone_letters, '(\+|00)?(86)?0?1[0-9]{10}') then phone_letters[-11:]
            when regexp_full_match(phone_letters, '(\+|00)86[0-9]{9,11}')
                then regexp_replace(phone_letters, '^(\+|00)860?', '0')
            else replace(regexp_replace(phone_letters, '^00', ''), '+', '')
        end as digits
    from typed
)
select
    dialled.place,
    name_read.name,
    name_read.given,
    name_read.surname,
    name_read.letters,
    name_read.sounds,
    case
        when sex_letters in ('male', 'm', '1', '男', '男性') then 'male'
        when sex_letters in ('female', 'f', '2', '女', '女性') then 'female'
        when id_read.is_id_valid then id_read.sex
    end as sex,
    case
        when born_on > date '1900-01-01' then strftime(born_on, '%Y-%m-%d')
        when id_read.is_id_valid then id_read.birth_date
    end as birth_date,
    id_read.id_number,
    coalesce(id_read.is_id_valid, false) as is_id_valid,
    case when length(digits) between 7 and 15 and replace(digits, digits[1], '') <> '' then digits end as phone,
    address_read.county,
    address_read.community,
    address_read.address_key
from dialled
left join name_read on name_read.written = dialled.name
left join id_read on id_read.written = dialled.id_number
left join address_read on address_read.written = dialled.address
"""
"""Sex and birth date come from a valid ID number where the row does not say them; 1900-01-01 is what spreadsheets make
of an empty cell. A phone has 7 to 15 digits (E.164), not all the same; of several the first counts."""


EXTRA = """
select nullif(regexp_replace(lower(strip_accents(narrow(further))), '[^\\p{L}0-9]', '', 'g')[:80], '') as further
from extra
"""


@dataclass(frozen=True)
class Reading:
    """How the names, documents and addresses of a profile are read."""

    name: str
    read_names: Callable[[pa.Array], pa.Table]
    read_documents: str
    read_addresses: str

    @property
    def steps(self) -> Steps:
        """What makes the normal form (`normal`) of rows that are `written`, by the `name_read` of their names."""
        return {"id_read": self.read_documents, "address_read": self.read_addresses, "normal": NORMALISE}


READINGS = {
    "han": Reading("name", read_names, READ_ID_NUMBERS, READ_ADDRESSES),
    "latin": Reading(_ALL_NAMES, read_travellers, READ_DOCUMENTS, READ_PLAIN_ADDRESSES),
}


def normalise(table: pa.Table, *, profile: str = "han", extra: tuple[str, ...] = ()) -> pa.Table:
    """A register or rows in the form that linking compares, row by row in the order given.

    Keeps the numbers (`row_id`, or `person_id` and `household_id`) and puts in place of what was written: name, given,
    surname, letters, sounds (what homophones share), sex, birth_date (YYYY-MM-DD), id_number (18 characters in profile
    `han`), is_id_valid, phone, county, community, address_key (the door), then the further columns `extra` in letters
    and digits. What cannot be read is null. Profile `latin` takes given_name and surname as well as name; what it is
    not given of these is empty. InputRefused where an identity column is missing.
    """
    with open_memory() as memory:
        return normalise_in(memory, table, profile=profile, extra=extra)


def normalise_in(
    memory: duckdb.DuckDBPyConnection, table: pa.Table, *, profile: str, extra: tuple[str, ...] = ()
) -> pa.Table:
    """As `normalise`, by a connection that has no table of the same name yet."""
    if profile == "latin":
        table = add_missing(table, ("name", *NAME_PARTS))
    parts = NAME_PARTS if profile == "latin" else ()
    schema = pa.schema([*IDENTITY_SCHEMA, *((name, pa.string()) for name in (*parts, *extra))])
    written = read_columns(table, schema)
    read = _read(memory, written, READINGS[profile])
    for column in extra:
        memory.register("extra", written.select([column]).rename_columns(["further"]))
        read = read.append_column(column, memory.sql(EXTRA).to_arrow_table()["further"])
    for place, column in enumerate(column for column in KEYS if column in table.column_names):
        read = read.add_column(place, column, table.column(column))
    return read


def _read(memory: duckdb.DuckDBPyConnection, written: pa.Table, reading: Reading) -> pa.Table:
    memory.execute(NARROW)
    memory.register("arrived", written)
    take(memory, {"written": WRITTEN.format(name=reading.name)})
    names = memory.sql(NAMES).to_arrow_table()
    memory.register("name_read", reading.read_names(names.column("name")))
    take(memory, reading.steps)
    return memory.sql("from normal order by place").to_arrow_table().drop_columns(["place"])
