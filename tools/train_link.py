"""Trains the linking model of profile `han`: python tools/train_link.py VERSION.

m comes from labelled pairs, u from random pairs of the registers, both on made-up towns (link_training_town). The model
then links further towns, never the ones it was trained on; their labels say how often each kind of answer is right and
whether the bands hold: the script refuses to write a model whose persons are right less than 999 times in 1,000.
"""

import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pyarrow as pa
from link_comparisons import LEVELS, SETTINGS
from link_training_town import REGIMES, Exercise, write_exercise
from splink import DuckDBAPI, Linker

from ringfence.link.model import Model
from ringfence.link.normalise import normalise
from ringfence.link.rows import link_with
from ringfence.link.tables import open_memory

MODELS = Path(__file__).parent.parent / "ringfence" / "link" / "models"
PEOPLE, ROWS, PAIRS = 20_000, 20_000, 1e7
TRAINING_SEED, CHECKING_SEED = 1_000, 2_000
APART = 10**7
"""Numbers of one town end here and the next town's begin; its rows begin half-way."""

BANDS = {"person_weight": 8.0, "review_weight": -2.0, "least_margin": 3.0}
WORLD = {"background": 10_000, "resident_share": 0.7}

BY_ANSWER = """
select
    link.how,
    link.answer,
    (count(*) filter (
        case
            when link.answer in ('person', 'review') then link.person_id = truth.person_id
            else link.household_id = truth.household_id
        end
    ) + 1) / (count(*) + 2) as probability
from link
join truth using (row_id, town)
where link.answer = 'household' or (link.answer = 'person' and link.how <> 'splink')
group by link.how, link.answer
order by link.how, link.answer
"""
"""Shares by Laplace's rule of succession, so that no finite count says certain."""

BY_BAND = """
select
    least(floor(link.weight / 2) * 2, 20) as from_bits,
    count(*) as rows,
    count(*) filter (link.person_id = truth.person_id) / count(*) as share
from link
join truth using (row_id, town)
where link.how = 'splink' and link.answer in ('person', 'review')
group by from_bits
order by from_bits
"""


def write_towns(seed: int) -> list[Exercise]:
    """One town for each regime of errors."""
    return [
        write_exercise(seed=seed + place, people=PEOPLE, rows=ROWS, regime=regime)
        for place, regime in enumerate(REGIMES.values())
    ]


def train(towns: list[Exercise]) -> dict[str, Any]:
    """The settings with every m and u."""
    registers, lists, labels = _gather(towns)
    with open_memory() as memory:
        database = DuckDBAPI(memory)
        unblocked = SETTINGS | {"blocking_rules_to_generate_predictions": []}
        random_pairs = Linker(database.register(registers), deepcopy(unblocked), log_level=None)
        random_pairs.training.estimate_u_using_random_sampling(PAIRS, seed=TRAINING_SEED, min_count_per_level=None)
        people = database.register(pa.concat_tables([registers, lists]))
        true_pairs = Linker(people, deepcopy(unblocked), log_level=None)
        true_pairs.training.estimate_m_from_pairwise_labels(database.register(labels))
        return _fill(random_pairs.misc.save_model_to_json(), true_pairs.misc.save_model_to_json())


def _gather(towns: list[Exercise]) -> tuple[pa.Table, pa.Table, pa.Table]:
    registers, lists, lefts, rights = [], [], [], []
    for place, town in enumerate(towns):
        first_person, first_row = place * APART, place * APART + APART // 2
        registers.append(_number(normalise(town.register), "person_id", first_person))
        lists.append(_number(normalise(town.rows), "row_id", first_row))
        known = [line for line in town.truth.to_pylist() if line["person_id"]]
        lefts += [first_person + line["person_id"] for line in known]
        rights += [first_row + line["row_id"] for line in known]
    labels = {"unique_id_l": lefts, "unique_id_r": rights}
    return pa.concat_tables(registers), pa.concat_tables(lists), pa.table(labels)


def _number(table: pa.Table, key: str, first: int) -> pa.Table:
    numbers = pa.array([first + number for number in table.column(key).to_pylist()])
    kept = [column for column in table.column_names if not column.endswith("_id")]
    return table.select(kept).append_column("unique_id", numbers)


def _fill(of_random: dict[str, Any], of_true: dict[str, Any]) -> dict[str, Any]:
    settings = deepcopy(SETTINGS)
    for target, random, true in zip(
        settings["comparisons"], of_random["comparisons"], of_true["comparisons"], strict=True
    ):
        levels = zip(target["comparison_levels"], random["comparison_levels"], true["comparison_levels"], strict=True)
        for level, with_u, with_m in levels:
            if not level.get("is_null_level"):
                level.setdefault("u_probability", with_u["u_probability"])
                level["m_probability"] = with_m["m_probability"]
    return settings


def check(model: Model, towns: list[Exercise]) -> tuple[list[dict[str, Any]], list[tuple[float, int, float]]]:
    """How often each kind of answer is right (lines of CERTAINTY_SCHEMA), and the true share by band of weight."""
    links = [_place(link_with(model, town.rows, town.register), place) for place, town in enumerate(towns)]
    truths = [_place(town.truth, place) for place, town in enumerate(towns)]
    with duckdb.connect() as memory:
        memory.register("link", pa.concat_tables(links))
        memory.register("truth", pa.concat_tables(truths))
        return memory.sql(BY_ANSWER).to_arrow_table().to_pylist(), memory.sql(BY_BAND).fetchall()


def _place(table: pa.Table, place: int) -> pa.Table:
    return table.append_column("town", pa.array([place] * table.num_rows))


def main(version: str) -> None:
    """Train, check on other towns, write."""
    settings = train(write_towns(TRAINING_SEED))
    draft = Model(version=version, certainty=[], levels=LEVELS, splink=settings, **WORLD, **BANDS)
    certainty, bands = check(draft, write_towns(CHECKING_SEED))
    for line in certainty:
        print(f"{line['how']:24} {line['answer']:10} right {line['probability']:.4f}")
    for from_bits, rows, share in bands:
        print(f"from {from_bits:+.0f} bits {rows:6} rows, {share:.4f} true")
        if from_bits >= draft.person_weight and share < 0.999:
            sys.exit(f"not written: from {from_bits} bits too many persons are wrong")
    model = msgspec.structs.replace(draft, certainty=certainty)
    text = msgspec.json.format(msgspec.json.encode(model), indent=1)
    (MODELS / f"{version}.json").write_bytes(text + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
