"""Clause 6.5: what was collected for health serves health only."""

from pathlib import Path

import pytest

from ringfence.errors import PolicyRefused
from ringfence.policy import copy_defaults, read_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy_defaults(tmp_path)
    return tmp_path


def add_purpose(folder: Path, *, reads: str) -> None:
    with (folder / "purposes.yaml").open("a", encoding="utf-8") as purposes:
        purposes.write(f'\npoverty_watch:\n  clause: "8.1"\n  family: programme\n  {reads}\n')


@pytest.mark.parametrize(
    ("reads", "key"),
    [
        ("records: [visit]", "record.visit"),
        ("records: [passage]", "record.passage"),
        ("records: [sample]", "record.sample"),
        ("records: [exposure_below_cut]", "record.exposure_below_cut"),
        ("tables: [area, exposure]", "table.exposure"),
        ("tables: [area, measure_order]", "table.measure_order"),
        ("tables: [follow_up]", "table.follow_up"),
        ("people: [name]", "vault.people"),
    ],
)
def test_no_programme_can_name_what_was_collected_for_health(folder: Path, reads: str, key: str) -> None:
    add_purpose(folder, reads=reads)
    with pytest.raises(PolicyRefused) as refused:
        read_folder(folder)
    assert str(refused.value) == (
        f"purposes.yaml: poverty_watch is a programme's and reads {key}, collected for health; that serves health only "
        "(clause 6.5)"
    )


def test_a_programme_may_read_how_the_city_does_its_duty_and_its_own_rows(folder: Path) -> None:
    with (folder / "retention.yaml").open("a", encoding="utf-8") as retention:
        retention.write(
            'table.programme_row: {clause: "8.1", collected_for: programme, counted_from: closed, unit: days, '
            "values: {2022-01-01: 365}}\n"
        )
    add_purpose(folder, reads="tables: [area, programme_row]")
    assert read_folder(folder).purpose("poverty_watch").tables == {"area", "programme_row"}


@pytest.mark.parametrize(
    ("key", "other"),
    [
        ("record.visit", "programme"),
        ("record.passage", "duty"),
        ("record.sample", "programme"),
        ("table.exposure", "duty"),
        ("table.measure_order", "programme"),
    ],
)
def test_no_draft_can_declare_the_promised_data_somebody_elses(folder: Path, key: str, other: str) -> None:
    path = folder / "retention.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    spoilt = [line.replace("for: health", f"for: {other}") if line.startswith(f"{key}:") else line for line in lines]
    assert spoilt != lines
    path.write_text("\n".join(spoilt), encoding="utf-8")
    with pytest.raises(PolicyRefused, match=rf"{key} was collected for health and stays so \(clause 6.5\); correct it"):
        read_folder(folder)
