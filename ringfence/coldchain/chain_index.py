"""The chain's arrays, made from the lake once for each state of its manifest and mapped into memory since (3.2).

Nothing is lost with them: they are made anew whenever files of events came or went.
"""

import hashlib
import shutil
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringfence.coldchain.chain import Chain, Holdings, Moves, Packing, Role, Rows, Shorts, build_chain
from ringfence.store import Lake, LakeFile
from ringfence.terms import RecordKind

FOLDER, PREFIX = "chain_index", "chain-"

STANDING = """
create temp table standing as
with told as (select * from read_parquet($files)),
wrong as (select event, event_id from told where is_declared_wrong),
valid as (
    select distinct on (event) *
    from told
    where not is_declared_wrong and event not in (select event from wrong)
        and (event_id = '' or event_id not in (select event_id from wrong where event_id <> ''))
)
select
    row_number() over (order by event_at, event) - 1 as number,
    dense_rank() over (order by case when transformation <> '' then transformation else 'event ' || event end) - 1
        as process,
    event, event_at, event_type, action, place, source, destination
from valid
"""

THINGS = """
create temp table thing as
select row_number() over (order by thing) - 1 as number, thing
from (select distinct thing from read_parquet($files))
"""

WORDS = """
create temp table word as
select row_number() over (order by word) - 1 as number, word
from (
    select place as word from standing union select source from standing union select destination from standing
)
where word <> ''
"""

EVENTS = """
select
    s.event_at, s.process, coalesce(p.number, -1) as place, coalesce(f.number, -1) as source,
    coalesce(d.number, -1) as destination,
    case
        when s.event_type <> 'AggregationEvent' then $none when s.action = 'ADD' then $add
        when s.action = 'DELETE' then $delete when s.action = 'OBSERVE' then $observe else $none
    end as packing
from standing s
left join word p on p.word = s.place
left join word f on f.word = s.source
left join word d on d.word = s.destination
order by s.number
"""

ROWS = """
select
    t.number as thing, s.number as event,
    case
        when m.part = 'input' then $input when m.part = 'output' then $output
        when s.event_type <> 'AggregationEvent' then $seen when m.part = 'parent' then $parent
        when m.part = 'child' then $child else $seen
    end as role
from read_parquet($files) m
join standing s on s.event = m.event
join thing t on t.thing = m.thing
order by s.number, t.number
"""

NAMES_OF_THINGS = "select thing from thing order by number"
NAMES_OF_WORDS = "select word from word order by number"

ROLES = {role.name.lower(): int(role) for role in Role}
PACKINGS = {packing.name.lower(): int(packing) for packing in Packing}


@dataclass(frozen=True, eq=False)
class ChainIndex:
    """The chain with the names of its things, and of the places and parties of its events (-1: nobody said)."""

    chain: Chain
    things: pa.LargeStringArray
    words: pa.LargeStringArray
    place: Shorts
    source: Shorts
    destination: Shorts

    def find(self, link: str) -> int | None:
        """The number of a thing by its canonical link; they are sorted."""
        low, high = 0, len(self.things)
        while low < high:
            middle = (low + high) // 2
            if self.things[middle].as_py().encode() < link.encode():
                low = middle + 1
            else:
                high = middle
        return low if low < len(self.things) and self.things[low].as_py() == link else None


def read_index(lake: Lake) -> ChainIndex:
    """The index of the events in force: mapped, and made first where the lake has changed since."""
    events, movements = (lake.files(kind) for kind in (RecordKind.CHAIN_EVENT, RecordKind.MOVEMENT))
    above = lake.folder.parent / FOLDER
    folder = above / f"{PREFIX}{_digest([*events, *movements])}"
    if not folder.is_dir():
        paths = [lake.paths(kind) for kind in (RecordKind.CHAIN_EVENT, RecordKind.MOVEMENT)]
        keep_index(build_index(*paths), folder)
        for other in above.glob(f"{PREFIX}*"):
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
    return map_index(folder)


