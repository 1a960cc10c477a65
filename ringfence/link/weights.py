"""A model as SQL: how far two records agree, and what that weighs; Splink's arithmetic in one statement.

Splink trains the models and its settings describe them (Fellegi and Sunter 1969). To weigh, only their levels are
needed, so they are written out as one statement: nothing is planned anew for each list, and a single row is weighed by
the very statement that weighs a million. `tests/property/test_link_weights.py` holds every weight to Splink's own.
"""

from collections.abc import Iterator
from math import log2
from typing import Any

from ringfence.link.model import Model

Comparison = dict[str, Any]


def frequency_columns(model: Model) -> list[str]:
    """The columns whose values weigh by how frequent they are among the known people."""
    levels = (level for comparison in model.splink["comparisons"] for level in comparison["comparison_levels"])
    return sorted({level["tf_adjustment_column"] for level in levels if "tf_adjustment_column" in level})


def compared_columns(model: Model) -> list[str]:
    """The level that two records reach in each comparison, as columns gamma_<comparison>: from 0, different, upwards.

    -1 where it is not known. The two records' columns end in _l and _r.
    """
    return [_compile_levels(comparison) for comparison in model.splink["comparisons"]]


def weight_parts(model: Model) -> dict[str, str]:
    """What each comparison adds to the weight in bits, by its name, after what holds before any (`prior`).

    From gamma_<comparison>, the counts people_<column> and `people`: the known people and those imagined beside them.
    """
    prior = f"log2({model.resident_share!r} / (people - {model.resident_share!r}))"
    weights = {one["output_column_name"]: _compile_weight(one) for one in model.splink["comparisons"]}
    return {"prior": prior, **weights}


def weight_sum(model: Model) -> str:
    """The weight of two records in bits."""
    return " + ".join(weight_parts(model).values())


def _numbered(comparison: Comparison) -> Iterator[tuple[int, dict[str, Any]]]:
    known = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
    yield from zip(range(len(known) - 1, -1, -1), known, strict=True)


def _compile_levels(comparison: Comparison) -> str:
    unknown = [level["sql_condition"] for level in comparison["comparison_levels"] if level.get("is_null_level")]
    cases = [f"when {condition} then -1" for condition in unknown]
    cases += [f"when {level['sql_condition']} then {number}" for number, level in _numbered(comparison) if number]
    return f"case {' '.join(cases)} else 0 end as gamma_{comparison['output_column_name']}"


def _compile_weight(comparison: Comparison) -> str:
    cases = " ".join(f"when {number} then {_compile_level(level)}" for number, level in _numbered(comparison))
    return f"case gamma_{comparison['output_column_name']} {cases} else 0 end"


def _compile_level(level: dict[str, Any]) -> str:
    """log2(m/u); where the value's frequency counts, it takes the place of u (Winkler 2000)."""
    true = level["m_probability"]
    if column := level.get("tf_adjustment_column"):
        return f"log2({true!r} / greatest(people_{column} / people, {level.get('tf_minimum_u_value', 0.0)!r}))"
    return repr(log2(true / level["u_probability"]))
