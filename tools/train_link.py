"""Trains the linking model of a name profile: python tools/train_link.py han-3 [--labels labels.csv].

m comes from labelled pairs, u from random pairs of the registers, both on made-up towns (link_training_town and
link_training_travellers). The model then links further towns, never the ones it was trained on; their labels say how
often each kind of answer is right, by what it rests on and by its odds, and whether the bands hold: the script refuses
to write a model whose persons are right less than 999 times in 1,000. Pairs that people decided (`ringfence link review
labels`) count beside those of the towns; they name nobody. Of certain links only the denied ones are known, so they do
not count.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pyarrow as pa
from link_han import HAN
from link_latin import LATIN
from link_levels import Exercise, Profile
from pyarrow import csv
from splink import DuckDBAPI, Linker

from ringfence.link.model import Model, extend_model
from ringfence.link.normalise import normalise
from ringfence.link.rows import link_with
from ringfence.link.tables import add_missing, open_memory

MODELS = Path(__file__).parent.parent / "ringfence" / "link" / "models"
PROFILES = {profile.name: profile for profile in (HAN, LATIN)}
PEOPLE, ROWS, PAIRS = 20_000, 20_000, 1e7
TRAINING_SEED, CHECKING_SEED, CHECKS = 1_000, 2_000, 6
APART = 10**7
"""Numbers of one town end here and the next town's begin; its rows begin half-way."""

BANDS = {"review_weight": -2.0, "least_margin": 7.0}
WORLD = {"background": 10_000, "resident_share": 0.7}

LEAST_ROWS = 1_000
"""As many rows, or more, stand behind each share that a model states by odds."""

COUNTED = """
with linked as (
    select
        link.how,
        link.answer,
        case when link.how = 'splink'
            then floor(least(
                24, link.weight
                - log2(1 + case when link.margin is null then 0 else pow(2, link.weight - link.margin) end)
            ))
        end as odds,
        case
            when link.answer in ('person', 'review') then link.person_id is not distinct from truth.person_id
            when link.answer = 'household' then link.household_id is not distinct from truth.household_id
            else truth.person_id is null
        end as is_right
    from link
    join truth using (row_id, town)
    union all
    select
        'splink',
        'review',
        floor(least(24, weight - log2(1 + case when margin is null then 0 else pow(2, weight - margin) end))),
        status = 'same'
    from label
    where answer = 'review' and weight is not null
)
select how, answer, coalesce(odds, -1000) as odds, count(*) as rows, count(*) filter (is_right) as rights
from linked
group by all
order by how, answer, odds
"""

LABELS = pa.schema(
    [("answer", pa.string()), ("status", pa.string()), ("weight", pa.float64()), ("margin", pa.float64())]
)

Band = tuple[float, int, int]
"""Odds from which on, rows, and how many of them are right."""


def write_towns(profile: Profile, seed: int, times: int = 1) -> list[Exercise]:
    """One town for each regime of errors, or several."""
    regimes = list(profile.regimes.values()) * times
    return [
        profile.write_exercise(seed=seed + place, people=PEOPLE, rows=ROWS, regime=regime)
        for place, regime in enumerate(regimes)
    ]


def train(profile: Profile, towns: list[Exercise]) -> dict[str, Any]:
    """The settings with every m and u."""
    registers, lists, labels = _gather(profile, towns)
    settings: dict[str, Any] = {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "comparisons": profile.comparisons,
        "blocking_rules_to_generate_predictions": [],
    }
    with open_memory() as memory:
        database = DuckDBAPI(memory)
        random_pairs = Linker(database.register(registers), deepcopy(settings), log_level=None)
        random_pairs.training.estimate_u_using_random_sampling(PAIRS, seed=TRAINING_SEED, min_count_per_level=None)
        people = database.register(pa.concat_tables([registers, lists]))
        true_pairs = Linker(people, deepcopy(settings), log_level=None)
        true_pairs.training.estimate_m_from_pairwise_labels(database.register(labels))
        return _fill(settings, random_pairs.misc.save_model_to_json(), true_pairs.misc.save_model_to_json())


def _gather(profile: Profile, towns: list[Exercise]) -> tuple[pa.Table, pa.Table, pa.Table]:
    registers, lists, lefts, rights = [], [], [], []
    for place, town in enumerate(towns):
        first_person, first_row = place * APART, place * APART + APART // 2
        registers.append(_number(_read(profile, town.register), "person_id", first_person))
        lists.append(_number(_read(profile, town.rows), "row_id", first_row))
        known = [line for line in town.truth.to_pylist() if line["person_id"]]
        lefts += [first_person + line["person_id"] for line in known]
        rights += [first_row + line["row_id"] for line in known]
    labels = {"unique_id_l": lefts, "unique_id_r": rights}
    return pa.concat_tables(registers), pa.concat_tables(lists), pa.table(labels)


def _read(profile: Profile, written: pa.Table) -> pa.Table:
    return normalise(written, profile=profile.name, extra=tuple(profile.kinds.values()))


def _number(table: pa.Table, key: str, first: int) -> pa.Table:
    numbers = pa.array([first + number for number in table.column(key).to_pylist()])
    kept = [column for column in table.column_names if not column.endswith("_id")]
    return table.select(kept).append_column("unique_id", numbers)


