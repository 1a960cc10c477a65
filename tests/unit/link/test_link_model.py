"""The shipped model is whole: Splink fills in nothing by itself, and the levels mean what the answers take them for."""

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


def test_better_levels_weigh_more(model: Model) -> None:
    for name, levels in comparisons(model).items():
        ratios = [float(str(level["m_probability"])) / float(str(level["u_probability"])) for level in levels]
        assert ratios[-1] == max(ratios), name
        assert min(ratios) < 1, name


def test_the_levels_that_answers_rest_on_are_the_ones_meant(model: Model) -> None:
    levels, labels = model.levels, comparisons(model)
    assert labels["id_number"][levels["id_same"]]["label_for_charts"] == "same"
    assert labels["id_number"][levels["id_near"]]["label_for_charts"] == "a typing error apart"
    assert labels["id_number"][levels["id_other"]]["label_for_charts"] == "two valid numbers"
    assert labels["name"][levels["name_near"]]["label_for_charts"] == "sounds nearly the same, or cut short"
    assert labels["name"][levels["name_far"]]["label_for_charts"] == "same surname"


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
