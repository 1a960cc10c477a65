"""Pairs of people who share a key, weighed by the model: known with sought people, or the known among themselves."""

from ringfence.link.known import unpivoted_keys
from ringfence.link.model import Model
from ringfence.link.steps import Steps
from ringfence.link.weights import compared_columns, frequency_columns, weight_parts, weight_sum

MOST_SHARING = 100
"""A key that more known people have than this proposes no pairs: it no longer tells people apart."""

POPULATION = "select count(*) + {background} as people from known"
"""The known people, and those of other names who are imagined beside them."""

FREQUENCY = """
select {column}, count(*) as people_{column}
from known
semi join sought using ({column})
group by {column}
"""
"""How often a value of the sought stands among the known, so that no row's weight depends on the rows beside it."""

COUNTED = "select sought.*, {counts} from sought {joins}"

SOUGHT_KEY = """
select unique_id, key
from ({sought_keys})
anti join tier_link on tier_link.sought_id = unique_id
"""

HELD = """
with wanted as (
    select distinct key from sought_key
)
select unique_id, key
from ({known_keys})
semi join wanted using (key)
"""

PAIR = """
with telling as (
    select key from held group by key having count(*) <= {most}
)
select distinct held.unique_id as known_id, sought_key.unique_id as sought_id
from held
join telling using (key)
join sought_key using (key)
where {which}
"""

COMPARED = """
select known_id, sought_id, {frequencies}, {levels}
from {pairs}
join (select unique_id as known_id, {known_columns} from known) using (known_id)
join (select unique_id as sought_id, {sought_columns}, {frequencies} from counted) using (sought_id)
"""

SCORED = """
with compared as (
    {compared}
),
weighed as (
    select compared.*, {weight} as weight
    from compared
    cross join population
)
select
    known_id,
    sought_id,
    weight,
    {is_near} as is_near,
    {is_slip} as is_slip,
    {is_namesake} as is_namesake,
    {has_other_name} as has_other_name,
    {has_other_id} as has_other_id
from weighed
"""


PARTED = """
with compared as (
    {compared}
)
select sought_id, [{parts}] as weights
from compared
cross join population
"""


def count_steps(model: Model) -> Steps:
    """What makes `population` and, for each column whose values weigh by it, `frequency_of_<column>`."""
    counts = {"population": POPULATION.format(background=model.background)}
    return counts | {f"frequency_of_{column}": FREQUENCY.format(column=column) for column in frequency_columns(model)}


def score_steps(model: Model, *, within: bool = False) -> Steps:
    """What makes `scored`, the weighed pairs of `known` people and those `sought` whom no tier has linked.

    With `within`, the pairs of the `known` among themselves, who are among the `sought` then.
    """
    columns = frequency_columns(model)
    return {
        "counted": COUNTED.format(
            counts=", ".join(f"people_{column}" for column in columns),
            joins=" ".join(f"left join frequency_of_{column} using ({column})" for column in columns),
        ),
        "sought_key": SOUGHT_KEY.format(sought_keys=unpivoted_keys(model, "sought")),
        "held": HELD.format(known_keys=unpivoted_keys(model, "known")),
        "pair": PAIR.format(most=MOST_SHARING, which="held.unique_id < sought_key.unique_id" if within else "true"),
        "scored": _compile_scored(model),
    }


def part_steps(model: Model) -> Steps:
    """What makes `parted`: what each comparison weighs in the pairs of `judged` that somebody has to look at."""
    parts = ", ".join(weight_parts(model).values())
    looked_at = "(select sought_id, known_id from judged where verdict = 'review')"
    return {"parted": PARTED.format(parts=parts, compared=_compile_compared(model, looked_at))}


def _compile_compared(model: Model, pairs: str) -> str:
    columns = model.compared
    return COMPARED.format(
        pairs=pairs,
        frequencies=", ".join(f"people_{column}" for column in frequency_columns(model)),
        levels=", ".join(compared_columns(model)),
        known_columns=", ".join(f"{column} as {column}_l" for column in columns),
        sought_columns=", ".join(f"{column} as {column}_r" for column in columns),
    )


def _compile_scored(model: Model) -> str:
    return SCORED.format(
        compared=_compile_compared(model, "pair"),
        weight=weight_sum(model),
        is_near=model.is_near,
        is_slip=model.is_slip,
        is_namesake=model.is_namesake,
        has_other_name=model.has_other_name,
        has_other_id=model.has_other_id,
    )
