"""A request that writes comes from our own page, or not at all."""

from datetime import UTC, datetime

import pytest

from ringfence.access import Session, SignInWay, check_csrf, check_origin
from ringfence.errors import NotAllowed

MOMENT = datetime(2022, 3, 1, 4, tzinfo=UTC)
SESSION = Session(
    session_id=1, user_id="officer-1", csrf_token="00ff", way=SignInWay.PASSWORD, opened_at=MOMENT, seen_at=MOMENT,
    expires_at=MOMENT, ends_at=MOMENT, kept_until=MOMENT, unit_id=None,
)  # fmt: skip
OWN = ["https://ringfence.example", "http://localhost:8321"]


def is_refused(origin: str | None, referer: str | None = None) -> bool:
    try:
        check_origin(origin, referer=referer, own=OWN)
    except NotAllowed:
        return True
    return False


def test_a_form_brings_the_token_of_its_session() -> None:
    check_csrf(SESSION, "00ff")
    for given in (None, "", "00f", "00ff0", "00FF", "é"):
        with pytest.raises(NotAllowed, match="not made for your session"):
            check_csrf(SESSION, given)


@pytest.mark.parametrize("origin", ["https://ringfence.example", "https://ringfence.example:443", "http://localhost:8321",
                                    "https://RINGFENCE.example"])  # fmt: skip
def test_our_own_pages_may_write(origin: str) -> None:
    assert not is_refused(origin)


@pytest.mark.parametrize("origin", ["null", "", "http://ringfence.example", "https://ringfence.example:8443",
                                    "https://ringfence.example.evil.test",
                                    "https://evil.test/https://ringfence.example",
                                    "http://localhost", "https://ringfence.example:99999", "file://",
                                    "https://"])  # fmt: skip
def test_no_other_page_may(origin: str) -> None:
    assert is_refused(origin, "https://ringfence.example/form")


def test_without_an_origin_the_referring_page_tells_and_without_both_nobody_does() -> None:
    assert not is_refused(None, "https://ringfence.example/signals/7")
    assert is_refused(None, "https://evil.test/?https://ringfence.example")
    assert is_refused(None)
