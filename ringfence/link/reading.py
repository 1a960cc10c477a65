"""One row in normal form without a statement: what `normalise` makes of it in profile `han` (policy 2.1).

Planning a statement takes longer than reading one row, so the same rules stand here once more, each beside the name of
the SQL it follows. `tests/property/test_link_single.py` holds the two to each other.
"""

import re
from collections.abc import Mapping
from datetime import date

from ringfence.link.id_numbers import CHECK_CHARACTERS, POSITION_WEIGHTS
from ringfence.link.names import read_name
from ringfence.link.normalise import NARROWED

Written = Mapping[str, str | None]
Normal = dict[str, str | bool | None]

_HAN = "\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff"
_HAN += "\uf900-\ufa6d\ufa70-\ufad9\U00020000-\U0003ffff"
_DIGITS = str.maketrans("〇零一二两三四五六七八九", "001223456789")
_DATE = re.compile(r" *([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})")
_MOBILE = re.compile(r"(\+|00)?(86)?0?1[0-9]{10}")
_ABROAD = re.compile(r"(\+|00)86[0-9]{9,11}")
_PARTS = re.compile(
    r"(.*?)([0-9]+)(?:号楼|号院|栋|幢|座|楼|号|#|-)*(?:([0-9]+)(?:单元|门|号|层|-|#)+)?(?:([0-9]+)(?:室|号|户|房)?)?\Z"
)
_COUNTY = re.compile(r"(?:.*?(?:省|自治区))?(?:.*?(?:市|州|盟))?([^省市州盟县旗]{1,7}?(?:[^小社园校院厂矿]区|县|旗))")
_FEWEST, _MOST = 7, 15
"""Digits of a telephone number (E.164)."""

_SHORTEST, _OLD = 6, 15
"""Characters of the shortest number that is read, and of an ID number before 1999."""

_MALE, _FEMALE = {"male", "m", "1", "男", "男性"}, {"female", "f", "2", "女", "女性"}


def read_row(row: Written) -> Normal:
    """A row in the form that linking compares: the columns of NORMAL_SCHEMA."""
    written = {
        column: row.get(column) or "" for column in ("name", "sex", "birth_date", "id_number", "phone", "address")
    }
    named = read_name(written["name"])
    name, given, surname, letters, sounds = named[1:] if named else (None, None, None, None, None)
    number, is_valid, born, sex = read_number(written["id_number"])
    county, community, address_key = read_address(written["address"])
    return {
        "name": name,
        "given": given,
        "surname": surname,
        "letters": letters,
        "sounds": sounds,
        "sex": read_sex(written["sex"]) or (sex if is_valid else None),
        "birth_date": read_date(written["birth_date"]) or (born if is_valid else None),
        "id_number": number,
        "is_id_valid": is_valid,
        "phone": read_phone(written["phone"]),
        "county": county,
        "community": community,
        "address_key": address_key,
    }


def read_sex(written: str) -> str | None:
    """NORMALISE."""
    letters = written.strip(" ").lower()
    return "male" if letters in _MALE else "female" if letters in _FEMALE else None


def read_date(written: str) -> str | None:
    """NORMALISE: 1900-01-01 is what spreadsheets make of an empty cell."""
    found = _DATE.match(written.translate(NARROWED))
    born = found and _date(*found.groups())
    return born.isoformat() if born and born > date(1900, 1, 1) else None


def read_phone(written: str) -> str | None:
    """NORMALISE: 7 to 15 digits (E.164), not all the same; of several the first counts."""
    first = re.split("[/,;、，；]", written, maxsplit=1)[0]
    letters = re.sub("[^0-9+]", "", first.translate(NARROWED))
    if _MOBILE.fullmatch(letters):
        digits = letters[-11:]
    elif _ABROAD.fullmatch(letters):
        digits = re.sub(r"^(\+|00)860?", "0", letters)
    else:
        digits = re.sub("^00", "", letters).replace("+", "")
    return digits if _FEWEST <= len(digits) <= _MOST and len(set(digits)) > 1 else None


def read_number(written: str) -> tuple[str | None, bool, str | None, str | None]:
    """READ_ID_NUMBERS: the number, whether it can be anybody's, birth date and sex."""
    letters = re.sub("[^0-9A-Z]", "", written.translate(NARROWED).upper())[:40]
    if len(letters) < _SHORTEST or len(set(letters)) == 1:
        return None, False, None, None
    digits = _seventeen(letters)
    if digits is None:
        return letters, False, None, None
    total = sum(int(digit) * weight for digit, weight in zip(digits, POSITION_WEIGHTS, strict=True))
    check, born = CHECK_CHARACTERS[total % 11], _date(digits[6:10], digits[10:12], digits[12:14])
    is_old = len(letters) == _OLD
    is_valid = born is not None and (is_old or letters[17] == check)
    sex = "male" if int(digits[16]) % 2 else "female"
    return digits + check if is_old else letters, is_valid, born.isoformat() if born else None, sex


def read_address(written: str) -> tuple[str | None, str | None, str | None]:
    """READ_ADDRESSES: county, community and door."""
    letters = written.translate(NARROWED).lower().translate(_DIGITS)
    if "十" in letters:
        for pattern, digits in (("([1-9])十([1-9])", r"\1\2"), ("([1-9])十", r"\g<1>0"), ("十([1-9])", r"1\1")):
            letters = re.sub(pattern, digits, letters)
    letters = re.sub(f"[^{_HAN}a-z0-9#-]", "", letters)[:200]
    parted, county = _PARTS.match(letters), _COUNTY.match(letters)
    place, *numbers = (part or "" for part in parted.groups()) if parted else (letters,)
    door = re.sub("(^|-)0+", r"\1", "-".join(number for number in numbers if number))
    community = re.sub("^.*(?:省|市|州|盟|县|旗|镇|乡|街道|办事处|[^小社园校院厂矿]区)", "", place, count=1)
    community = re.sub(r"^.*(?:路|街|巷|胡同)(?:[0-9]+号)?(.{2,})\Z", r"\1", community, count=1)
    community = re.sub(r"^(.{2,})(?:住宅小区|小区|社区)\Z", r"\1", community, count=1)
    return (
        (county.group(1) if county else None),
        community or None,
        f"{community} {door}" if community and door else None,
    )


def _seventeen(letters: str) -> str | None:
    if re.fullmatch("[1-9][0-9]{16}[0-9X]", letters):
        return letters[:17]
    return f"{letters[:6]}19{letters[6:]}" if re.fullmatch("[1-9][0-9]{14}", letters) else None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
