"""Plans of random drafts against asking both policies for every day; windows against every day of the calendar."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.errors import NotFound
from ringfence.policy import (
    CaseDays,
    DatedNumber,
    Permission,
    PolicySet,
    Protocol,
    RoleRights,
    UnitOfMeasure,
    infectious_window,
    plan_publication,
    read_defaults,
    source_window,
)
from ringfence.terms import Role, WindowBasis, day_number

FIRST = date(2022, 1, 1)
KEYS = ("ours.a", "ours.b")
EMPTY = PolicySet(clauses={}, numbers={}, retention={}, rules={}, protocols={}, purposes={}, roles={})

days = st.integers(0, 20).map(lambda n: FIRST + timedelta(days=n))
values = st.dictionaries(days, st.integers(0, 3), min_size=1, max_size=4).map(lambda dated: dict(sorted(dated.items())))
numbers = st.dictionaries(st.sampled_from(KEYS), st.tuples(st.sampled_from(["1.2", "2.2"]), values))
acts = st.frozensets(st.sampled_from([Permission.LEDGER_READ, Permission.LEDGER_VERIFY, Permission.EXPORT_SIGN]))


def policy_with(own: dict[str, tuple[str, dict[date, int]]], auditor: frozenset[Permission]) -> PolicySet:
    dated = {
        key: DatedNumber(key=key, clause=clause, unit=UnitOfMeasure.DAYS, values=values)
        for key, (clause, values) in own.items()
    }
    roles = {Role.AUDITOR: RoleRights(role=Role.AUDITOR, clause="6.4", acts=auditor)}
    return replace(EMPTY, numbers=dated, roles=roles)


policies = st.builds(policy_with, numbers, acts)


def value_on(policy: PolicySet, key: str, day: int) -> object:
    try:
        return policy.number(key).value_on(day)
    except NotFound:
        return None


@settings(deadline=None)
@given(current=policies, draft=policies)
def test_a_plan_is_empty_exactly_when_both_are_the_same_policy(current: PolicySet, draft: PolicySet) -> None:
    assert plan_publication(current, draft, from_day=0).is_empty == (current.digest == draft.digest)


@settings(deadline=None)
@given(current=policies, draft=policies, offset=st.integers(0, 21))
def test_a_plan_without_conflicts_leaves_every_past_day_of_a_published_key_as_it_was(
    current: PolicySet, draft: PolicySet, offset: int
) -> None:
    from_day = day_number(FIRST) + offset
    plan = plan_publication(current, draft, from_day=from_day)
    changed = {
        key
        for key in current.numbers
        for day in range(day_number(FIRST) - 1, from_day)
        if value_on(current, key, day) != value_on(draft, key, day)
    }
    assert changed <= {line["key"] for line in plan.conflicting}


@settings(deadline=None)
@given(current=policies, draft=policies)
def test_taking_away_what_is_released_and_adding_what_is_added_makes_the_draft(
    current: PolicySet, draft: PolicySet
) -> None:
    everything = plan_publication(None, current, from_day=0).added
    plan = plan_publication(current, draft, from_day=0)
    left = [line for line in everything if line not in plan.released]
    expected = plan_publication(None, draft, from_day=0).added
    assert sorted(map(str, [*left, *plan.added])) == sorted(map(str, expected))


editions = st.sampled_from(
    [edition for disease in read_defaults().protocols.values() for edition in disease.editions.values()]
)
maybe = st.none() | st.integers(80, 130)
cases = st.builds(CaseDays, reported_day=st.integers(90, 110), onset_day=maybe, sampled_day=maybe, isolated_day=maybe)


@given(case=cases, edition=editions)
def test_a_day_is_infectious_exactly_when_the_protocol_says_so(case: CaseDays, edition: Protocol) -> None:
    found = infectious_window(case, protocol=edition)
    dates = {
        WindowBasis.ONSET: case.onset_day,
        WindowBasis.SAMPLING: case.sampled_day,
        WindowBasis.REPORT: case.reported_day,
    }
    basis, anchor = next((basis, day) for basis, day in dates.items() if day is not None)
    reach = edition.infectious[basis]
    infectious = [
        day
        for day in range(200)
        if anchor - reach.days_before <= day <= anchor + reach.days_after
        and (case.isolated_day is None or day <= case.isolated_day)
    ]
    assert found.basis is basis
    within = [] if found.window is None else list(range(found.window.first_day, found.window.last_day + 1))
    assert within == infectious


@given(case=cases, edition=editions)
def test_a_day_is_a_source_day_exactly_when_some_possible_onset_allows_it(case: CaseDays, edition: Protocol) -> None:
    found = source_window(case, protocol=edition)
    assert found.window is not None
    anchor = next(day for day in (case.onset_day, case.sampled_day, case.reported_day) if day is not None)
    unknown = edition.infectious[found.basis].days_before - edition.infectious[WindowBasis.ONSET].days_before
    incubations = range(edition.incubation.min_days, edition.incubation.max_days + 1)
    sources = {onset - days for onset in range(anchor - unknown, anchor + 1) for days in incubations}
    assert set(range(found.window.first_day, found.window.last_day + 1)) == sources
