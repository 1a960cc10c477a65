"""The statement that weighs pairs against Splink's own predictions, weight by weight (DESIGN: Splink is the model)."""

from copy import deepcopy
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from splink import DuckDBAPI, Linker

from ringfence.link.identities import read_identities
from ringfence.link.known import KnownPeople
from ringfence.link.model import CURRENT, Model, read_model
from ringfence.link.newcomers import NO_TIERS
from ringfence.link.normalise import normalise
from ringfence.link.score import count_steps, score_steps
from ringfence.link.steps import take
from ringfence.link.tables import open_memory
from ringfence.link.weights import frequency_columns

NAMES = ["王建国", "汪健国", "王建", "李国", "欧阳娜娜", "Wang Jianguo", "Anna Müller", "Ana Muller", "Muller Anna", ""]
BIRTH_DATES = ["1949-12-31", "1949-12-13", "1980-01-02", ""]
IDS = ["11010519491231002X", "110105194912310011", "110105194912310021", "C01X00T47", "C01X00T74", ""]
PHONES = ["13900001111", "13900001112", "13900002222", ""]
ADDRESSES = ["平城区御河小区1-2-3", "云冈区御河小区1-2-3", "御河小区9-9-9", "5 Elm Road", "5 Elm Rood", ""]


def draw(random: Random, key: str, count: int) -> pa.Table:
    people = [
        {
            key: number,
            "household_id": number,
            "name": random.choice(NAMES),
            "sex": random.choice(["男", "女", ""]),
            "birth_date": random.choice(BIRTH_DATES),
            "id_number": random.choice(IDS),
            "phone": random.choice(PHONES),
            "address": random.choice(ADDRESSES),
        }
        for number in range(count)
    ]
    return pa.Table.from_pylist(people)


def weigh(model: Model, known: pa.Table, rows: pa.Table) -> dict[tuple[int, int], float]:
    with KnownPeople(model).put(known).asking() as memory:
        read_identities(memory, rows, model=model)
        take(memory, {"tier_link": NO_TIERS, **count_steps(model), **score_steps(model)})
        found = memory.execute("select known_id, sought_id, weight from scored").fetchall()
    return {(person, row - 1): weight for person, row, weight in found}


def weigh_by_splink(model: Model, known: pa.Table, rows: pa.Table) -> dict[tuple[int, int], float]:
    """Every pair that shares a block, as Splink weighs it."""
    people = float(known.num_rows + model.background)
    settings: dict[str, Any] = deepcopy(model.splink) | {
        "blocking_rules_to_generate_predictions": [{"blocking_rule": "1 = 1"}],
        "probability_two_random_records_match": model.resident_share / people,
    }
    with open_memory() as memory:
        memory.register("known", known)
        database = DuckDBAPI(memory)
        left = database.register(_renamed(known, "person_id"), table_name="left_people")
        right = database.register(_renamed(rows, "row_id"), table_name="right_people")
        linker = Linker(left, settings, log_level=None, validate_settings=False)
        for column in frequency_columns(model):
            memory.execute(
                f"create table frequency_{column} as select {column}, count(*) / {people} as tf_{column}"  # noqa: S608
                f" from known where {column} is not null group by {column}"
            )
            linker.table_management.register_term_frequency_lookup(database.register(f"frequency_{column}"), column)
        pairs = linker.inference.predict_between(left, right, warning_mode="never").as_duckdbpyrelation()
        found = pairs.project("unique_id_l, unique_id_r, match_weight").fetchall()
    return {(person, row): weight for person, row, weight in found}


def _renamed(table: pa.Table, key: str) -> pa.Table:
    return table.rename_columns({key: "unique_id"})


@pytest.mark.parametrize("profile", sorted(CURRENT))
def test_every_weight_is_splinks_own(profile: str) -> None:
    model, random = read_model(profile), Random(7)
    known = normalise(draw(random, "person_id", 60), profile=profile)
    rows = normalise(draw(random, "row_id", 60), profile=profile)
    ours, splinks = weigh(model, known, rows), weigh_by_splink(model, known, rows)
    assert len(ours) > 300
    assert {pair: splinks[pair] for pair in ours} == pytest.approx(ours, abs=1e-9)
