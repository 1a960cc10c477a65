"""One policy has one text and one digest, however it was written down."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ringfence.errors import NotFound
from ringfence.policy import Policy, read_defaults, read_folder, read_text
from ringfence.terms import Purpose

Edit = Callable[[str, str, str], Path]


def test_the_published_text_reads_back_as_the_same_policy() -> None:
    shipped = read_defaults()
    again = read_text(shipped.text)
    assert again == shipped
    assert again.text == shipped.text
    assert again.digest == shipped.digest
    assert hash(again) == hash(shipped)


def test_a_folder_that_was_only_copied_is_the_shipped_policy(folder: Path) -> None:
    assert read_folder(folder).digest == read_defaults().digest


def test_reformatting_changes_nothing(folder: Path) -> None:
    gates = folder / "gates.yaml"
    text = gates.read_text(encoding="utf-8")
    block = "values:\n    # the winter wave\n    2022-01-01: 48.0\n    '2022-04-01': 24"
    blocked = re.sub(r" +#.*", "", text).replace("values: {2022-01-01: 48, 2022-04-01: 24}", block)
    assert block in blocked
    gates.write_text("\ufeff" + blocked, encoding="utf-8")
    (folder / "places.yaml").rename(folder / "markets.yaml")
    (folder / "README.txt").write_text("ours", encoding="utf-8")
    assert read_folder(folder).digest == read_defaults().digest


def test_one_other_number_is_another_policy(edit: Edit) -> None:
    other = read_folder(edit("gates.yaml", "2022-04-01: 24", "2022-04-01: 25"))
    assert other.digest != read_defaults().digest
    assert other != read_defaults()


def test_a_policy_cannot_be_changed() -> None:
    shipped = read_defaults()
    with pytest.raises(AttributeError):
        shipped.clauses = {}
    with pytest.raises(TypeError):
        shipped.numbers["gate.test_max_age_hours"].values[0] = 1
    with pytest.raises(TypeError):
        shipped.clauses["9.1"] = "ours"


def test_a_declared_purpose_is_a_purpose_a_store_takes() -> None:
    purpose = read_defaults().purpose("follow_up")
    assert isinstance(purpose, Purpose)
    assert (purpose.key, purpose.clause) == ("follow_up", "2.4")


def test_an_undeclared_purpose_is_not_found() -> None:
    with pytest.raises(NotFound, match=r"curiosity is no declared purpose; purposes.yaml lists them"):
        read_defaults().purpose("curiosity")


def test_an_unknown_disease_is_not_found() -> None:
    with pytest.raises(NotFound, match=r"there is no protocol for ebola; publish protocols/ebola.yaml"):
        read_defaults().protocol_on("ebola", 19_000)


def test_a_day_before_the_first_edition_is_not_found() -> None:
    with pytest.raises(
        NotFound, match=r"the protocol of covid19 has no edition on 2019-12-31, its first is of 2020-01-01"
    ):
        Policy(read_defaults(), 18_261).protocol("covid19")


def test_a_new_disease_is_one_new_file(folder: Path) -> None:
    mers = (folder / "protocols" / "mers.yaml").read_text(encoding="utf-8")
    (folder / "protocols" / "sars.yaml").write_text(mers, encoding="utf-8")
    assert read_folder(folder).protocol_on("sars", 19_000).incubation.max_days == 14
