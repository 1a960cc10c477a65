import numpy as np
import pyarrow as pa
import pytest

from ringfence.city import mistakes
from ringfence.city.mistakes import SLIPS, write_down
from ringfence.city.names import readings
from ringfence.city.town import Town

COLUMNS = ("name", "sex", "birth_date", "id_number", "phone", "address")


@pytest.mark.parametrize(
    ("slip", "right", "written"),
    [
        ("cut_last", "欧阳晓明", "欧阳晓"),
        ("cut_last", "王伟", "王伟"),
        ("space_out", "王伟", "王 伟"),
        ("space_out", "王伟明", "王伟明"),
        ("write_fifteen", "11010519491231002X", "110105491231002"),
        ("write_fifteen", "110105201112310025", "110105201112310025"),
        ("write_wide", "1380X", "１３８０Ｘ"),
        ("write_small_x", "11010519491231002X", "11010519491231002x"),
        ("group_digits", "13812345678", "138 1234 5678"),
        ("swap_day_and_month", "2001-03-12", "2001-12-03"),
        ("swap_day_and_month", "2001-03-13", "2001-03-13"),
        ("leave_out_county", "云冈区古城街道建设路3号", "古城街道建设路3号"),
        ("leave_out_county", "柳堡县上窑乡上石沟村3号", "上窑乡上石沟村3号"),
        ("write_nothing", "王伟", ""),
    ],
)
def test_a_slip_writes(slip: str, right: str, written: str) -> None:
    assert getattr(mistakes, slip)(pa.array([right]), np.random.default_rng(1)).to_pylist() == [written]


def test_a_homophone_sounds_alike() -> None:
    names = ["李静", "王浩然", "张伟"] * 50
    written = mistakes.sound_alike(pa.array(names), np.random.default_rng(1)).to_pylist()
    changed = [
        (a, b) for right, wrong in zip(names, written, strict=True) for a, b in zip(right, wrong, strict=True) if a != b
    ]
    assert len(changed) > 100
    assert all(readings()[a] == readings()[b] for a, b in changed)


@pytest.mark.parametrize("slip", ["mistype_digit", "swap_neighbours", "miss_the_year"])
def test_a_typing_slip_keeps_the_length_and_hits_at_most_two_letters(slip: str) -> None:
    right = ["1987-11-05"] * 200
    written = getattr(mistakes, slip)(pa.array(right), np.random.default_rng(1)).to_pylist()
    differences = [
        sum(a != b for a, b in zip(one, other, strict=True)) for one, other in zip(right, written, strict=True)
    ]
    assert max(differences) in (1, 2)
    if slip == "swap_neighbours":
        assert all(sorted(one) == sorted("1987-11-05") for one in written)


def test_country_codes_stand_before_the_number_and_never_before_nothing() -> None:
    written = mistakes.with_country_code(pa.array(["13812345678", ""] * 20), np.random.default_rng(1)).to_pylist()
    assert {one[:-11] for one in written[::2]} == {"+86", "86-", "0086", "+86 "}
    assert set(written[1::2]) == {""}


def test_without_slips_the_cards_are_copied(town: Town) -> None:
    written = write_down(town.card, COLUMNS, np.random.default_rng(1), slips=0.0)
    assert written.equals(town.card.select(COLUMNS).combine_chunks())


@pytest.mark.parametrize("slips", [1.0, 3.0])
def test_slips_come_as_often_as_their_rates_say(town: Town, slips: float) -> None:
    written = write_down(town.card, COLUMNS, np.random.default_rng(1), slips=slips)
    for column in COLUMNS:
        right, wrong = (np.asarray(table[column].to_pylist()) for table in (town.card, written))
        rates = [slip.rate * slips for slip in SLIPS if slip.column == column]
        assert (right != wrong).mean() < 1.05 * sum(rates) + 0.005
        emptied = ((right != "") & (wrong == "")).sum() / (right != "").sum()
        expected = sum(
            slip.rate * slips for slip in SLIPS if slip.column == column and slip.write is mistakes.write_nothing
        )
        assert emptied == pytest.approx(expected, rel=0.25, abs=0.0005)


def test_what_is_empty_stays_empty(town: Town) -> None:
    written = write_down(town.card, COLUMNS, np.random.default_rng(1), slips=10.0)
    for column in ("id_number", "phone"):
        right, wrong = (np.asarray(table[column].to_pylist()) for table in (town.card, written))
        assert (right == "").any()
        assert set(wrong[right == ""]) == {""}


def test_a_name_in_latin_letters_is_the_persons_own(town: Town) -> None:
    written = write_down(town.card, ("name",), np.random.default_rng(1), slips=10.0)["name"].to_pylist()
    own = town.card["pinyin"].to_pylist()
    latin = [(name, pinyin) for name, pinyin in zip(written, own, strict=True) if name.isascii() and name]
    assert len(latin) > 500
    assert all(name == pinyin for name, pinyin in latin)
