"""One row in, one answer out: for the gate and the forms, in milliseconds at a city's size (policy 2.1).

Who shares a key with the row is looked up in a sorted index; those few are weighed by the model's own expressions, made
into functions once. Nothing is planned, so a row takes well under the milliseconds that one statement does. Frequencies
and the size are the whole register's, and the answer is the batch's (`tests/property/test_link_single.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import md5
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringfence.errors import InputRefused
from ringfence.link.answers import How
from ringfence.link.denials import NOTHING_DENIED, Denials
from ringfence.link.expressions import compile_expression
from ringfence.link.judging import Judge, Weighed, find_tier
from ringfence.link.known import KnownPeople, Memory
from ringfence.link.reading import Normal, Written, read_row
from ringfence.link.score import MOST_SHARING, POPULATION
from ringfence.link.tables import LINK_SCHEMA
from ringfence.link.weights import compared_columns, frequency_columns, weight_parts

PEOPLE = "select unique_id, household_id, {columns} from known"

STANDING = """
select coalesce(md5_number_lower(name), 0) as name, household_id, county
from known_place
order by place
"""

HASHED = "select place, md5_number_lower({text}) as hash from known_place where {text} is not null"

COUNTED = """
select md5_number_lower({column}) as hash, count(*) as people
from known_place
where {column} is not null
group by hash
"""

RULED = {"id_number", "sounds || ' ' || birth_date"}
NAMED = {"phone", "address_key"}
"""Keys by which rules find somebody, however many people share one: the latter only under the very name."""

HOUSED = {How.ADDRESS: "address_key", How.PHONE: "phone", How.ID_NUMBER: "id_number"}

NOBODY = -1
Numbers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Person = dict[str, Any]


@dataclass(frozen=True, eq=False)
class _Standing:
    """What is asked of many people at once, by their places: hashed name; household and county, or NOBODY."""

    names: Hashes
    households: Numbers
    counties: Numbers
    county_numbers: Mapping[str, int]


class SingleLinker:
    """Links rows one at a time to known people; made anew, in seconds, when people were taken in since."""

    def __init__(self, known: KnownPeople) -> None:
        """For profile `han` without further columns; InputRefused for another."""
        self._model = model = known.model
        if model.profile != "han" or model.extra:
            raise InputRefused("only profile han links single rows; put the row in a list")
        with known.asking() as memory:
            columns = ", ".join(model.compared)
            self._people = memory.sql(PEOPLE.format(columns=columns)).to_arrow_table().combine_chunks()
            [(self._population,)] = memory.sql(POPULATION.format(background=model.background)).fetchall()
            places = pa.array(np.arange(self._people.num_rows))
            memory.register("known_place", self._people.append_column("place", places))
            self._standing = _read_standing(memory)
            self._keys = {block: _read_keys(memory, block) for block in model.blocks}
            self._counts = {column: _read_counts(memory, column) for column in frequency_columns(model)}
        self._blocks = {block: compile_expression(block) for block in model.blocks}
        self._levels = {
            name: compile_expression(level)
            for level, name in (one.rsplit(" as ", 1) for one in compared_columns(model))
        }
        self._parts = [compile_expression(part) for part in weight_parts(model).values()]
        self._said = {
            name: compile_expression(getattr(model, name))
            for name in ("is_near", "is_slip", "is_namesake", "has_other_name", "has_other_id")
        }
        self._judge = Judge(model)

    def link(self, row: Written, *, denials: Denials = NOTHING_DENIED) -> dict[str, Any]:
        """The link of a row (columns of LINK_SCHEMA but row_id), from what is written under our column names."""
        sought = read_row(row)
        return denials.turn_one(self._link(sought), sought)

    def _link(self, sought: Normal) -> dict[str, Any]:
        sharing = {block: self._find(block, sought) for block in self._blocks}
        tier = find_tier(sought, self._take(self._ruled(sought, sharing)))
        if tier is not None:
            return self._say(tier)
        telling = np.unique(np.concatenate([places for places in sharing.values() if places.size <= MOST_SHARING]))
        counts = {f"people_{column}": self._count(column, sought) for column in self._counts}
        weighed = [self._weigh(sought, person, counts) for person in self._take(telling)]
        households = {how: self._find_household(how, sharing[block], sought) for how, block in HOUSED.items()}
        return self._say(self._judge.answer(weighed, households))

    def _say(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        said = {"person_id": None, "household_id": None, "weight": None, "margin": None, "weights": None, **answer}
        said |= {"probability": self._judge.state(said), "model": self._model.version}
        return {name: said[name] for name in LINK_SCHEMA.names[1:]}

    def _find(self, block: str, sought: Normal) -> Numbers:
        """The places of the known people who share a key with the row."""
        value = self._blocks[block](sought)
        if value is None:
            return np.empty(0, dtype=np.int64)
        keys, places = self._keys[block]
        key = _hash(str(value))
        return places[np.searchsorted(keys, key, "left") : np.searchsorted(keys, key, "right")]

    def _ruled(self, sought: Normal, sharing: Mapping[str, Numbers]) -> Numbers:
        """The places of those whom a rule may name."""
        name = np.uint64(0) if sought["name"] is None else _hash(str(sought["name"]))
        named = [places[self._standing.names[places] == name] for block, places in sharing.items() if block in NAMED]
        return np.unique(np.concatenate([*(sharing[block] for block in RULED), *named]))

    def _find_household(self, how: How, places: Numbers, sought: Normal) -> int | None:
        """The household of all who share a door, phone or valid number; None where they have several (HOUSEHOLDS)."""
        if how is How.ID_NUMBER and not sought["is_id_valid"]:
            return None
        if how is How.ADDRESS and sought["county"] is not None:
            county = self._standing.county_numbers.get(str(sought["county"]), len(self._standing.county_numbers))
            found = self._standing.counties[places]
            places = places[(found == NOBODY) | (found == county)]
        households = np.unique(self._standing.households[places])
        return int(households[0]) if households.size == 1 and households[0] != NOBODY else None

    def _take(self, places: Numbers) -> list[Person]:
        found: list[Person] = self._people.take(pa.array(places)).to_pylist()
        return found

    def _count(self, column: str, sought: Normal) -> int | None:
        """How many known people have the row's value of a column."""
        if sought[column] is None:
            return None
        values, counts = self._counts[column]
        key = _hash(str(sought[column]))
        place = int(np.searchsorted(values, key))
        return int(counts[place]) if place < values.size and values[place] == key else None

    def _weigh(self, sought: Normal, person: Person, counts: Mapping[str, int | None]) -> Weighed:
        pair = {f"{column}_l": person[column] for column in self._model.compared}
        pair |= {f"{column}_r": sought[column] for column in self._model.compared}
        levels = {name: level(pair) for name, level in self._levels.items()}
        weighed = {**levels, **counts, "people": self._population}
        parts = [float(part(weighed) or 0) for part in self._parts]
        said = {name: bool(one(levels)) for name, one in self._said.items()}
        return Weighed(person["unique_id"], person["household_id"], sum(parts), **said, parts=parts)


