"""CBOR is read strictly: one item, no key twice, no tag interpreted."""

from contextlib import suppress

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seal_authority import UNHURRIED

from ringfence.errors import TokenRefused
from ringfence.seal import Stage, read_cbor, write_cbor
from ringfence.seal.cbor import INTERPRETED_TAGS, MAX_DEPTH

SIMPLE = st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.binary() | st.text() | st.floats(width=64)
ITEMS = st.recursive(
    SIMPLE.filter(lambda item: item == item),  # noqa: PLR0124 (NaN equals nothing, itself included)
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.integers(0, 99), inner, max_size=4),
    max_leaves=8,
)


@UNHURRIED
@given(ITEMS)
def test_what_is_written_is_read_back(item: object) -> None:
    assert read_cbor(write_cbor(item)) == item


@UNHURRIED
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_and_nothing_else_happens(data: bytes) -> None:
    try:
        read_cbor(data)
    except TokenRefused as refused:
        assert refused.values["stage"] is Stage.CBOR  # noqa: PT017 (most bytes are refused, some are an item)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("", id="nothing"),
        pytest.param("0000", id="a byte after the item"),
        pytest.param("a201010102", id="a key twice"),
        pytest.param("a20101180102", id="a key twice, the second written longer"),
        pytest.param("a1" * 2 + "01a2616100616101", id="a key twice inside"),
        pytest.param("4261", id="a string that breaks off"),
        pytest.param("9b7fffffffffffffff", id="a list longer than any memory"),
        pytest.param("5b7fffffffffffffff", id="a string longer than any memory"),
        pytest.param("bb7fffffffffffffff", id="a map longer than any memory"),
        pytest.param("61ff", id="a text that is no UTF-8"),
        pytest.param("ff", id="a break without a beginning"),
        pytest.param("1c", id="a reserved head"),
        pytest.param("81" * (MAX_DEPTH + 1) + "00", id="nested too deep"),
        pytest.param("81" * 100_000 + "00", id="nested very deep"),
        pytest.param("c249" + "ff" * 9, id="a big number"),
        pytest.param("c4821a7fffffff01", id="a decimal of two billion digits"),
        pytest.param("d81c81d81d00", id="a list that holds itself"),
        pytest.param("d82363282b2b", id="a pattern"),
        pytest.param("c074323032322d30332d30315430343a30303a30305a", id="a date"),
        pytest.param("d21864", id="a tag nobody asked for"),
    ],
)
def test_what_is_not_one_plain_item_is_refused(data: str) -> None:
    with pytest.raises(TokenRefused) as refused:
        read_cbor(bytes.fromhex(data))
    assert refused.value.values["stage"] is Stage.CBOR


def test_lengths_may_be_left_open_as_issuers_in_the_field_do() -> None:
    assert read_cbor(bytes.fromhex("bf61619f0102ffff")) == {"a": [1, 2]}


def test_a_tag_that_is_allowed_stays_what_it_was() -> None:
    date = cbor2.CBORTag(0, "2022-03-01")
    assert read_cbor(bytes.fromhex("81c06a323032322d30332d3031"), tags=frozenset({0})) == [date]


def test_no_tag_at_all_gets_past_the_reader() -> None:
    """Every tag up to 65,535: cbor2 may learn new ones, none may slip through."""
    slipped = []
    for number in range(1 << 16):
        with suppress(TokenRefused):
            slipped.append(read_cbor(cbor2.dumps(cbor2.CBORTag(number, 0))))
    assert slipped == []


def test_the_list_of_tags_that_cbor2_interprets_is_the_whole_list() -> None:
    def is_interpreted(number: int) -> bool:
        head = cbor2.dumps(cbor2.CBORTag(number, 0))[:-1]
        try:
            return not isinstance(cbor2.loads(head + b"\x00"), cbor2.CBORTag)
        except cbor2.CBORDecodeError:
            return True

    assert frozenset(filter(is_interpreted, range(1 << 16))) == INTERPRETED_TAGS


def test_what_could_not_be_read_back_is_not_written() -> None:
    with pytest.raises(TokenRefused):
        write_cbor({"a": 2**64})
