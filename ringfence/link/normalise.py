"""Rows and register brought to one form: ID numbers, phones, dates, names by sound, addresses by door (policy 2.1)."""

import string

import duckdb
import pyarrow as pa

from ringfence.link.addresses import DIGITS, NUMERALS, READ_ADDRESSES
from ringfence.link.id_numbers import READ_ID_NUMBERS
from ringfence.link.names import read_names
from ringfence.link.tables import IDENTITY_SCHEMA, KEYS, open_memory, read_columns

_ASCII = string.digits + string.ascii_letters + "+#/,;"
_WIDE = "".join(chr(ord(character) + 0xFEE0) for character in _ASCII) + "－—–‐−﹣"
_NARROW = _ASCII + "------"

NARROW = f"""
create macro narrow(letters) as
case when regexp_matches(letters, '[{_WIDE}]') then translate(letters, '{_WIDE}', '{_NARROW}') else letters end
"""
"""Full-width forms, and the dashes people type, as what they stand for; asked first, because few rows have any."""

WRITTEN = """
create table written as
select row_number() over () as place, name, sex, birth_date, id_number, phone, address
from arrived
"""

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
    name_read.name,
    name_read.surname_pinyin,
    name_read.pinyin,
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
order by dialled.place
"""
"""Sex and birth date come from a valid ID number where the row does not say them; 1900-01-01 is what spreadsheets make
of an empty cell. A phone has 7 to 15 digits (E.164), not all the same; of several the first counts."""


def normalise(table: pa.Table) -> pa.Table:
    """A register or rows in the form that linking compares, row by row in the order given.

    Keeps the numbers (`row_id`, or `person_id` and `household_id`) and puts in place of what was written: name,
    surname_pinyin, pinyin, sounds (the letters of the pinyin in alphabetical order), sex, birth_date (YYYY-MM-DD),
    id_number (18 characters), is_id_valid, phone, county, community, address_key (the door). What cannot be read is
    null. InputRefused where an identity column is missing.
    """
    written = read_columns(table, IDENTITY_SCHEMA)
    with open_memory() as memory:
        read = _read(memory, written)
    for place, column in enumerate(column for column in KEYS if column in table.column_names):
        read = read.add_column(place, column, table.column(column))
    return read


def _read(memory: duckdb.DuckDBPyConnection, written: pa.Table) -> pa.Table:
    memory.register("arrived", written)
    memory.execute(WRITTEN)
    names = memory.sql(NAMES).to_arrow_table()
    memory.register("name_read", read_names(names.column("name")))
    memory.execute(NARROW)
    memory.execute(READ_ID_NUMBERS)
    memory.execute(READ_ADDRESSES, {"numerals": NUMERALS, "digits": DIGITS})
    return memory.sql(NORMALISE).to_arrow_table()
