"""CertLogic 1.3.3: the official assertions and rules, and what the language does not allow."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from gate_lab import payload

from ringfence.errors import InputRefused
from ringfence.gate import check_rules, evaluate, read_rule, write_instant

LEAP_DAY = "2020-02-29"


def written(value: object) -> object:
    return write_instant(value) if isinstance(value, datetime) else value


def assertions(shared_data: Path) -> Iterator[tuple[str, Any, Any, Any]]:
    for file in sorted((shared_data / "certlogic/testSuite").glob("*.json")):
        suite = json.loads(file.read_bytes())
        for case in suite["cases"]:
            if "skip" in {suite.get("directive"), case.get("directive")}:
                continue
            for one in case["assertions"]:
                expression = one.get("certLogicExpression", case.get("certLogicExpression"))
                yield f"{suite['name']}: {case['name']}", expression, one["data"], one["expected"]


def rule_tests(shared_data: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for file in sorted((shared_data / "certlogic/rules").glob("*/*/rule.json")):
        rule = json.loads(file.read_bytes())
        for test in sorted(file.parent.glob("tests/*.json")):
            yield f"{rule['Identifier']} {test.stem}", rule, json.loads(test.read_bytes())


def test_every_official_assertion_holds(shared_data: Path) -> None:
    found = list(assertions(shared_data))
    assert len(found) > 100
    for name, expression, data, expected in found:
        value = written(evaluate(expression, data))
        assert (type(value), value) == (type(expected), expected), (name, data)


def test_every_official_rule_says_what_its_tests_say(shared_data: Path) -> None:
    found = list(rule_tests(shared_data))
    assert len(found) > 300
    for name, rule, test in found:
        data = {"payload": test["payload"], "external": test["external"]}
        assert evaluate(rule["Logic"], data) is test["expected"], name


@pytest.mark.parametrize(
    ("text", "amount", "unit", "expected"),
    [
        (LEAP_DAY, 1, "day", "2020-03-01T00:00:00.000Z"),
        (LEAP_DAY, 1, "month", "2020-03-29T00:00:00.000Z"),
        (LEAP_DAY, 1, "year", "2021-03-01T00:00:00.000Z"),
        (LEAP_DAY, 4, "year", "2024-02-29T00:00:00.000Z"),
        ("2021-01-31", 1, "month", "2021-03-03T00:00:00.000Z"),
        ("2021-03-31", -1, "month", "2021-03-03T00:00:00.000Z"),
        ("2021-01-15", -1, "month", "2020-12-15T00:00:00.000Z"),
        ("2004", 0, "day", "2004-12-31T00:00:00.000Z"),
        ("2004-02", 0, "day", "2004-02-29T00:00:00.000Z"),
        ("2003-12", 0, "day", "2003-12-31T00:00:00.000Z"),
        ("2021-06-01T10:00:00+2", 0, "hour", "2021-06-01T08:00:00.000Z"),
        ("2021-06-01T10:00:00+130", 0, "hour", "2021-06-01T08:30:00.000Z"),
        ("2021-06-01T10:00:00-0130", 0, "hour", "2021-06-01T11:30:00.000Z"),
        ("2021-06-01T10:00:00.98765Z", 0, "hour", "2021-06-01T10:00:00.987Z"),
        ("2021-06-01T10:00:00.9", 25, "hour", "2021-06-02T11:00:00.900Z"),
    ],
)
def test_a_time_is_moved_over_calendar_edges_as_the_specification_says(
    text: str, amount: int, unit: str, expected: str
) -> None:
    assert written(evaluate({"plusTime": [text, amount, unit]}, None)) == expected


@pytest.mark.parametrize(
    "expression",
    [
        None,
        1.5,
        {},
        {"or": [True, False]},
        {"and": [True]},
        {"if": [True, 1]},
        {"!": []},
        {"!": {"var": "x"}},
        {"var": 0},
        {"var": "x", "and": [True, True]},
        {"in": [1, 2]},
        {"+": [1, "2"]},
        {"+": [True, 1]},
        {"<": [1]},
        {"<": ["1", 2]},
        {"<": [1, 2, 3, 4]},
        {"===": [1]},
        {"before": ["2021-01-01", "2021-01-02"]},
        {"after": [{"plusTime": ["2021-01-01", 0, "day"]}, 7]},
        {"plusTime": ["2021-01-01", "1", "day"]},
        {"plusTime": ["2021-01-01", 1, "week"]},
        {"plusTime": ["2021-02-30", 1, "day"]},
        {"plusTime": ["2021-01-01 10:00:00", 1, "day"]},
        {"plusTime": ["2021-01-01", 10**9, "year"]},
        {"plusTime": [{"plusTime": ["2021-01-01", 1, "day"]}, 1, "day"]},
        {"dccDateOfBirth": ["2021-01-01T00:00:00Z"]},
        {"dccDateOfBirth": [7]},
        {"extractFromUVCI": [7, 1]},
        {"reduce": [7, True, 1]},
        {"!": [{"plusTime": ["2021-01-01", 1, "day"]}]},
    ],
)
def test_what_the_language_does_not_allow_is_refused_and_never_answered(expression: object) -> None:
    with pytest.raises(InputRefused):
        evaluate(expression, {"x": 1})


def test_an_expression_nested_without_end_is_refused() -> None:
    expression: object = True
    for _ in range(500):
        expression = {"!": [expression]}
    with pytest.raises(InputRefused, match="deep"):
        evaluate(expression, None)


@pytest.mark.parametrize(("one", "other"), [(1, True), (0, False), ("1", 1), (None, False), ([], []), ({}, {})])
def test_nothing_equals_a_value_of_another_kind(one: object, other: object) -> None:
    assert evaluate({"===": [{"var": "one"}, {"var": "other"}]}, {"one": one, "other": other}) is False
    assert evaluate({"in": [{"var": "one"}, {"var": "among"}]}, {"one": one, "among": [other]}) is False


def rule(logic: object, **changes: object) -> dict[str, object]:
    return {
        "Identifier": "TR-CN-0001",
        "Version": "1.0.0",
        "CertificateType": "Test",
        "ValidFrom": "2022-01-01T00:00:00Z",
        "ValidTo": "2023-01-01T00:00:00Z",
        "Logic": logic,
        **changes,
    }


@pytest.mark.parametrize("logic", [False, "yes", 1, [], {"var": "payload.x"}, {"in": [1, 2]}, {"nothing": [1]}])
def test_only_a_literal_true_lets_a_certificate_pass(logic: object, now: datetime) -> None:
    verdict = check_rules([read_rule(rule(logic))], payload(), now=now, value_sets={})
    assert verdict
    assert not verdict.admits
    assert check_rules([read_rule(rule(logic=True))], payload(), now=now, value_sets={}) is None


def test_a_rule_of_another_kind_or_another_time_does_not_count(now: datetime) -> None:
    others = [rule(logic=False, CertificateType="Vaccination"), rule(logic=False, ValidFrom="2022-06-01T00:00:00Z")]
    assert check_rules([read_rule(one) for one in others], payload(), now=now, value_sets={}) is None
    assert check_rules([read_rule(rule(logic=False, CertificateType="General"))], payload(), now=now, value_sets={})


def test_a_rule_without_its_time_is_refused() -> None:
    with pytest.raises(InputRefused, match="ValidTo"):
        read_rule(rule(logic=True, ValidTo="2023-01-01T00:00:00"))
