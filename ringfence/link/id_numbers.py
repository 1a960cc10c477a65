"""ID numbers of GB 11643-1999: 15 digits become 18, and whether a number can be anybody's at all."""

POSITION_WEIGHTS = [2 ** (18 - position) % 11 for position in range(1, 18)]
CHECK_CHARACTERS = "10X98765432"
_CHECK_CHARACTER = (
    f"substr('{CHECK_CHARACTERS}', 1 + ("
    + " + ".join(f"(ascii(id17[{position}]) - 48) * {weight}" for position, weight in enumerate(POSITION_WEIGHTS, 1))
    + ") % 11, 1)"
)
"""The 17 digits weighted by 2^(18 - position), modulo 11 (GB 11643-1999, ISO 7064 MOD 11-2)."""

READ_ID_NUMBERS = """
with cleaned as (
    select distinct
        id_number as written,
        regexp_replace(upper(narrow(id_number)), '[^0-9A-Z]', '', 'g')[:40] as letters
    from written
),
seventeen as (
    select
        written,
        letters,
        case
            when regexp_full_match(letters, '[1-9][0-9]{16}[0-9X]') then letters[:17]
            when regexp_full_match(letters, '[1-9][0-9]{14}') then letters[:6] || '19' || letters[7:]
        end as id17
    from cleaned
    where length(letters) >= 6 and replace(letters, letters[1], '') <> ''
),
checked as (
    select
        written,
        letters,
        id17,
        {check_character} as check_character,
        try_cast(id17[7:10] || '-' || id17[11:12] || '-' || id17[13:14] as date) as born_on
    from seventeen
)
select
    written,
    case when length(letters) = 15 and id17 is not null then id17 || check_character else letters end as id_number,
    born_on is not null and (length(letters) = 15 or letters[18] = check_character) as is_id_valid,
    strftime(born_on, '%Y-%m-%d') as birth_date,
    case when ascii(id17[17]) % 2 = 1 then 'male' else 'female' end as sex
from checked
""".replace("{check_character}", _CHECK_CHARACTER)
"""Other documents are kept as their letters and never valid; under six letters, or all the same, is no number."""
