"""Chains of a small outbreak: who infected whom, for whoever may trace, on record, and out to R's epicontacts."""

from pathlib import Path

import pytest
from api_callers import Api
from small_town import CHIEF, COUNTY, DAY, EPIDEMIOLOGIST, EVENING, GRID, NOON, SAID, Town, case, check_in

from ringfence import flow
from ringfence.access import add_user, grant_role
from ringfence.account import Wanted, make_export
from ringfence.cli.calls import Asked
from ringfence.cli.chains import read_chains
from ringfence.client import Client
from ringfence.errors import InputRefused, NotAllowed
from ringfence.store import Act, Store, merge_people
from ringfence.terms import Actor, AliasKind, Grant, Role
from ringfence.trace import Chains

LUNCH = ("2022-02-28 12:00", "2022-02-28 13:00")


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    """Wang ate with Li; Wang's wife and Li fell ill days later, Zhao too, whom nobody saw near any of them."""
    (tmp_path / "files").mkdir()
    town = Town(staffed, tmp_path / "files", now=NOON)
    town.settle()
    town.now = EVENING
    town.receive(
        check_ins=[
            *(check_in(one, "noodles", *LUNCH) for one in ("wang1", "li1", "gao1")),
            check_in({"name": "钱来", "phone": "13999990000"}, "noodles", *LUNCH),
        ],
        case_line_list=[
            case("wang1", "C1", "2022-03-01 18:00", onset_date="2022-02-28", sampled_at="2022-03-01 10:00")
        ],
    )
    town.respond()
    town.now += 5 * DAY
    town.receive(
        case_line_list=[
            case("wang2", "C2", "2022-03-06 18:00", onset_date="2022-03-04"),
            case("li1", "C3", "2022-03-06 18:30", onset_date="2022-03-05"),
            case("zhao1", "C4", "2022-03-06 19:00", onset_date="2022-03-05"),
        ],
    )
    return town


def draw(town: Town, *, actor: Actor = EPIDEMIOLOGIST, purpose: str = "tracing") -> Chains:
    return flow.read_chains(town.store, disease="covid19", purpose_key=purpose, actor=actor, now=town.now)


def likely(chains: Chains) -> dict[str, tuple[str, str]]:
    """Infector and rule of each case that has an infector who is more likely than not, by the line list's keys."""
    keys = dict(zip(chains.cases["case_no"].to_pylist(), chains.cases["case_key"].to_pylist(), strict=True))
    return {
        keys[row["case_no"]]: (keys[row["infector"]], row["rule"])
        for row in chains.infectors.to_pylist()
        if row["infector"] is not None and row["probability"] > 0.5
    }


def test_whoever_was_together_is_the_likely_pair_and_nobody_is_known_for_the_other(town: Town) -> None:
    chains = draw(town)
    assert likely(chains) == {"C2": ("C1", "household"), "C3": ("C1", "same_place")}
    first = chains.reproduction.to_pylist()[0]
    assert (first["cases"], round(first["reproduction"])) == (1, 2)
    rates = {row["rule"]: (row["infected"], row["exposed"]) for row in chains.attack_rates.to_pylist()}
    assert rates == {"household": (1, 2), "same_place": (1, 3)}


def test_over_http_an_epidemiologist_reads_the_same_and_nobody_else_does(town: Town) -> None:
    api = Api(town.store, town.now)
    shown = api.get("epidemiologist", "/chains/covid19")
    chains = draw(town)
    assert (shown["cases"], shown["linked"]) == (4, 2)
    assert shown["infectors"] == chains.infectors.to_pylist()
    assert shown["generations"] == chains.generations.to_pylist()
    assert [row["reproduction"] for row in shown["reproduction"]] == chains.reproduction["reproduction"].to_pylist()
    assert shown["until_day"] == "2022-03-06"
    client = Client("http://testserver", token=api.token("epidemiologist"), http=api.http)
    assert client.chains("covid19") == shown
    assert api.ask("city_officer", "GET", "/chains/covid19").status_code == 403
    assert api.ask("epidemiologist", "GET", "/chains/cold").status_code == 404


