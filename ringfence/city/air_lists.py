"""An airline's list of one flight as UN/EDIFACT PAXLST, with what teletype networks do to it on the way.

Segments and qualifiers as the IATA, ICAO and WCO guidelines for passenger lists name them (PAXLST D.02B).
"""

import textwrap
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from ringfence.city.arrays import Texts, either, join
from ringfence.city.sheets import Sheet, to_bytes

END = "'\n"
TELETYPE_WIDTH = 69
"""How many characters a line holds where a list went by teletype."""

FOOTER = "\r\n\x03\r\nEND OF MESSAGE\r\n"


@dataclass(frozen=True)
class AirList(Sheet):
    """The passengers of one flight; `slips` is how careless the airline is (0 flawless, 1 usual)."""

    slips: float = 0.0

    def content(self, dice: np.random.Generator) -> bytes:
        """The list; a careless airline counts wrong, breaks lines anywhere and leaves the network's marks around it."""
        is_wrong, is_broken, is_wrapped = dice.random(3) < np.array([0.3, 0.3, 0.5]) * self.slips
        people = bytes(to_bytes(self._people())).decode()
        total = self.rows + int(is_wrong)
        written = f"{self._flight()}{people}CNT+42:{total}{END}UNT+{total}+1{END}UNZ+1+1{END}"
        if is_broken:
            written = "\r\n".join(textwrap.wrap(written.replace("\n", ""), TELETYPE_WIDTH, drop_whitespace=False))
        return (f"\x01QU PEKGVXH\r\n\x02{written}{FOOTER}" if is_wrapped else written).encode()

    def _flight(self) -> str:
        trip, day, board, alight = (
            self.columns[name][0].as_py() for name in ("trip_number", "departs_on", "board_stop", "alight_stop")
        )
        short = day.replace("-", "")[2:]
        said = [
            "UNA:+.? '",
            f"UNB+UNOY:4+{trip[:2]}+BORDER+{short}:0600+1{END}",
            f"UNH+1+PAXLST:D:02B:UN:IATA{END}BGM+745{END}",
            f"TDT+20+{trip}{END}",
            f"LOC+125+{board}{END}DTM+189:{short}0700:201{END}LOC+87+{alight}{END}",
        ]
        return "".join(said)

    def _people(self) -> Texts:
        """Segments of each passenger, in one text each; the marks of the syntax stand in none of the city's texts."""
        columns = self.columns
        document = either(
            pc.equal(columns["id_number"], "").to_numpy(zero_copy_only=False), "NULL", columns["id_number"]
        )
        sex = either(pc.equal(columns["sex"], "male").to_numpy(zero_copy_only=False), "M", "F")
        texts: list[Texts] = ["NAD+FL+++", columns["name"], END, "ATT+2++", sex, END]
        texts += ["DTM+329:", pc.replace_substring(columns["birth_date"], "-", ""), END]
        texts += ["LOC+178+", columns["board_stop"], END, "LOC+179+", columns["alight_stop"], END]
        texts += ["FTX+SEA+++", columns["seat"], END, "DOC+I:110:111+", document, END]
        return join(*texts)