def build_index(events: list[str], movements: list[str]) -> ChainIndex:
    """The index of Parquet files of both kinds; an error declaration takes its event out."""
    if not events:
        return _index_of(_no_events(), pa.chunked_array([], pa.string()), pa.chunked_array([], pa.string()))
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as memory:
        memory.execute(STANDING, {"files": events})
        memory.execute(THINGS, {"files": movements})
        memory.execute(WORDS)
        found = memory.execute(EVENTS, PACKINGS).fetchnumpy()
        found |= memory.execute(ROWS, {"files": movements, **ROLES}).fetchnumpy()
        things, words = (memory.sql(names).to_arrow_table().column(0) for names in (NAMES_OF_THINGS, NAMES_OF_WORDS))
    return _index_of(found, things, words)


def _no_events() -> dict[str, Any]:
    names = ("event_at", "process", "place", "source", "destination", "packing", "thing", "event", "role")
    return dict.fromkeys(names, np.empty(0, np.int64))


def _index_of(found: dict[str, Any], things: pa.ChunkedArray, words: pa.ChunkedArray) -> ChainIndex:
    def short(name: str, kind: type[np.integer[Any]] = np.int32) -> Any:  # noqa: ANN401 (of that kind)
        return np.asarray(found[name]).astype(kind)

    processes = int(short("process").max(initial=-1)) + 1
    moves = Moves(
        len(things), processes, short("event_at", np.int64), short("process"), short("packing", np.int8),
        short("thing"), short("event"), short("role", np.int8),
    )  # fmt: skip
    return ChainIndex(
        build_chain(moves), _names(things), _names(words), short("place"),
        short("source"), short("destination"),
    )  # fmt: skip


def _names(column: pa.ChunkedArray) -> pa.LargeStringArray:
    return pa.concat_arrays([pa.array([], pa.large_string()), *column.cast(pa.large_string()).chunks])


def keep_index(index: ChainIndex, folder: Path) -> None:
    """Write all arrays beside each other, and give the folder its name when it is whole."""
    folder.parent.mkdir(exist_ok=True)
    draft = Path(mkdtemp(dir=folder.parent))
    for path, array in _arrays(index):
        np.save(draft / f"{path}.npy", array)
    for name in ("things", "words"):
        table = pa.table({name: getattr(index, name)})
        with pa.OSFile(str(draft / name), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
    try:
        draft.rename(folder)
    except OSError:  # another process was first
        shutil.rmtree(draft, ignore_errors=True)


def _arrays(index: ChainIndex) -> list[tuple[str, npt.NDArray[Any]]]:
    found = [(name, getattr(index, name)) for name in ("place", "source", "destination")]
    for field in fields(Chain):
        part = getattr(index.chain, field.name)
        if isinstance(part, np.ndarray):
            found.append((field.name, part))
        else:
            found += [(f"{field.name}.{inner.name}", getattr(part, inner.name)) for inner in fields(part)]
    return found


def map_index(folder: Path) -> ChainIndex:
    """An index that was kept, mapped into memory: only what is asked for is read."""

    def load(path: str) -> Any:  # noqa: ANN401 (an array)
        return np.load(folder / f"{path}.npy", mmap_mode="r")

    def rows(name: str) -> Rows:
        return Rows(*(load(f"{name}.{inner.name}") for inner in fields(Rows)))

    def names(name: str) -> pa.LargeStringArray:
        with pa.memory_map(str(folder / name)) as source:
            table = pa.ipc.open_file(source).read_all()
        return table.column(0).combine_chunks() if table.num_rows else pa.array([], pa.large_string())

    return ChainIndex(
        chain=Chain(
            event_at=load("event_at"),
            process_is_certain=load("process_is_certain"),
            holdings=Holdings(*(load(f"holdings.{inner.name}") for inner in fields(Holdings))),
            **{
                name: rows(name) for name in ("inputs", "fed_by", "outputs", "made_by", "held_in", "holds", "sightings")
            },
        ),
        things=names("things"),
        words=names("words"),
        place=load("place"),
        source=load("source"),
        destination=load("destination"),
    )


def _digest(files: list[LakeFile]) -> str:
    return hashlib.sha256("\n".join(sorted(file.path for file in files)).encode()).hexdigest()[:24]
