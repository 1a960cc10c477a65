"""The peers on the bench's own town, in the same run: Splink as its documentation has it, and recordlinkage's ECM.

Splink links with the comparisons of its own library, trained by expectation maximisation on the very list
(https://moj-analytical-services.github.io/splink/demos/tutorials/04_Estimating_model_parameters.html). recordlinkage
lives in .venv-bench; both get the columns in normal form, so that reading them is nobody's advantage.
"""

import json
import subprocess
import tempfile
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import splink.comparison_library as cl
from linking.febrl import PEER
from pyarrow import csv
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

COLUMNS = ("name", "sounds", "surname", "sex", "birth_date", "id_number", "phone", "address_key")

ECM = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import pandas as pd
import recordlinkage
folder = sys.argv[1]
known = pd.read_csv(f"{folder}/known.csv", dtype=str, keep_default_na=False, na_values=[""]).set_index("key")
sought = pd.read_csv(f"{folder}/sought.csv", dtype=str, keep_default_na=False, na_values=[""]).set_index("key")
begun = time.process_time()
pairs = None
for column in ("id_number", "phone", "sounds", "address_key"):
    index = recordlinkage.Index()
    index.block(column)
    found = index.index(known[known[column].notna()], sought[sought[column].notna()])
    pairs = found if pairs is None else pairs.union(found)
compare = recordlinkage.Compare()
for column in ("name", "sounds", "birth_date", "id_number", "phone", "sex", "address_key"):
    compare.exact(column, column)
compare.string("id_number", "id_number", method="jarowinkler", threshold=0.92)
found = recordlinkage.ECMClassifier().fit_predict(compare.compute(pairs, known, sought))
print(json.dumps({"pairs": [[int(one), int(other)] for one, other in found], "seconds": time.process_time() - begun}))
"""

BEST = """
select count(*) as answered, count(*) filter (found.person_id = truth.person_id) as correct
from found join truth using (row_id)
"""


def judge_peers(rows: pa.Table, truth: pa.Table, known: pa.Table, *, f1: float, seconds: float) -> None:
    """F1 and CPU seconds of each peer beside ours (`rows` and `known` in normal form)."""
    print(
        f"\nbeside peers, {rows.num_rows:,} rows to {known.num_rows:,} people: ours F1 {f1:.4f}, {seconds:.1f} s of CPU"
    )
    _say("Splink, documented model", *_splink(rows, known), truth=truth, ours=seconds)
    if PEER.exists():
        _say("recordlinkage ECM", *_recordlinkage(rows, known), truth=truth, ours=seconds)
    else:
        print("  recordlinkage: .venv-bench is missing; make it with: make .venv/bench.stamp")


def _say(peer: str, found: pa.Table, seconds: float, *, truth: pa.Table, ours: float) -> None:
    with duckdb.connect() as memory:
        memory.register("found", found)
        memory.register("truth", truth)
        [(answered, correct)] = memory.sql(BEST).fetchall()
    f1 = 2 * correct / (answered + truth.num_rows - truth["person_id"].null_count)
    print(f"  {peer}: F1 {f1:.4f}, precision {correct / max(answered, 1):.5f}, {seconds:.1f} s: {seconds / ours:.1f} x")


def _splink(rows: pa.Table, known: pa.Table) -> tuple[pa.Table, float]:
    keyed = [
        table.select(COLUMNS).append_column("unique_id", table[key])
        for table, key in ((known, "person_id"), (rows, "row_id"))
    ]
    settings = SettingsCreator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=[
            block_on("id_number"),
            block_on("phone"),
            block_on("sounds", "birth_date"),
            block_on("address_key"),
        ],
        comparisons=[
            cl.NameComparison("name").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("birth_date", input_is_string=True),
            cl.LevenshteinAtThresholds("id_number", 2),
            cl.ExactMatch("phone"),
            cl.ExactMatch("sex"),
            cl.ExactMatch("address_key").configure(term_frequency_adjustments=True),
        ],
        retain_intermediate_calculation_columns=False,
    )
    begun = time.process_time()
    with duckdb.connect() as memory:
        database = DuckDBAPI(memory)
        linker = Linker([database.register(table) for table in keyed], settings, log_level=None)
        linker.training.estimate_probability_two_random_records_match([block_on("id_number")], recall=0.8)
        linker.training.estimate_u_using_random_sampling(1e6, seed=1)
        for rule in (block_on("id_number"), block_on("name", "birth_date")):
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
        scored = linker.inference.predict(threshold_match_probability=0.5).as_pyarrow_table()
        memory.register("scored", scored)
        found = memory.sql(
            "select unique_id_r as row_id, arg_max(unique_id_l, match_weight) as person_id from scored group by row_id"
        ).to_arrow_table()
    return found, time.process_time() - begun


def _recordlinkage(rows: pa.Table, known: pa.Table) -> tuple[pa.Table, float]:
    with tempfile.TemporaryDirectory() as folder:
        for table, key, name in ((known, "person_id", "known"), (rows, "row_id", "sought")):
            csv.write_csv(table.select(COLUMNS).add_column(0, "key", table[key]), Path(folder, f"{name}.csv"))
        said = subprocess.run([PEER, "-c", ECM, folder], check=True, capture_output=True, text=True)  # noqa: S603
    answer = json.loads(said.stdout)
    best = {row: person for person, row in answer["pairs"]}
    return pa.table({"row_id": list(best), "person_id": list(best.values())}), answer["seconds"]
