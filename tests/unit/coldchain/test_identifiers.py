"""EPC URNs and GS1 Digital Links turned into each other, class by class."""

import pytest

from ringfence.coldchain import convert
from ringfence.coldchain.epc_urns import CLASSES
from ringfence.coldchain.gs1_keys import check_digit, read_link, write_link
from ringfence.errors import InputRefused

BOTH_WAYS = {
    "urn:epc:id:sgtin:4012345.012345.12": "https://id.gs1.org/01/04012345123456/21/12",
    "urn:epc:id:sgtin:415056789012.0.987654": "https://id.gs1.org/01/04150567890128/21/987654",
    "urn:epc:id:sgtin:0614141.812345.6789%2F%26%25%22!%3F()": (
        "https://id.gs1.org/01/80614141123458/21/6789%2F%26%25%22%21%3F%28%29"
    ),
    "urn:epc:id:sgtin:0614141.812345.a:b.c": "https://id.gs1.org/01/80614141123458/21/a%3Ab.c",
    "urn:epc:id:sscc:4012345.1112223334": "https://id.gs1.org/00/140123451122233341",
    "urn:epc:id:sgln:4012345.00005.122": "https://id.gs1.org/414/4012345000054/254/122",
    "urn:epc:id:sgln:4012345.00005.0": "https://id.gs1.org/414/4012345000054",
    "urn:epc:id:grai:4012345.00022.334455": "https://id.gs1.org/8003/04012345000221334455",
    "urn:epc:id:giai:4012345.ABC345": "https://id.gs1.org/8004/4012345ABC345",
    "urn:epc:id:gsrn:4012345.0000006765": "https://id.gs1.org/8018/401234500000067657",
    "urn:epc:id:gsrnp:4012345.0000000007": "https://id.gs1.org/8017/401234500000000074",
    "urn:epc:id:gdti:4012345.00009.PO-4711": "https://id.gs1.org/253/4012345000092PO-4711",
    "urn:epc:id:gdti:987659999999..9": "https://id.gs1.org/253/98765999999929",
    "urn:epc:id:cpi:0614141.11111111111111-A%23%2F.1234": (
        "https://id.gs1.org/8010/061414111111111111111-A%23%2F/8011/1234"
    ),
    "urn:epc:id:sgcn:4012345.99999.44": "https://id.gs1.org/255/401234599999044",
    "urn:epc:id:ginc:0614141.xyz47%2F11": "https://id.gs1.org/401/0614141xyz47%2F11",
    "urn:epc:id:gsin:4012345.222333444": "https://id.gs1.org/402/40123452223334442",
    "urn:epc:id:itip:4012345.011111.01.02.987": "https://id.gs1.org/8006/040123451111180102/21/987",
    "urn:epc:id:upui:1234567.098765.51qIgY)%3C%26Jp3*j7SDB": (
        "https://id.gs1.org/01/01234567987651/235/51qIgY%29%3C%26Jp3%2Aj7SDB"
    ),
    "urn:epc:id:pgln:999999999999.": "https://id.gs1.org/417/9999999999994",
    "urn:epc:class:lgtin:4012345.012345.Lot987": "https://id.gs1.org/01/04012345123456/10/Lot987",
    "urn:epc:idpat:sgtin:4012345.012345.*": "https://id.gs1.org/01/04012345123456",
    "urn:epc:idpat:grai:4012345.99999.*": "https://id.gs1.org/8003/04012345999990",
    "urn:epc:idpat:gdti:4012345.11111.*": "https://id.gs1.org/253/4012345111118",
    "urn:epc:idpat:sgcn:4012345.22222.*": "https://id.gs1.org/255/4012345222227",
    "urn:epc:idpat:cpi:4012345.AB12.*": "https://id.gs1.org/8010/4012345AB12",
    "urn:epc:idpat:itip:4012345.012345.01.02.*": "https://id.gs1.org/8006/040123451234560102",
}


def prefix_digits(urn: str) -> int:
    return len(urn.split(":", 4)[4].split(".", maxsplit=1)[0])


@pytest.mark.parametrize(("urn", "link"), BOTH_WAYS.items())
def test_a_urn_and_its_digital_link_are_turned_into_each_other(urn: str, link: str) -> None:
    assert convert(urn) == link
    assert convert(link, prefix_digits=prefix_digits(urn)) == urn


def test_every_class_that_has_a_digital_link_is_among_the_cases() -> None:
    tried = {urn.rsplit(":", urn.count(":") - 3)[0] for urn in BOTH_WAYS}
    assert tried == set(CLASSES) - {"urn:epc:idpat:upui"}


def test_a_pattern_of_all_packs_of_a_product_has_the_link_of_the_product() -> None:
    assert convert("urn:epc:idpat:upui:4012345.012345.*") == "https://id.gs1.org/01/04012345123456"