def test_the_look_stands_on_the_ledger_with_whom_it_showed(town: Town) -> None:
    draw(town)
    said = town.rows("select actor, purpose, subject, count from ledger where action = 'chains.read'")
    assert said == [("epidemiologist", "tracing", "covid19", 4)]


@pytest.mark.parametrize(
    ("actor", "purpose"),
    [
        (CHIEF, "tracing"),
        (COUNTY, "measures"),
        (COUNTY, "dispute"),
        (GRID, "tracing"),
        (EPIDEMIOLOGIST, "verification"),
    ],
)
def test_nobody_but_epidemiologists_and_for_tracing_alone(town: Town, actor: Actor, purpose: str) -> None:
    with pytest.raises(NotAllowed):
        draw(town, actor=actor, purpose=purpose)
    for name in ("chain_cases", "chain_contacts"):
        wanted = Wanted(name=name, filters={"disease": "covid19"}, area_path="1/", purpose_key=purpose)
        with pytest.raises(NotAllowed):
            make_export(town.store, wanted, path=town.folder / "out.csv", actor=actor, now=town.now)
    assert town.rows("select count(*) from ledger where action = 'chains.read'") == [(0,)]


def test_who_traces_one_county_sees_that_countys_cases(town: Town) -> None:
    def appoint(act: Act) -> None:
        add_user(act, "of the county")
        grant_role(act, "of the county", Grant(role=Role.EPIDEMIOLOGIST, area_path="1/11/"))

    town.act(appoint, Actor("administrator"))
    chains = draw(town, actor=Actor("of the county"))
    assert set(chains.cases["case_key"].to_pylist()) == {"C1", "C2", "C3"}


def test_who_was_exposed_under_another_number_is_the_same_in_the_chain(town: Town) -> None:
    exposed = {int(key) for (key,) in town.rows("select subject_key from visible_exposure")}
    numbers = town.numbers()
    [stranger] = exposed - set(numbers.values())
    town.receive(case_line_list=[case("zhou1", "C5", "2022-03-06 19:00", onset_date="2022-03-05")])
    assert "C5" not in likely(draw(town))
    town.act(
        lambda act: merge_people(act, from_no=stranger, to_no=numbers["zhou1"], reason=SAID, kind=AliasKind.PROVISIONAL)
    )
    assert likely(draw(town))["C5"] == ("C1", "same_place")


def test_line_list_and_contacts_leave_in_the_columns_of_epicontacts(town: Town, tmp_path: Path) -> None:
    heads, rows = {}, {}
    for name in ("chain_cases", "chain_contacts"):
        path = tmp_path / f"{name}.csv"
        wanted = Wanted(name=name, filters={"disease": "covid19"}, area_path="1/", purpose_key="tracing")
        make_export(town.store, wanted, path=path, actor=EPIDEMIOLOGIST, now=town.now)
        head, *lines = path.read_text("utf-8-sig").replace('"', "").splitlines()
        heads[name], rows[name] = head.split(","), [line.split(",") for line in lines]
    assert heads["chain_cases"][:3] == ["id", "case_id", "date_onset"]
    assert heads["chain_contacts"][:3] == ["from", "to", "probability"]
    known = {row[0] for row in rows["chain_cases"]}
    assert len(known) == 4
    assert rows["chain_contacts"]
    assert {end for row in rows["chain_contacts"] for end in row[:2]} <= known, "both ends are on the line list"


def test_chains_are_taken_out_of_one_disease(town: Town, tmp_path: Path) -> None:
    wanted = Wanted(name="chain_cases", filters={}, area_path="1/", purpose_key="tracing")
    with pytest.raises(InputRefused):
        make_export(town.store, wanted, path=tmp_path / "out.csv", actor=EPIDEMIOLOGIST, now=town.now)


def test_the_command_line_answers_with_the_same_numbers(town: Town) -> None:
    asked = Asked(EPIDEMIOLOGIST, town.now, lambda _what, _share: None)
    answer = read_chains(town.store, asked, disease="covid19", purpose="tracing")
    assert (answer["cases"], answer["linked"]) == (4, 2)
    assert answer["reproduction"][0]["day"] == "2022-02-28"
