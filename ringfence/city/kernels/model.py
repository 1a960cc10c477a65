"""What a kernel sees of a day, and what it must answer."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ringfence.city.arrays import Floats, Ints


@dataclass(frozen=True, kw_only=True)
class RoomMeetings:
    """Pairs of a source's stay in a room and somebody else's stay there that ends after the source came (shape pairs).

    `stay` numbers the source's stays; `source` and `target` are persons; seconds are of the day. `shedding` is the
    source's infectiousness at the time, 1 at its peak; `power` is what the source was born with, 1 on average.
    """

    stay: Ints
    room: Ints
    source: Ints
    target: Ints
    source_from_s: Ints
    source_until_s: Ints
    target_from_s: Ints
    target_until_s: Ints
    shedding: Floats
    power: Floats
    m3: Floats
    air_changes_per_h: Floats

    @property
    def together_s(self) -> Ints:
        """Seconds that both are in the room, 0 when the source has left before."""
        first = np.maximum(self.source_from_s, self.target_from_s)
        together: Ints = np.maximum(np.minimum(self.source_until_s, self.target_until_s) - first, 0)
        return together


@dataclass(frozen=True, kw_only=True)
class HomeMeetings:
    """Pairs of a source and another member of the household with the seconds both are at home (shape pairs)."""

    source: Ints
    target: Ints
    together_s: Ints
    shedding: Floats
    power: Floats


@dataclass(frozen=True, kw_only=True)
class Kernel:
    """One way of infecting: a dose of d infects with probability 1 - exp(-d).

    `draw_power(dice, count)` draws how infectious persons are compared with the average; `lingers` says whether
    somebody can be infected in a room that the source has left.
    """

    name: str
    draw_power: Callable[[np.random.Generator, int], Floats]
    room_dose: Callable[[RoomMeetings], Floats]
    home_dose: Callable[[HomeMeetings], Floats]
    lingers: bool = False
