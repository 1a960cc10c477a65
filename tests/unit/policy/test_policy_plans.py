"""What a draft would change is shown line by line, and the past is not rewritten."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from ringfence.policy import plan_publication, read_defaults, read_folder
from ringfence.terms import day_number

Edit = Callable[[str, str, str], Path]

FROM_DAY = day_number(date(2022, 5, 1))
GATE = {"key": "gate.test_max_age_hours", "field": "hours"}


def test_the_first_policy_is_all_added() -> None:
    plan = plan_publication(None, read_defaults(), from_day=FROM_DAY)
    assert (plan.kind, plan.basis, plan.released, plan.conflicting) == ("policy", "", (), ())
    assert {**GATE, "from_day": "2022-01-01", "value": 48} in plan.added
    assert {"key": "protocol.mers", "field": "incubation.max_days", "from_day": "2013-07-01", "value": 14} in plan.added
    assert {"key": "role.auditor", "field": "acts", "from_day": None, "value": "ledger.verify"} in plan.added


def test_the_same_policy_changes_nothing() -> None:
    shipped = read_defaults()
    plan = plan_publication(shipped, shipped, from_day=FROM_DAY)
    assert plan.is_empty
    assert plan.basis == shipped.digest


def test_a_number_for_a_day_to_come_is_one_line(edit: Edit) -> None:
    draft = read_folder(edit("gates.yaml", "2022-04-01: 24", "2022-04-01: 24, 2022-05-01: 72"))
    plan = plan_publication(read_defaults(), draft, from_day=FROM_DAY)
    assert plan.added == ({**GATE, "from_day": "2022-05-01", "value": 72},)
    assert (plan.released, plan.conflicting) == ((), ())


def test_a_number_in_the_past_of_a_published_key_conflicts(edit: Edit) -> None:
    draft = read_folder(edit("gates.yaml", "2022-04-01: 24", "2022-04-01: 24, 2022-04-30: 72"))
    plan = plan_publication(read_defaults(), draft, from_day=FROM_DAY)
    assert plan.conflicting == ({**GATE, "from_day": "2022-04-30", "published": None, "draft": 72},)
    assert (plan.added, plan.released) == ((), ())


def test_a_changed_past_shows_what_is_published_and_what_the_draft_says(edit: Edit) -> None:
    draft = read_folder(edit("gates.yaml", "2022-04-01: 24", "2022-04-01: 36"))
    plan = plan_publication(read_defaults(), draft, from_day=FROM_DAY)
    assert plan.conflicting == ({**GATE, "from_day": "2022-04-01", "published": 24, "draft": 36},)


def test_a_change_announced_for_later_may_still_be_taken_back(edit: Edit) -> None:
    draft = read_folder(edit("gates.yaml", ", 2022-04-01: 24", ""))
    plan = plan_publication(read_defaults(), draft, from_day=day_number(date(2022, 3, 1)))
    assert plan.released == ({**GATE, "from_day": "2022-04-01", "value": 24},)
    assert (plan.added, plan.conflicting) == ((), ())


def test_counting_in_another_unit_changes_the_past(folder: Path) -> None:
    ours = folder / "ours.yaml"
    ours.write_text('ours.limit: {clause: "1.2", unit: hours, values: {2022-01-01: 2}}', encoding="utf-8")
    published = read_folder(folder)
    ours.write_text('ours.limit: {clause: "1.2", unit: days, values: {2022-01-01: 2}}', encoding="utf-8")
    line = {"key": "ours.limit", "from_day": "2022-01-01"}
    assert plan_publication(published, read_folder(folder), from_day=FROM_DAY).conflicting == (
        {**line, "field": "days", "published": None, "draft": 2},
        {**line, "field": "hours", "published": 2, "draft": None},
    )


def test_a_new_key_may_begin_in_the_past_for_it_rewrites_nothing(folder: Path) -> None:
    (folder / "ours.yaml").write_text(
        'ours.limit: {clause: "1.2", unit: days, values: {2022-01-01: 2}}', encoding="utf-8"
    )
    plan = plan_publication(read_defaults(), read_folder(folder), from_day=FROM_DAY)
    assert plan.conflicting == ()
    assert {"key": "ours.limit", "field": "days", "from_day": "2022-01-01", "value": 2} in plan.added


def test_a_key_taken_out_conflicts_for_an_old_case_may_ask_for_it(edit: Edit) -> None:
    text = (
        "places.reply_within_days:   # from a penalty announced to the end of the operator's time to reply; the "
        'deployment checks its law\n  clause: "5.2"\n  unit: days\n  values: {2015-01-01: 5}\n'
    )
    draft = read_folder(edit("places.yaml", text, "{}"))
    plan = plan_publication(read_defaults(), draft, from_day=FROM_DAY)
    assert [line["key"] for line in plan.conflicting] == ["places.reply_within_days"]


def test_correcting_a_clause_or_a_source_rewrites_nothing(edit: Edit) -> None:
    edit("protocols/mers.yaml", "(Korea); range 2 to 14 days after WHO", "(Korea, 115 cases); range after WHO")
    draft = read_folder(edit("sentinels.yaml", 'clause: "4.1"', 'clause: "4.4"'))
    plan = plan_publication(read_defaults(), draft, from_day=FROM_DAY)
    assert plan.conflicting == ()
    assert [(line["key"], line["field"]) for line in plan.added] == [
        ("protocol.mers", "incubation.source"),
        ("sentinel.report_every_days", "clause"),
    ]


def test_a_right_given_and_one_taken_are_a_line_each(edit: Edit) -> None:
    changed = edit("roles.yaml", "acts: [ledger.read, ledger.verify, ", "acts: [ledger.verify, export.sign, ")
    draft = read_folder(changed)
    plan = plan_publication(read_defaults(), draft, from_day=FROM_DAY)
    line = {"key": "role.auditor", "field": "acts", "from_day": None}
    assert plan.added == ({**line, "value": "export.sign"},)
    assert plan.released == ({**line, "value": "ledger.read"},)


def test_an_edition_to_come_is_shown_field_by_field_and_one_in_the_past_conflicts(edit: Edit) -> None:
    folder = edit("protocols/covid19.yaml", "\n  2022-06-28:\n", "\n  2022-07-01:\n")
    before, after = (day_number(date(2022, 6, 1)), day_number(date(2022, 6, 30)))
    plan = plan_publication(read_defaults(), read_folder(folder), from_day=before)
    assert plan.conflicting == ()
    line = {"key": "protocol.covid19", "field": "first_ring.release.days", "value": 10}
    assert {**line, "from_day": "2022-07-01"} in plan.added
    assert {**line, "from_day": "2022-06-28"} in plan.released
    late = plan_publication(read_defaults(), read_folder(folder), from_day=after)
    assert {
        "key": "protocol.covid19",
        "field": "first_ring.release.days",
        "from_day": "2022-06-28",
        "published": 10,
        "draft": None,
    } in late.conflicting
