"""Linking files alone, without a deployment: a list to a register, or a list to itself (policy 2.1)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from ringfence.link.known import KnownPeople
from ringfence.link.lists import Columns, PeopleList
from ringfence.link.model import Model, extend_model, read_model
from ringfence.link.newcomers import cluster_with
from ringfence.link.normalise import normalise
from ringfence.link.rows import link_to

Progress = Callable[[str, float], None]
Numbers = npt.NDArray[np.int64]

LINKED = pa.schema(
    [
        ("row_id", pa.string()),
        ("answer", pa.string()),
        ("person_id", pa.string()),
        ("household_id", pa.string()),
        ("probability", pa.float64()),
        ("how", pa.string()),
    ]
)
CLUSTERED = pa.schema([("row_id", pa.string()), ("cluster_id", pa.string())])


def link_files(
    rows: Path, register: Path, out: Path, *, profile: str, columns: Columns, progress: Progress
) -> Mapping[str, int]:
    """Link a list to a register and write the links; how many rows got each answer.

    The links (row_id, answer, person_id, household_id, probability, how) come in the order of the rows; nothing is left
    of `out` where something went wrong. InputRefused for a file that cannot be used, NotFound for an unknown profile.
    """
    model = extend_model(read_model(profile), columns.extra)
    listed = PeopleList(rows, key="row_id", columns=columns)
    known, persons, households = _read_known(register, model, columns, progress)
    answers: Counter[str] = Counter()
    with writing_csv(out, LINKED) as writer:
        for start, chunk in numbered_chunks(listed, progress, "linking the rows"):
            links = link_to(known, _make_ready(chunk, model, "row_id", np.arange(chunk.num_rows)))
            answers.update(links["answer"].to_pylist())
            writer.write_table(_say(links, listed.ids.slice(start, chunk.num_rows), persons, households))
    return dict(answers)


def dedupe_file(rows: Path, out: Path, *, profile: str, columns: Columns, progress: Progress) -> tuple[int, int]:
    """Write which rows of a list are about one person (row_id, cluster_id: the smallest row id); rows and persons."""
    model = extend_model(read_model(profile), columns.extra)
    listed = PeopleList(rows, key="row_id", columns=columns)
    ids, ranks = _rank(listed.ids)
    ready = [
        _make_ready(chunk, model, "row_id", ranks[start : start + chunk.num_rows])
        for start, chunk in numbered_chunks(listed, progress, "reading the rows")
    ]
    clusters = ids.take(cluster_with(model, pa.concat_tables(ready))["cluster_id"]) if ready else ids
    with writing_csv(out, CLUSTERED) as writer:
        writer.write_table(pa.table([listed.ids, clusters], schema=CLUSTERED))
    return len(listed.ids), pc.count_distinct(clusters).as_py()


def _read_known(
    register: Path, model: Model, columns: Columns, progress: Progress
) -> tuple[KnownPeople, pa.Array, pa.Array]:
    """The people of a register by the rank of their id, the ids in that order, and the household ids by number."""
    listed = PeopleList(register, key="person_id", columns=columns)
    ids, ranks = _rank(listed.ids)
    homes = listed.households().combine_chunks().dictionary_encode()
    known = KnownPeople(model)
    for start, chunk in numbered_chunks(listed, progress, "reading the register"):
        ready = _make_ready(chunk, model, "person_id", ranks[start : start + chunk.num_rows])
        home = homes.indices.slice(start, chunk.num_rows).cast(pa.int64())
        known.put(ready.append_column("household_id", home))
    return known, ids, homes.dictionary


def numbered_chunks(listed: PeopleList, progress: Progress, what: str) -> Iterator[tuple[int, pa.Table]]:
    """The chunks of a list, each with the number of its first row."""
    start = 0
    progress(what, 0.0)
    for chunk in listed.chunks():
        yield start, chunk
        start += chunk.num_rows
        progress(what, start / len(listed.ids))


def _make_ready(chunk: pa.Table, model: Model, key: str, numbers: Numbers) -> pa.Table:
    ready = normalise(chunk, profile=model.profile, extra=model.extra)
    return ready.add_column(0, key, pa.array(numbers, pa.int64()))


def _rank(ids: pa.ChunkedArray) -> tuple[pa.Array, Numbers]:
    """Ids in their order, and the place of each in it: so that no answer depends on the order of a file."""
    order = pc.sort_indices(ids).to_numpy()
    ranks = np.empty(len(ids), dtype=np.int64)
    ranks[order] = np.arange(len(ids))
    return pa.concat_arrays(ids.take(pa.array(order)).chunks or [pa.array([], pa.string())]), ranks


def _say(links: pa.Table, ids: pa.ChunkedArray, persons: pa.Array, households: pa.Array) -> pa.Table:
    columns = [
        ids,
        links["answer"],
        persons.take(links["person_id"].combine_chunks()),
        households.take(links["household_id"].combine_chunks()),
        pc.round(links["probability"], 6),
        links["how"],
    ]
    return pa.table(columns, schema=LINKED)


@contextmanager
def writing_csv(out: Path, schema: pa.Schema) -> Iterator[csv.CSVWriter]:
    """A CSV file that is there whole or not at all."""
    part = out.with_name(f"{out.name}.part")
    try:
        with csv.CSVWriter(part, schema, write_options=csv.WriteOptions(quoting_style="needed")) as writer:
            yield writer
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
