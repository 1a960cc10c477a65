"""What a long export costs a process that does nothing else: run by `bench/api.py` on the deployment it made."""

import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ringfence import account
from ringfence.access import propose_export, sign_export
from ringfence.account import Wanted
from ringfence.store import open_store
from ringfence.terms import Actor, Role

NOW = datetime(2022, 3, 1, 4, tzinfo=UTC)


def main() -> None:
    """Take every call out as CSV under a second signature; the time is that of the export after it was signed."""
    folder = Path(sys.argv[1])
    with closing(open_store(folder)) as store:
        actor, other = Actor(Role.CITY_OFFICER), Actor(Role.COUNTY_OFFICER)
        wanted = Wanted(name="tasks", filters={"kind": "call"}, area_path="1/", purpose_key="accountability")
        rows = account.count_export(store, wanted, actor=actor, now=NOW)
        plan = account.plan_export(store, wanted, rows=rows, now=NOW)
        number = store.act(lambda act: propose_export(act, plan), actor=actor, now=NOW)
        store.act(lambda act: sign_export(act, number), actor=other, now=NOW)
        before, began, worked = peak_mb(), time.perf_counter(), time.process_time()
        asked = replace(wanted, approval_id=number)
        made = account.make_export(store, asked, path=folder / "export.csv", actor=actor, now=NOW)
        took, worked = time.perf_counter() - began, time.process_time() - worked
    print(
        f"export of {made.row_count} rows: {took:.2f} s ({worked:.2f} s of a processor; to reach: 10 s for 100,000), "
        f"peak {peak_mb():.0f} MB in all (to reach: 200), {peak_mb() - before:.0f} MB above the program"
    )


def peak_mb() -> float:
    """The most memory this process had; unlike `getrusage` it knows nothing of the process that began it."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


if __name__ == "__main__":
    main()