@pytest.mark.parametrize(
    ("urn", "what"),
    [
        ("urn:epc:id:gid:95100000.12345.400", "no EPC URN of a class"),
        ("urn:epc:id:sgtin:40123.01234512.12", "6 to 12 digits"),
        ("urn:epc:id:sgtin:4012345.12345.12", "13 digits together, not 12"),
        ("urn:epc:id:sgtin:4012345.012345", "2 fields, not 3"),
        ("urn:epc:id:sgtin:4012345.012345.", "too long, too short"),
        ("urn:epc:id:sgtin:4012345.012345.123456789012345678901", "too long, too short"),
        ("urn:epc:id:sgtin:4012345.012345.a b", "of other characters"),
        ("urn:epc:id:sgtin:4012345.01234x.12", "13 digits together"),
        ("urn:epc:id:sgtin:٤٠١٢٣٤٥.012345.12", "6 to 12 digits"),
        ("urn:epc:id:cpi:4012345.abc.123", "of other characters"),
        ("urn:epc:id:cpi:4012345.ABC.12x", "of other characters"),
        ("urn:epc:id:giai:4012345.", "no reference"),
        ("urn:epc:id:grai:4012345.66666.", "no serial number"),
        ("urn:epc:id:itip:4012345.012345.1.02.9", "two digits each"),
        ("urn:epc:idpat:sgtin:4012345.012345.12", "ends with an asterisk"),
        ("urn:epc:id:sscc", "no EPC URN"),
    ],
)
def test_a_urn_that_is_not_well_formed_is_refused_with_what_is_wrong(urn: str, what: str) -> None:
    with pytest.raises(InputRefused, match=what):
        convert(urn)


@pytest.mark.parametrize(
    ("link", "digits", "what"),
    [
        ("https://id.gs1.org/01/04012345123457/21/12", 7, "should be 6"),
        ("https://id.gs1.org/01/04012345123456/21/12", None, "how long its company prefix is"),
        ("https://id.gs1.org/01/04012345123456/21/12", 5, "company prefix of 5 digits"),
        ("https://id.gs1.org/8004/401234ABC", 7, "company prefix of 7 digits"),
        ("https://id.gs1.org/8004/4012345", 7, "company prefix of 7 digits"),
        ("https://id.gs1.org/8006/040123451234560102/10/XYZ", 7, "no EPC URN for key 8006"),
        ("https://example.org/po/12345678", 7, "neither"),
        ("geo:47.5,11.1", 7, "neither"),
    ],
)
def test_a_link_that_has_no_urn_is_refused_with_the_reason(link: str, digits: int | None, what: str) -> None:
    with pytest.raises(InputRefused, match=what):
        convert(link, prefix_digits=digits)


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ("http://id.gs1.org/gtin/9780345418913", "https://id.gs1.org/01/09780345418913"),
        ("https://shop.example/de/01/9780345418913/22/3/10/L1/21/S9?11=211121#top",
         "https://id.gs1.org/01/09780345418913/21/S9"),
        ("https://example.com/gtin/04012345123456/cpv/344/lot/A%2FB/", "https://id.gs1.org/01/04012345123456/10/A%2FB"),
        ("https://x.example/8006/040123451234560102/22/AB/21/443322",
         "https://id.gs1.org/8006/040123451234560102/21/443322"),
        ("https://example.co.uk/party/4226350800008", "https://id.gs1.org/417/4226350800008"),
        ("https://example.com/01/97803111", "https://id.gs1.org/01/00000097803111"),
    ],
)  # fmt: skip
def test_a_link_of_any_domain_is_brought_to_its_canonical_form(link: str, canonical: str) -> None:
    key = read_link(link)
    assert key is not None
    assert write_link(key) == canonical


@pytest.mark.parametrize(
    "uri",
    [
        "https://example.org/123/4012345ABC987/456/4711",
        "https://id.gs1.org/99/9780345418913",
        "https://id.gs1.org/01/9780345418913/99/x",
        "https://id.gs1.org/01/9780345418913/21",
        "https://id.gs1.org/01/97803",
        "https://id.gs1.org/8006/04012345123456/10/X",
        "https://id.gs1.org",
        "ftp://id.gs1.org/01/09780345418913",
        "42",
    ],
)
def test_other_web_addresses_are_not_taken_for_links(uri: str) -> None:
    assert read_link(uri) is None


@pytest.mark.parametrize(("digits", "expected"), [("629104150021", 3), ("0401234512345", 6), ("37610425002123456", 9)])
def test_the_check_digit_is_the_one_of_the_general_specifications(digits: str, expected: int) -> None:
    assert check_digit(digits) == expected