def _hash(value: str) -> np.uint64:
    """The lower half of MD5 as DuckDB numbers it: a short key that Python and the index come to alike."""
    return np.uint64(int.from_bytes(md5(value.encode(), usedforsecurity=False).digest()[8:], "little"))


def _read_standing(memory: Memory) -> _Standing:
    read = memory.sql(STANDING).to_arrow_table()
    county = read["county"].combine_chunks().dictionary_encode()
    return _Standing(
        names=read["name"].to_numpy(),
        households=read["household_id"].fill_null(NOBODY).to_numpy(),
        counties=county.indices.fill_null(NOBODY).to_numpy().astype(np.int64),
        county_numbers={name: number for number, name in enumerate(county.dictionary.to_pylist())},
    )


def _read_keys(memory: Memory, block: str) -> tuple[Hashes, Numbers]:
    """Every key of every known person, sorted, and the place of the person beside it."""
    read = memory.sql(HASHED.format(text=f"({block})")).to_arrow_table()
    keys, places = read["hash"].to_numpy(), read["place"].to_numpy()
    order = np.argsort(keys)
    return keys[order], places[order]


def _read_counts(memory: Memory, column: str) -> tuple[Hashes, Numbers]:
    read = memory.sql(COUNTED.format(column=column)).to_arrow_table()
    values, people = read["hash"].to_numpy(), read["people"].to_numpy()
    order = np.argsort(values)
    return values[order], people[order]
