"""Signing in by the city's own service: who it truly vouches for and has an account here, and nobody else."""

import base64
import hmac
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from openid_fake import CALLBACK, CLIENT, ISSUER, SECRET, FakeProvider

from ringfence.access import (
    OpenedSession,
    OpenIDProvider,
    OpenIDReturn,
    OpenIDSettings,
    begin_openid,
    finish_openid,
    read_openid_settings,
    read_session,
    set_active,
)
from ringfence.errors import NotSignedIn, TooManyAttempts, Unusable
from ringfence.store import Store, read_recent_lines
from ringfence.terms import Actor

OFFICE = "192.0.2.10"
SETTINGS = OpenIDSettings(issuer=ISSUER, client_id=CLIENT, client_secret=SECRET, redirect_address=CALLBACK)


@pytest.fixture
def fake(now: datetime) -> FakeProvider:
    return FakeProvider(now)


@pytest.fixture
def provider(fake: FakeProvider) -> OpenIDProvider:
    return OpenIDProvider(SETTINGS, client=fake.client())


def come_back(store: Store, provider: OpenIDProvider, fake: FakeProvider, now: datetime) -> OpenIDReturn:
    start = begin_openid(store, provider, address=OFFICE, now=now)
    code, state = fake.authorize(start.address)
    return OpenIDReturn(code=code, state=state, state_of_browser=start.state, address=OFFICE)


def sign_in(store: Store, provider: OpenIDProvider, fake: FakeProvider, now: datetime) -> OpenedSession:
    return finish_openid(store, provider, come_back(store, provider, fake, now), now=now)


def by_hand(header: dict[str, str], claims: dict[str, Any], *, secret: bytes = b"") -> str:
    """A token as no library would make it: not signed, or by a public key taken for a shared secret."""
    said = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims))
    mac = hmac.digest(secret, said, "sha256") if secret else b""
    return b".".join([said, base64.urlsafe_b64encode(mac).rstrip(b"=")]).decode()


def test_whom_the_service_vouches_for_comes_in_as_their_own_account(
    staffed: Store, provider: OpenIDProvider, fake: FakeProvider, now: datetime
) -> None:
    opened = sign_in(staffed, provider, fake, now)
    session = read_session(staffed.desk, opened.token, now=now)
    assert (session.user_id, session.way) == ("auditor", "openid")
    newest = read_recent_lines(staffed.desk, count=1)[0]
    assert (newest["actor"], newest["action"]) == ("auditor", "session.opened")


def test_nobody_gets_an_account_by_signing_in(
    staffed: Store, provider: OpenIDProvider, fake: FakeProvider, now: datetime
) -> None:
    before = staffed.desk.rows("select count(*) from user_account")
    for stranger in ("a-stranger", "auditor ", "AUDITOR", "auditor\0", "x" * 10_000):
        fake.account = stranger
        with pytest.raises(NotSignedIn, match="you have no account here"):
            sign_in(staffed, provider, fake, now)
    fake.account = "auditor"
    staffed.act(lambda act: set_active(act, "auditor", is_active=False), actor=Actor("administrator"), now=now)
    with pytest.raises(NotSignedIn, match="you have no account here"):
        sign_in(staffed, provider, fake, now)
    assert staffed.desk.rows("select count(*) from user_account") == before


def test_the_same_return_opens_nothing_twice(
    staffed: Store, provider: OpenIDProvider, fake: FakeProvider, now: datetime
) -> None:
    back = come_back(staffed, provider, fake, now)
    finish_openid(staffed, provider, back, now=now)
    with pytest.raises(NotSignedIn, match="not begun in this browser"):
        finish_openid(staffed, provider, back, now=now)


def test_a_return_that_another_browser_began_opens_nothing(
    staffed: Store, provider: OpenIDProvider, fake: FakeProvider, now: datetime
) -> None:
    attackers, victims = (come_back(staffed, provider, fake, now) for _ in range(2))
    for state_of_browser in (victims.state_of_browser, "", "x"):
        lured = OpenIDReturn(
            code=attackers.code, state=attackers.state, state_of_browser=state_of_browser, address=OFFICE
        )
        with pytest.raises(NotSignedIn, match="not begun in this browser"):
            finish_openid(staffed, provider, lured, now=now)


def test_a_stolen_code_is_of_no_use_in_another_sign_in(
    staffed: Store, provider: OpenIDProvider, fake: FakeProvider, now: datetime
) -> None:
    stolen, own = (come_back(staffed, provider, fake, now) for _ in range(2))
    mixed = OpenIDReturn(code=stolen.code, state=own.state, state_of_browser=own.state_of_browser, address=OFFICE)
    with pytest.raises(NotSignedIn, match=r"did not vouch for you \(code\)"):
        finish_openid(staffed, provider, mixed, now=now)


def test_a_sign_in_that_takes_too_long_is_begun_again(
    staffed: Store, provider: OpenIDProvider, fake: FakeProvider, now: datetime
) -> None:
    back = come_back(staffed, provider, fake, now)
    with pytest.raises(NotSignedIn, match="took too long"):
        finish_openid(staffed, provider, back, now=now + timedelta(minutes=15))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": ["another-client"]},
        {"aud": None},
        {"aud": [CLIENT, "another-client"]},  # without saying who it was made for
        {"azp": "another-client"},
        {"nonce": "another nonce"},
        {"nonce": None},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"at_hash": "of another token"},
    ],
    ids=str,
)
def test_a_token_made_for_another_is_refused(
    staffed: Store, provider: OpenIDProvider, fake: FakeProvider, now: datetime, changes: dict[str, Any]
) -> None:
    fake.changes = changes
    with pytest.raises(NotSignedIn, match=r"did not vouch for you \(id_token\)"):
        sign_in(staffed, provider, fake, now)
    assert read_recent_lines(staffed.desk, count=1)[0]["action"] == "sign_in.failed"


