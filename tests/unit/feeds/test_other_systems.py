"""Exports of other systems, typed by hand in their columns, through the feeds we propose for them."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ringfence.errors import NotFound
from ringfence.feeds import Known, list_systems, propose_feed, read_feed, read_file
from ringfence.policy import PolicySet
from ringfence.terms import Clock

FILES = {
    "r_linelist": """\
id,date_onset,date_reporting,date_admission,gender,age,location,occupation,hcw,outcome,name,phone
k1,2022-02-25,2022-02-28,2022-02-28,female,35,永泰街2号,teacher,FALSE,,李芳,13800000002
""",
    "sormas_cases": """\
country,id,uuid,epidNumber,disease,firstName,lastName,sex,birthdate,reportDate,caseClassification,city,street,houseNumber,phone
Nigeria,7,QWERTY-1,,covid19,Mary Ann,O'Brien,FEMALE,,2022-02-28,CONFIRMED_NO_SYMPTOMS,Lagos,Main Street,5,+234 1
""",
    "sormas_contacts": """\
uuid,sourceCaseUuid,caseClassification,disease,contactClassification,lastContactDate,firstName,lastName,sex,reportDate,contactProximity,phone
C-9,C1,CONFIRMED,covid19,CONFIRMED,2022-02-26,Wei,Zhang,MALE,2022-02-28,SAME_ROOM,+86 13800000001
""",
    "godata_contacts": """\
id,visualId,dateOfReporting,firstName,lastName,gender,dob,dateOfLastContact,relationship.relatedId,relationship.contactDate,relationship.socialRelationshipTypeId
b-2,CONTACT-7,2022-02-28,Fang,Li,,1982-02-28,2022-02-27,C1,2022-02-26,LNG_REFERENCE_DATA_CATEGORY_CONTEXT_OF_TRANSMISSION_FAMILY
""",
    "godata_cases": """\
id,visualId,dateOfReporting,firstName,lastName,gender,dob,classification,dateOfOnset
a-1,CASE-1,2022-02-28,Wei,Zhang,,1980-01-01,LNG_REFERENCE_DATA_CATEGORY_CASE_CLASSIFICATION_NOT_A_CASE_DISCARDED,2022-02-26
""",
}

SAY = {
    "r_linelist": {"case_id": "k1", "name": "李芳", "sex": "female", "address": "永泰街2号", "disease": "covid19"},
    "sormas_cases": {
        "case_id": "QWERTY-1",
        "name": "O'Brien Mary Ann",
        "address": "Lagos Main Street 5",
        "classification": "confirmed",
    },
    "sormas_contacts": {"case_id": "C1", "name": "Zhang Wei", "setting": "SAME_ROOM", "first_contact_on": None},
    "godata_contacts": {"case_id": "C1", "name": "Li Fang", "birth_date": date(1982, 2, 28)},
    "godata_cases": {"case_id": "CASE-1", "name": "Zhang Wei", "classification": "no_case", "sex": ""},
}


def test_every_system_has_a_file_typed_by_hand() -> None:
    assert set(FILES) == set(list_systems())


@pytest.mark.parametrize("system", sorted(FILES))
def test_an_export_of_another_system_is_read_whole_once_a_person_has_filled_the_proposal_in(
    tmp_path: Path, shipped: PolicySet, known: Known, system: str
) -> None:
    text = propose_feed(system).replace('department = ""', 'department = "disease control"')
    purpose = "tracing" if "contacts" in system else "verification"
    retention = "feed.named_contacts" if "contacts" in system else "feed.case_line_list"
    text = text.replace('purpose = ""', f'purpose = "{purpose}"').replace(
        'retention = ""', f'retention = "{retention}"'
    )
    text = text.replace('"disease" = ""', '"disease" = "covid19"')
    text = text.replace('"classification" = ""', '"classification" = "suspect"')
    feed = read_feed(text, policy=shipped)
    path = tmp_path / "export.csv"
    path.write_text(FILES[system], encoding="utf-8")
    part = read_file(path, feed, known=known, clock=Clock(ZoneInfo("Asia/Shanghai")), today=19_052).read()
    assert part.rejects.to_pylist() == []
    [row] = part.accepted.to_pylist()
    assert {name: row[name] for name in SAY[system]} == SAY[system]
    assert not feed.may_raise_signals, "nobody said on which basis"


def test_a_system_nobody_described_is_not_found() -> None:
    with pytest.raises(NotFound, match="r_linelist"):
        propose_feed("dhis2")
