"""The tables that pass from a trace through a worklist to tasks, as Arrow schemas (policy 2.3).

Subjects are numbers of their kind, days local day numbers, `*_at` microseconds since 1970-01-01 UTC.
"""

import pyarrow as pa

_I64, _I32, _F64, _TEXT = pa.int64(), pa.int32(), pa.float64(), pa.string()

EXPOSED = pa.schema(
    [
        ("signal", _I64),
        ("subject_kind", _TEXT),
        ("subject", _I64),
        ("weight", _F64),
        ("last_day", _I32),
        ("area_path", _TEXT),
        ("household", _I64),
        ("is_identified", pa.bool_()),
        ("priority", _F64),
        ("leaves_few_visits", pa.bool_()),
    ]
)
"""What a worklist must know of each exposure; other columns pass through. `household` is empty where nobody knows it.

`priority` decides the order, the highest first; for those who leave few visits a share of the places is kept.

`is_identified` says that the link to the person is certain; where it is not, somebody asks at the door.
"""

ASKED = pa.schema(
    [
        ("signal", _I64),
        ("subject_kind", _TEXT),
        ("subject", _I64),
        ("kind", _TEXT),
        ("owner", _TEXT),
        ("area_path", _TEXT),
        ("weight", _F64),
        ("reason", _TEXT),
        ("due_at", _I64),
    ]
)
"""What is asked of whom until when, best rank first: it becomes a task, or one more basis of a task that stands."""

STANDING = pa.schema(
    [
        ("task", _I64),
        ("signal", _I64),
        ("subject_kind", _TEXT),
        ("subject", _I64),
        ("kind", _TEXT),
        ("owner", _TEXT),
        ("due_at", _I64),
    ]
)
"""What is asked already: open tasks with an empty signal, finished ones once for every signal they served."""
