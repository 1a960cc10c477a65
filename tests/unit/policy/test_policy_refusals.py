"""Every way to write a policy wrong, and the one sentence that says what, where and what to do."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ringfence.errors import PolicyRefused
from ringfence.policy import copy_defaults, read_defaults, read_folder, read_text

Refusal = Callable[[str, str, str], str]

AGE = "gates.yaml: gate.test_max_age_hours"
TEST_AGE = "values: {2022-01-01: 48, 2022-04-01: 24}"
GATE_AGE = "gate.test_max_age_hours:   # from sampling to passage; the city's own numbers\n"

SPOILT = {
    "a date out of order": (
        "gates.yaml",
        TEST_AGE,
        "values: {2022-04-01: 24, 2022-01-01: 48}",
        f"{AGE}: values: 2022-01-01 stands after 2022-04-01; put the days in order, oldest first",
    ),
    "an edition out of order": (
        "protocols/covid19.yaml",
        "  2022-06-28:\n",
        "  2021-05-13:\n",
        ("protocols/covid19.yaml: editions: 2021-05-13 stands after 2021-05-14; put the days in order, oldest first"),
    ),
    "a key twice in one file": (
        "gates.yaml",
        "gate.fever_celsius:",
        "gate.test_max_age_hours:",
        "gates.yaml line 8: gate.test_max_age_hours stands twice; keep one",
    ),
    "a day twice": (
        "gates.yaml",
        TEST_AGE,
        "values: {2022-01-01: 48, 2022-01-01: 24}",
        "gates.yaml line 6: 2022-01-01 stands twice; keep one",
    ),
    "a key in two files": (
        "places.yaml",
        "places.reply_within_days:",
        "dispute.answer_within_hours:",
        "dispute.answer_within_hours stands in places.yaml and in screening.yaml; keep one",
    ),
    "an unknown clause": (
        "gates.yaml",
        GATE_AGE + '  clause: "1.2"',
        GATE_AGE + '  clause: "1.9"',
        f"{AGE} cites clause 1.9, which clauses.yaml does not list; correct it",
    ),
    "a clause that is a number, so that 7.10 would be 7.1": (
        "gates.yaml",
        GATE_AGE + '  clause: "1.2"',
        GATE_AGE + "  clause: 1.2",
        f"{AGE}: clause must be text, not 1.2; correct it",
    ),
    "a missing clause": (
        "gates.yaml",
        GATE_AGE + '  clause: "1.2"\n',
        GATE_AGE,
        f"{AGE} lacks clause; add it",
    ),
    "no values": (
        "gates.yaml",
        TEST_AGE,
        "values: {}",
        f"{AGE}: values holds no day; write the first day it applies from",
    ),
    "a value of another type": (
        "gates.yaml",
        TEST_AGE,
        "values: {2022-01-01: two days}",
        f"{AGE}: values: 2022-01-01 must be a number from zero to a billion, not 'two days'; correct it",
    ),
    "a negative value": (
        "gates.yaml",
        TEST_AGE,
        "values: {2022-01-01: -48}",
        f"{AGE}: values: 2022-01-01 must be a number from zero to a billion, not -48; correct it",
    ),
    "half a day where days are counted": (
        "sentinels.yaml",
        'clause: "4.1"\n  unit: days\n  values: {2015-01-01: 1}',
        'clause: "4.1"\n  unit: days\n  values: {2015-01-01: 1.5}',
        (
            "sentinels.yaml: sentinel.report_every_days: values: 2015-01-01 must be a whole number from zero to a "
            "billion, not 1.5; correct it"
        ),
    ),
    "a share above one": (
        "backbone.yaml",
        "values: {2015-01-01: 0.01}",
        "values: {2015-01-01: 1.5}",
        ("backbone.yaml: look.review_share: values: 2015-01-01 must be a share between 0 and 1, not 1.5; correct it"),
    ),
    "an unknown unit": (
        "sentinels.yaml",
        "unit: share",
        "unit: percent",
        (
            "sentinels.yaml: sentinel.false_alarm_share: unit: 'percent' is not known here; correct it, perhaps to one "
            "of count, share, factor"
        ),
    ),
    "a unit its name denies": (
        "sentinels.yaml",
        "unit: share",
        "unit: count",
        (
            "sentinels.yaml: sentinel.false_alarm_share: values: 2015-01-01 must be a whole number from zero "
            "to a billion, not 0.008; correct it"
        ),
    ),
    "hours called days": (
        "places.yaml",
        "unit: days",
        "unit: hours",
        "places.yaml: places.reply_within_days is counted in hours, but its name says days; make them agree",
    ),
    "a day that is none": (
        "gates.yaml",
        TEST_AGE,
        "values: {2022-02-30: 48}",
        f"{AGE}: values: 2022-02-30 must be a day such as 2022-06-28, not '2022-02-30'; correct it",
    ),
    "a day in another form": (
        "gates.yaml",
        TEST_AGE,
        "values: {20220101: 48}",
        f"{AGE}: values: 20220101 must be a day such as 2022-06-28, not '20220101'; correct it",
    ),
    "a misspelt field": (
        "gates.yaml",
        TEST_AGE,
        TEST_AGE + "\n  souce: the city",
        f"{AGE} has souce, which nothing reads; remove it or correct its spelling",
    ),
    "a syntax error": (
        "gates.yaml",
        TEST_AGE,
        "values: {2022-01-01: 48",
        "gates.yaml line 8 is not YAML (expected ',' or '}', but got ':'); correct it there",
    ),
    "a reference": (
        "gates.yaml",
        TEST_AGE,
        "values: &v {2022-01-01: 48}\n  again: *v",
        "gates.yaml line 7 refers to another place; write it out here",
    ),
    "a name that is a list": (
        "gates.yaml",
        TEST_AGE,
        "? [a, b]\n  : c",
        "gates.yaml line 6: a name must be one word; correct it",
    ),
    "a control character": (
        "gates.yaml",
        TEST_AGE,
        "values: \x07",
        "gates.yaml holds a character YAML does not allow; remove it",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "sentence"), SPOILT.values(), ids=SPOILT.keys())
def test_a_spoilt_file_is_refused_in_one_sentence(
    refusal: Refusal, file: str, old: str, new: str, sentence: str
) -> None:
    assert refusal(file, old, new) == sentence


def test_an_empty_file_is_named(folder: Path) -> None:
    (folder / "places.yaml").write_text("", encoding="utf-8")
    with pytest.raises(PolicyRefused, match=r"^places.yaml must be a table of names and values, not None; correct it$"):
        read_folder(folder)


def test_a_file_left_out_is_named(folder: Path) -> None:
    (folder / "purposes.yaml").unlink()
    with pytest.raises(PolicyRefused, match=r"has no purposes.yaml; copy the shipped one"):
        read_folder(folder)


def test_a_file_that_would_be_passed_over_is_named(folder: Path) -> None:
    (folder / "gates.yaml").rename(folder / "gates.yml")
    with pytest.raises(PolicyRefused, match=r"gates.yml would not be read; rename it to end in .yaml"):
        read_folder(folder)


def test_a_file_in_another_encoding_is_named(folder: Path) -> None:
    (folder / "gates.yaml").write_bytes("# 卡口\n".encode("gb18030"))
    with pytest.raises(PolicyRefused, match=r"gates.yaml is not UTF-8 text; save it as UTF-8"):
        read_folder(folder)


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyRefused, match=r"nowhere is no folder of policy files; name one"):
        read_folder(tmp_path / "nowhere")


def test_shipped_files_never_overwrite_edited_ones(folder: Path) -> None:
    with pytest.raises(PolicyRefused, match=r"holds policy files already; edit those or name another folder"):
        copy_defaults(folder)


def test_a_damaged_published_text_is_refused() -> None:
    text = read_defaults().text
    with pytest.raises(PolicyRefused, match=r"the published policy is damaged at character"):
        read_text(text[: len(text) // 2])


def test_a_published_text_that_lacks_a_part_is_refused() -> None:
    document = json.loads(read_defaults().text)
    del document["roles"]
    with pytest.raises(PolicyRefused, match=r"published policy lacks roles; add it"):
        read_text(json.dumps(document))
