"""The shipped model is whole: Splink fills in nothing by itself, and the levels mean what the answers take them for."""

import re

import pytest

from ringfence.link.model import CERTAINTY_SCHEMA, CURRENT, Model, read_model
from ringfence.link.tables import open_memory

Levels = list[dict[str, object]]


@pytest.fixture(params=sorted(CURRENT))
def model(request: pytest.FixtureRequest) -> Model:
    return read_model(request.param)


def comparisons(model: Model) -> dict[str, Levels]:
    """The levels of each comparison from the last, 0, upwards, unknown left out."""
    return {
        comparison["output_column_name"]: [
            level for level in reversed(comparison["comparison_levels"]) if not level.get("is_null_level")
        ]
        for comparison in model.splink["comparisons"]
    }


def test_a_model_is_called_by_its_file(model: Model) -> None:
    assert model.version in CURRENT.values()


def test_every_level_has_its_m_and_its_u(model: Model) -> None:
    for levels in comparisons(model).values():
        for level in levels:
            assert 0 < float(str(level["m_probability"])) < 1
            assert 0 < float(str(level["u_probability"])) < 1


def test_the_m_of_a_comparison_add_up_to_one(model: Model) -> None:
    for levels in comparisons(model).values():
        assert sum(float(str(level["m_probability"])) for level in levels) == pytest.approx(1, abs=0.001)


def test_what_is_the_same_speaks_for_a_person_and_what_differs_against(model: Model) -> None:
    for name, levels in comparisons(model).items():
        ratios = [float(str(level["m_probability"])) / float(str(level["u_probability"])) for level in levels]
        assert ratios[0] < 1 < ratios[-1], name


@pytest.mark.parametrize("said", ["is_near", "is_slip", "is_namesake", "has_other_name", "has_other_id"])
def test_what_answers_rest_on_is_said_in_levels_that_are_there(model: Model, said: str) -> None:
    tops = {f"gamma_{name}": len(levels) - 1 for name, levels in comparisons(model).items()}
    for column, number in re.findall(r"(gamma_\w+) (?:>=|=|<=|between 0 and) (\d)", getattr(model, said)):
        assert 0 <= int(number) <= tops[column]


def test_the_levels_of_profile_han_are_the_ones_meant() -> None:
    model = read_model("han")
    labels = {name: [level["label_for_charts"] for level in levels] for name, levels in comparisons(model).items()}
    assert labels["id_number"][1:] == [
        "two valid numbers",
        "a typing error apart",
        "same, but no valid number",
        "same",
    ]
    assert labels["name"][1:5] == [
        "same surname",
        "the other of two characters differs, or is left out",
        "one character differs",
        "sounds nearly the same, or cut short",
    ]
    assert labels["birth_date"][-1] == labels["phone"][-1] == "same"
    assert labels["community"][-1] == "same door"


def test_the_bands_lie_in_order_and_a_person_is_all_but_certain(model: Model) -> None:
    assert model.review_weight < model.person_weight
    assert 1 / (1 + 2**-model.person_weight) > 0.995
    assert model.least_margin > 0


def test_certainties_are_counted_shares(model: Model) -> None:
    for line in model.certainty:
        assert line.keys() == set(CERTAINTY_SCHEMA.names)
        assert 0 < line["probability"] < 1


def test_linking_never_spills_to_disk() -> None:
    with open_memory() as memory:
        assert memory.execute("select current_setting('temp_directory')").fetchall() == [("",)]
