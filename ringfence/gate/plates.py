"""Number plates as cameras and people write them, brought to one form (policy 1.1)."""

import re
from unicodedata import normalize

_MARKS = re.compile(r"[\s·•・.\-_]+")
_LOOK_ALIKE = str.maketrans("OI", "01")  # civil plates of the PRC use neither letter behind the city's (GA 36)
_CIVIL = re.compile(r"([\u4e00-\u9fff]?[A-Z])([A-Z0-9]{4,6}[A-Z0-9挂学警港澳领])")

TRAILER = "挂"


def normalise_plate(text: str) -> str:
    """The plate without marks, in capitals, look-alike letters as digits where only digits stand for them."""
    plain = _MARKS.sub("", normalize("NFKC", text)).upper()
    found = _CIVIL.fullmatch(plain)
    return found[1] + found[2].translate(_LOOK_ALIKE) if found else plain


def is_same_vehicle(one: str, other: str) -> bool:
    """Whether two plates are one vehicle's; a lost province counts as any, a trailer is not its tractor."""
    first, second = (normalise_plate(plate) for plate in (one, other))
    shorter, longer = sorted((first, second), key=len)
    return first == second or (longer.endswith(shorter) and len(longer) - len(shorter) == 1)
