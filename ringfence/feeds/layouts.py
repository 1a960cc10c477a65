"""How a department writes its days and times, where that is declared: `YYYY/M/D H:mm` and the like (policy 2.1).

A layout is never guessed: 03/04 is the third of April to one department and the fourth of March to another.
"""

import re
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.feeds.declarations import Kind
from ringfence.feeds.values import narrow

_PARTS = {
    "YYYY": ("year", "[0-9]{4}"),
    "MM": ("month", "[0-9]{2}"),
    "M": ("month", "[0-9]{1,2}"),
    "DD": ("day", "[0-9]{2}"),
    "D": ("day", "[0-9]{1,2}"),
    "HH": ("hour", "[0-9]{2}"),
    "H": ("hour", "[0-9]{1,2}"),
    "mm": ("minute", "[0-9]{2}"),
    "ss": ("second", "[0-9]{2}"),
}
_TOKEN = re.compile("YYYY|MM|M|DD|D|HH|H|mm|ss")

_DATE, _TIME = ("year", "month", "day"), ("hour", "minute")
NEEDED = {Kind.DAY: _DATE, Kind.TIME_OF_DAY: _TIME, Kind.INSTANT: (*_DATE, *_TIME)}
"""What a layout of a kind has to say; seconds may follow the minutes."""


@dataclass(frozen=True)
class Layout:
    """A layout as declared, the pattern of its texts, and the parts they hold.

    `is_begun`: of instants only the day is written; each is the beginning of its day.
    """

    declared: str
    pattern: str
    parts: tuple[str, ...]
    is_begun: bool = False

    def rewrite(self, texts: pa.StringArray) -> pa.StringArray:
        """Texts of this layout as `YYYY-MM-DD HH:MM:SS`; others stay as they are and are judged as such."""
        found = pc.extract_regex(narrow(texts), pattern=self.pattern)
        parts = {name: pc.struct_field(found, name) for name in self.parts}
        padded = {name: pc.utf8_lpad(part, 4 if name == "year" else 2, padding="0") for name, part in parts.items()}
        day = [padded[name] for name in _DATE if name in padded]
        time = [padded[name] for name in (*_TIME, "second") if name in padded]
        pieces = [pc.binary_join_element_wise(*each, by) for each, by in ((day, "-"), (time, ":")) if each]
        if self.is_begun:
            pieces.append(pa.scalar("00:00"))
        return pc.coalesce(pc.binary_join_element_wise(*pieces, " "), texts)


def read_layout(declared: str, *, kind: Kind) -> Layout:
    """The layout; ValueError where it says a part twice, or not what a kind needs, or the kind has none."""
    tokens = [_PARTS[token] for token in _TOKEN.findall(declared)]
    names = tuple(name for name, _ in tokens)
    needed = NEEDED.get(kind, ())
    is_begun = kind is Kind.INSTANT and set(names) == set(_DATE)
    is_whole = bool(needed) and set(names) - {"second"} == set(needed)
    if len(set(names)) < len(names) or not (is_whole or is_begun):
        raise ValueError(declared)
    between = [re.escape(part) for part in _TOKEN.split(declared)]
    groups = [f"(?P<{name}>{figures})" for name, figures in tokens] + [""]
    pattern = "".join(part for pair in zip(between, groups, strict=True) for part in pair)
    return Layout(declared, f"^{pattern}$", names, is_begun)