@pytest.mark.parametrize(("claim", "seconds", "is_in"), [("exp", -61, False), ("exp", -59, True), ("iat", 59, True),
                                                         ("iat", 61, False), ("nbf", 61, False)])  # fmt: skip
def test_a_token_holds_in_its_time_give_or_take_a_minute(
    staffed: Store, provider: OpenIDProvider, fake: FakeProvider, now: datetime, claim: str, seconds: int, is_in: bool
) -> None:
    fake.changes = {claim: int(now.timestamp()) + seconds}
    if is_in:
        assert sign_in(staffed, provider, fake, now).session.user_id == "auditor"
    else:
        with pytest.raises(NotSignedIn):
            sign_in(staffed, provider, fake, now)


def test_a_token_that_the_services_key_did_not_sign_is_refused(
    staffed: Store, provider: OpenIDProvider, fake: FakeProvider, now: datetime
) -> None:
    forger = RSAKey.generate_key(2048, {"kid": "one"})
    forgeries = [
        lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, forger),
        lambda claims: jwt.encode({"alg": "RS256", "jwk": forger.as_dict(private=False)}, claims, forger),
        lambda claims: by_hand({"alg": "HS256", "kid": "one"}, claims, secret=fake.key.as_pem(private=False)),
        lambda claims: by_hand({"alg": "none"}, claims),
        lambda _claims: "no token",
        lambda _claims: "",
    ]
    for forgery in forgeries:
        fake.sign = forgery
        with pytest.raises(NotSignedIn, match=r"did not vouch for you \(id_token\)"):
            sign_in(staffed, provider, fake, now)


def test_keys_that_the_service_turned_are_asked_again(
    staffed: Store, provider: OpenIDProvider, fake: FakeProvider, now: datetime
) -> None:
    sign_in(staffed, provider, fake, now)
    sign_in(staffed, provider, fake, now)
    assert fake.requests.count("/keys") == 1
    fake.key = RSAKey.generate_key(2048, {"kid": "two"})
    sign_in(staffed, provider, fake, now)
    assert fake.requests.count("/keys") == 2


def test_the_declared_claim_names_the_account_and_an_unverified_address_nobody(
    staffed: Store, fake: FakeProvider, now: datetime
) -> None:
    def named_by(claim: str) -> OpenIDProvider:
        settings = OpenIDSettings(**{**vars(SETTINGS), "account_claim": claim})
        return OpenIDProvider(settings, client=fake.client())

    fake.account = "0f3c"
    fake.changes = {"preferred_username": "epidemiologist", "email": "auditor", "groups": ["auditor"]}
    assert sign_in(staffed, named_by("preferred_username"), fake, now).session.user_id == "epidemiologist"
    with pytest.raises(NotSignedIn, match="did not verify your address"):
        sign_in(staffed, named_by("email"), fake, now)
    for claim in ("groups", "employee_number"):
        with pytest.raises(NotSignedIn, match="names no"):
            sign_in(staffed, named_by(claim), fake, now)
    fake.changes |= {"email_verified": True}
    assert sign_in(staffed, named_by("email"), fake, now).session.user_id == "auditor"


def test_a_service_that_is_away_or_calls_itself_otherwise_lets_nobody_in(
    staffed: Store, fake: FakeProvider, now: datetime
) -> None:
    for metadata in ({"issuer": "https://evil.example"}, {"token_endpoint": "http://id.example/token"}):
        fake.metadata = metadata
        provider = OpenIDProvider(SETTINGS, client=fake.client())
        with pytest.raises(Unusable):
            sign_in(staffed, provider, fake, now)
    fake.is_away = True
    with pytest.raises(Unusable, match="does not answer; sign in with a password"):
        begin_openid(staffed, OpenIDProvider(SETTINGS, client=fake.client()), address=OFFICE, now=now)


def test_an_address_cannot_begin_without_end(staffed: Store, provider: OpenIDProvider, now: datetime) -> None:
    for _ in range(50):
        begin_openid(staffed, provider, address=OFFICE, now=now)
    with pytest.raises(TooManyAttempts):
        begin_openid(staffed, provider, address=OFFICE, now=now)
    begin_openid(staffed, provider, address="192.0.2.11", now=now)
    begin_openid(staffed, provider, address=OFFICE, now=now + timedelta(minutes=15))
    assert len(staffed.desk.rows("select state_digest from openid_request")) == 1


def test_the_settings_stand_in_the_deployment_and_the_secret_apart(
    staffed: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder: Path = staffed.deployment.folder
    assert read_openid_settings(staffed.deployment) is None
    written = f'issuer = "{ISSUER}"\nclient_id = "{CLIENT}"\nredirect_address = "{CALLBACK}"\n'
    (folder / "openid.toml").write_text(written)
    monkeypatch.setenv("RINGFENCE_OPENID_SECRET", SECRET)
    assert read_openid_settings(staffed.deployment) == SETTINGS
    (folder / "secret").write_text("from a file\n")
    (folder / "openid.toml").write_text(written + 'client_secret_file = "secret"\n')
    found = read_openid_settings(staffed.deployment)
    assert found is not None
    assert found.client_secret == "from a file"
    for wrong in ("issuer = 7", written + 'colour = "red"', written.replace("https://id", "http://id"), "{"):
        (folder / "openid.toml").write_text(wrong)
        with pytest.raises(Unusable):
            read_openid_settings(staffed.deployment)