def _fill(settings: dict[str, Any], of_random: dict[str, Any], of_true: dict[str, Any]) -> dict[str, Any]:
    filled = deepcopy(settings)
    for target, random, true in zip(
        filled["comparisons"], of_random["comparisons"], of_true["comparisons"], strict=True
    ):
        levels = zip(target["comparison_levels"], random["comparison_levels"], true["comparison_levels"], strict=True)
        for level, with_u, with_m in levels:
            if not level.get("is_null_level"):
                level.setdefault("u_probability", with_u["u_probability"])
                level["m_probability"] = with_m["m_probability"]
    return filled


def draft(version: str, profile: Profile, settings: dict[str, Any]) -> Model:
    """The model before it is checked; the comparisons of further columns become those of their kinds."""
    own = {column: kind for kind, column in profile.kinds.items()}
    named = {comparison["output_column_name"]: comparison for comparison in settings.pop("comparisons")}
    kinds = {
        kind: msgspec.json.encode(named.pop(column)).decode().replace(column, "COLUMN") for column, kind in own.items()
    }
    return Model(
        version=version,
        profile=profile.name,
        person_weight=profile.person_weight,
        blocks=profile.blocks,
        is_near=profile.is_near,
        is_slip=profile.is_slip,
        is_namesake=profile.is_namesake,
        has_other_name=profile.has_other_name,
        has_other_id=profile.has_other_id,
        certainty=[],
        splink=settings | {"comparisons": list(named.values())},
        kinds=kinds,
        **WORLD,
        **BANDS,
    )


def read_labels(path: Path | None) -> pa.Table:
    """Decided pairs: answer, status, weight and margin of each."""
    if path is None:
        return LABELS.empty_table()
    kept = csv.ConvertOptions(column_types=LABELS, include_columns=LABELS.names, strings_can_be_null=True)
    return csv.read_csv(path, convert_options=kept)


def check(model: Model, towns: list[Exercise], labels: pa.Table) -> list[tuple[str, str, list[Band]]]:
    """How often answers are right: by what they rest on, the answer, and bands of odds with rows enough."""
    links = [
        _place(link_with(model, _whole(town.rows), _whole(town.register)), place) for place, town in enumerate(towns)
    ]
    truths = [_place(town.truth, place) for place, town in enumerate(towns)]
    found: dict[tuple[str, str], list[Band]] = {}
    with duckdb.connect() as memory:
        memory.register("link", pa.concat_tables(links))
        memory.register("truth", pa.concat_tables(truths))
        memory.register("label", labels)
        for how, answer, odds, rows, rights in memory.sql(COUNTED).fetchall():
            found.setdefault((how, answer), []).append((odds, rows, rights))
    return [(how, answer, list(pool(bands, falls=answer == "none"))) for (how, answer), bands in found.items()]


def pool(bands: list[Band], *, falls: bool) -> Iterator[Band]:
    """Neighbouring bands pooled until each has rows enough and the shares rise with the odds, or fall.

    Pool-adjacent-violators (Ayer et al. 1955).
    """
    pooled: list[Band] = []
    for band in bands:
        pooled.append(band)
        while len(pooled) > 1 and _must_join(*pooled[-2:], falls=falls):
            (odds, rows, rights), (_, further, more) = pooled[-2:]
            pooled[-2:] = [(odds, rows + further, rights + more)]
    if len(pooled) > 1 and pooled[-1][1] < LEAST_ROWS:
        (odds, rows, rights), (_, further, more) = pooled[-2:]
        pooled[-2:] = [(odds, rows + further, rights + more)]
    yield (-1000.0, *pooled[0][1:])
    yield from pooled[1:]


def _must_join(one: Band, other: Band, *, falls: bool) -> bool:
    rises = one[2] / one[1] <= other[2] / other[1]
    return one[1] < LEAST_ROWS or rises == falls


def _whole(table: pa.Table) -> pa.Table:
    return add_missing(table, ["name"])


def _place(table: pa.Table, place: int) -> pa.Table:
    return table.append_column("town", pa.array([place] * table.num_rows))


def main(version: str, labels: pa.Table) -> None:
    """Train, check on other towns and by what people decided, write."""
    profile = PROFILES[version.partition("-")[0]]
    model = draft(version, profile, train(profile, write_towns(profile, TRAINING_SEED)))
    extended = extend_model(model, {column: kind for kind, column in profile.kinds.items()})
    certainty, is_sound = [], True
    for how, answer, bands in check(extended, write_towns(profile, CHECKING_SEED, CHECKS), labels):
        for odds, rows, rights in bands:
            share = (rights + 1) / (rows + 2)  # Laplace's rule of succession: no finite count says certain
            print(f"{how:24} {answer:10} from {odds:+7.0f} bits {rows:7} rows, {share:.4f} right")
            certainty.append({"how": how, "answer": answer, "from_odds": odds, "probability": share})
            is_sound &= answer != "person" or rights >= 0.999 * rows
    if not is_sound:
        sys.exit("not written: too many persons are wrong")
    written = msgspec.structs.replace(model, certainty=certainty)
    text = msgspec.json.format(msgspec.json.encode(written), indent=1)
    (MODELS / f"{version}.json").write_bytes(text + b"\n")


if __name__ == "__main__":
    asked = ArgumentParser(description=__doc__)
    asked.add_argument("version")
    asked.add_argument("--labels", type=Path, help="what `ringfence link review labels` wrote")
    given = asked.parse_args()
    main(given.version, read_labels(given.labels))
