"""The stand-in for workers in an exercise: it alone knows who stands behind a number, and answers when they knock."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from ringfence import work
from ringfence.city import field_answers
from ringfence.cli.calls import Answer
from ringfence.store import PEOPLE, Content, Scope, Store
from ringfence.terms import ENDING, DayStatus, Outcome, RecordKind, TaskKind

SEED = 7

READ_IDENTITIES = "create table identity as select file, row, true_id from read_csv($path, header = true)"

READ_RESIDENTS = "create table resident as select true_id, person_id from read_csv($path, header = true)"

KEEP_REGISTERED = "insert into registered select person_no, source_key from people where source_key <> ''"

# Who is meant by a number: the register says it of residents, the rows about somebody say it of everybody else.
WHO = """
with asked as (select distinct person from given),
by_register as (
    select a.person, r.true_id
    from asked a join registered k on k.person = a.person join resident r on r.person_id = k.source_key
),
by_rows as (
    select l.person, mode(i.true_id) as true_id
    from read_parquet($links) l
    join asked a on a.person = l.person
    join delivered b on b.batch_no = l.source_batch
    join identity i on i.file = b.file and i.row = l.source_row - 1
    group by l.person
)
select a.person, coalesce(r.true_id, n.true_id) as true_id
from asked a left join by_register r on r.person = a.person left join by_rows n on n.person = a.person
"""


class Doors:
    """What the workers of an exercise find; it looks into the truth, and nothing of it flows back but their answers."""

    def __init__(self, store: Store, *, truth: Path) -> None:
        self._store, self._truth = store, truth
        self.memory = duckdb.connect(":memory:", config={"temp_directory": ""})
        self.memory.execute(READ_IDENTITIES, {"path": str(truth / "identities.csv")})
        self.memory.execute(READ_RESIDENTS, {"path": str(truth / "persons.csv")})
        self.memory.execute("create table delivered (file text, batch_no bigint)")
        self.memory.execute("create table registered (person bigint, source_key text)")

    def learn(self, files: Sequence[Answer]) -> None:
        """Which batch a file became."""
        fresh = [(one["file"], one["batch_no"]) for one in files if not one["is_known"]]
        if fresh:
            self.memory.executemany("insert into delivered values (?, ?)", fresh)
        if any(one["format"] == "resident_register" for one in files):
            people = pa.Table.from_batches(self._store.vault.batches(Content.PEOPLE), schema=PEOPLE)
            self.memory.register("people", people)
            self.memory.execute(KEEP_REGISTERED)
            self.memory.unregister("people")

    def who(self, persons: Sequence[int]) -> dict[int, int]:
        """The true id behind each number, as far as anything tells."""
        links = self._store.lake.paths(RecordKind.LINK)
        if not persons or not links:
            return {}
        self.memory.register("given", pa.table({"person": pa.array(persons, pa.int64())}))
        return {p: true for p, true in self.memory.execute(WHO, {"links": links}).fetchall() if true is not None}

    def knock(self, due: Sequence[Answer], *, day: date) -> Mapping[Outcome, list[int]]:
        """The tasks that are done, by their outcome; who was not at home is tried again, and the task gets late."""
        tasks = [task for task in due if task["subject"].startswith("person:")]
        found = self._answers([int(task["subject"].removeprefix("person:")) for task in tasks], day=day)
        done: dict[Outcome, list[int]] = defaultdict(list)
        for task in tasks:
            if found[int(task["subject"].removeprefix("person:"))] != DayStatus.MISSED:
                done[ENDING[TaskKind(task["kind"])]].append(task["task"])
        return done

    def watch(self, *, day: date) -> Mapping[str, list[list[str]]]:
        """What the day's follow-up of everybody watched came to, by disease."""
        watched = work.list_watched(self._store.desk, scope=Scope.of_system())
        found = self._answers([one.person_no for one in watched], day=day)
        records: dict[str, list[list[str]]] = defaultdict(list)
        for one in watched:
            records[one.disease].append([str(one.person_no), found[one.person_no]])
        return records

    def _answers(self, persons: Sequence[int], *, day: date) -> dict[int, str]:
        """What a visit to each person comes to; behind a number that nobody is, nobody opens."""
        known = self.who(persons)
        asked = [person for person in dict.fromkeys(persons) if person in known]
        said = field_answers(self._truth, true_ids=[known[person] for person in asked], day=day, seed=SEED)
        return dict.fromkeys(persons, DayStatus.MISSED.value) | dict(zip(asked, said, strict=True))
