"""The client's calls: every route has one, each is asked as the API takes it, and its answer is what was said."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, get_args, get_origin, get_type_hints

import httpx2
import msgspec
import pytest
from api_callers import Api

from ringfence.client import Calls, Client, FileAnswer
from ringfence.errors import NotAllowed, NotFound
from ringfence.store import Store
from ringfence.terms import SignalKind, SignalStatus, SubjectKind

KEY = "k 1/2"
"""Of a path: with what must be written so that it leads nowhere else."""


@dataclass
class Answering:
    """Stands where a connection stands: each request is looked up in the description, and answered by its example."""

    app: Any
    asked: list[tuple[str, str]] = field(default_factory=list)

    def ask(self, method: str, path: str, **_more: object) -> httpx2.Response:
        found = self.find(method, path)
        self.asked.append((method, found))
        example = self.example_of(method, found)
        return httpx2.Response(200, content=b"file") if example is None else httpx2.Response(200, json=example)

    def find(self, method: str, path: str) -> str:
        """The route of a path as the description writes it; one with fewer names in it goes first."""
        paths = [one for one, item in self.app.openapi()["paths"].items() if method.lower() in item]
        fits = [one for one in paths if re.fullmatch(re.sub(r"{\w+}", "[^/]+", one), path)]
        return min(fits, key=lambda one: one.count("{"))

    def example_of(self, method: str, path: str) -> dict[str, Any] | None:
        described = self.app.openapi()
        responses = described["paths"][path][method.lower()]["responses"]
        [answer] = [one for status, one in responses.items() if status.startswith("2")]
        if "application/json" not in answer["content"]:
            return None
        name = answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        example = dict(described["components"]["schemas"][name]["examples"][0])
        return {**example, "next_cursor": None} if "next_cursor" in example else example


def methods_of(calls: Calls) -> dict[str, Callable[..., Any]]:
    return {
        f"{room}.{name}": method
        for room, made in vars(calls).items()
        for name, method in inspect.getmembers(made, inspect.ismethod)
        if not name.startswith("_")
    }


def something(kind: Any) -> Any:  # noqa: ANN401 - any type, and a value of it
    """A value of a type, for an argument."""
    if kind in {int, float, bytes, date}:
        return {int: 1, float: 1.0, bytes: b"x", date: date(2022, 3, 1)}[kind]
    if get_origin(kind) in {list, dict}:
        return get_origin(kind)()
    if get_args(kind):
        return get_args(kind)[0]
    return next(iter(kind)) if hasattr(kind, "__members__") else KEY if kind is str else msgspec.UNSET


def call(method: Callable[..., Any]) -> Any:  # noqa: ANN401 - what the method returns
    hints = get_type_hints(method)
    parameters = inspect.signature(method).parameters.values()
    needed = {one.name: something(hints[one.name]) for one in parameters if one.default is one.empty}
    found = method(**{name: {} if value is msgspec.UNSET else value for name, value in needed.items()})
    return list(found) if isinstance(found, Iterator) else found


@pytest.fixture
def answering(staffed: Store, now: datetime) -> Answering:
    return Answering(Api(staffed, now).app)


def test_every_route_of_the_api_has_a_call(answering: Answering) -> None:
    for method in methods_of(Calls(answering)).values():  # type: ignore[arg-type]
        call(method)
    paths = answering.app.openapi()["paths"]
    declared = {(method.upper(), path) for path, item in paths.items() for method in item}
    assert declared - set(answering.asked) == set()
    assert len(answering.asked) == len(declared), "one call a route"


def test_a_call_says_everything_that_its_route_takes(answering: Answering) -> None:
    for name, method in methods_of(Calls(answering)).items():  # type: ignore[arg-type]
        call(method)
        verb, path = answering.asked[-1]
        said = answering.app.openapi()["paths"][path][verb.lower()]
        taken = {one["name"] for one in said.get("parameters", []) if one["in"] != "header"} - {"limit", "after"}
        content = said.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            key = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
            taken |= answering.app.openapi()["components"]["schemas"][key]["properties"].keys()
        elif content:
            taken.add("content")
        assert inspect.signature(method).parameters.keys() == taken, name


def test_each_answer_is_what_the_description_shows(answering: Answering) -> None:
    for name, method in methods_of(Calls(answering)).items():  # type: ignore[arg-type]
        found = call(method)
        example = answering.example_of(*answering.asked[-1])
        if example is None:
            assert isinstance(found, FileAnswer), name
            continue
        expected = example["rows"] if isinstance(found, list) else example
        assert msgspec.json.decode(msgspec.json.encode(found)) == expected, name


def test_a_key_of_a_path_leads_nowhere_else(staffed: Store, now: datetime) -> None:
    client = client_of(Api(staffed, now), "administrator")
    with pytest.raises(NotFound):
        client.calls.users.read_user("nobody/../officer-0001?x=1#y")


def client_of(api: Api, user: str) -> Client:
    return Client("", token=api.token(user), http=api.http)


def test_calls_do_on_the_application_what_they_say(
    staffed: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ringfence.client.room._PAGE", 2)
    calls = client_of(Api(staffed, now), "epidemiologist").calls.signals
    raised = [
        calls.raise_signal(
            kind=SignalKind.REPORT,
            subject_kind=SubjectKind.PLACE,
            subject_key="7",
            disease="covid19",
            area="111",
            origin=f"call:{n}",
        ).signal_id
        for n in range(3)
    ]
    assert calls.verify_signal(raised[0], document="call:0").status is SignalStatus.VERIFIED
    assert calls.dismiss_signal(raised[1]).tasks == []
    found = list(calls.list_signals(sort="raised_at", raised_since=now))
    assert [one.signal_id for one in found] == raised
    assert calls.read_signal(raised[2]) == found[2]
    assert (found[2].raised_at, found[2].status) == (now, SignalStatus.RAISED)
    with pytest.raises(NotAllowed):
        client_of(Api(staffed, now), "grid_worker").calls.users.add_user(user_id="officer-9999")
