"""EPC URN to Digital Link and back is the way home, for every class, prefix length and allowed character."""

from hypothesis import given
from hypothesis import strategies as st

from ringfence.coldchain import convert
from ringfence.coldchain.epc_urns import CLASSES, EpcClass, Head, Tail
from ringfence.coldchain.identities import identify

SERIAL = "!'()*+,-.0123456789:;=ABCXYZ_abcxyz"
ESCAPED = ["%22", "%25", "%26", "%2F", "%3C", "%3E", "%3F"]
LONGEST = {"21": 20, "10": 20, "235": 28, "254": 20}


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


def written(characters: str, escaped: list[str], most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from([*characters, *escaped]), min_size=1, max_size=most).map("".join)


@st.composite
def urns(draw: st.DrawFn, known: EpcClass) -> str:
    size = draw(st.integers(6, 12))
    fields = [draw(digits(size))]
    if known.head is Head.UNCHECKED:
        is_part = known.ai == "8010"
        characters, escaped = ("-0123456789ABCXYZ", ["%23", "%2F"]) if is_part else (SERIAL, ESCAPED)
        fields.append(draw(written(characters, escaped, known.digits - size)))
    else:
        fields.append(draw(digits(known.digits - size)))
    if known.tail is Tail.PIECES:
        fields += [draw(digits(2)), draw(digits(2))]
    if known.tail is not Tail.NONE:
        fields.append("*" if known.is_pattern else draw(serials(known)))
    return f"urn:epc:{known.name}:" + ".".join(fields)


def serials(known: EpcClass) -> st.SearchStrategy[str]:
    if known.qualifier == "8011" or known.ai == "255":
        return st.text("0123456789", min_size=1, max_size=12)
    if known.tail is Tail.JOINED:
        return written(SERIAL, ESCAPED, 16)
    return written(SERIAL, ESCAPED, LONGEST[known.qualifier])


@given(st.sampled_from([known for known in CLASSES.values() if known.name != "idpat:upui"]).flatmap(urns))
def test_a_urn_comes_back_from_its_digital_link(urn: str) -> None:
    size = len(urn.split(":", 4)[4].split(".", maxsplit=1)[0])
    assert convert(convert(urn), prefix_digits=size) == urn


@given(st.sampled_from(list(CLASSES.values())).flatmap(urns))
def test_the_short_way_to_a_link_ends_where_the_long_one_does(urn: str) -> None:
    assert identify(urn).link == convert(urn)


@given(st.sampled_from([known for known in CLASSES.values() if known.head is not Head.UNCHECKED]).flatmap(urns))
def test_the_key_in_a_digital_link_adds_up_as_the_general_specifications_say(urn: str) -> None:
    known = CLASSES[urn.rsplit(":", urn.count(":") - 3)[0]]
    value = convert(urn).split("/")[4]
    checked = value[: known.digits + 1 + (known.head is Head.ZERO)]
    weighted = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(reversed(checked)))
    assert weighted % 10 == 0
