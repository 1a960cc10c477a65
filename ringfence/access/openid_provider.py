"""The city's sign-in service, spoken to by OpenID Connect: where to send people, and what it vouches for (policy 6.4).

Authorization code flow with PKCE (OpenID Connect Core 1.0 section 3.1, RFC 7636). The settings stand in `openid.toml`
in the deployment's folder; the client's secret stands in a file of its own or in the environment, never there.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from urllib.parse import quote, urlsplit

import httpx2
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # type: ignore[import-untyped] # ships no types
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped] # ships no types
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped] # ships no types
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from ringfence.errors import NotSignedIn, Unusable
from ringfence.store import Deployment

SETTINGS_FILE = "openid.toml"
SECRET_VARIABLE = "RINGFENCE_OPENID_SECRET"  # noqa: S105 - the name of a variable
SCOPE = "openid profile email"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures with a key that only the provider has: never none, never a secret that we hold ourselves."""

TIMEOUT_S = 10
LARGEST_ANSWER = 1 << 20  # bytes
_CLOCK_DIFFERENCE_S = 60  # between the provider's clock and ours
_LOCAL = {"localhost", "127.0.0.1", "::1"}

Answer: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class OpenIDSettings:
    """Who vouches, who we are to them, and which of its claims holds the key of an account."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_address: str
    account_claim: str = "sub"


@dataclass(frozen=True, kw_only=True)
class Request:
    """What one sign-in sends along and must get back."""

    state: str
    nonce: str
    code_verifier: str


def read_openid_settings(deployment: Deployment) -> OpenIDSettings | None:
    """The settings of a deployment; None where there are none, Unusable where they are damaged or unsafe."""
    path = deployment.folder / SETTINGS_FILE
    if not path.exists():
        return None
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        secret_file = found.pop("client_secret_file", None)
        secret = (path.parent / secret_file).read_text().strip() if secret_file else os.environ.get(SECRET_VARIABLE, "")
        settings = OpenIDSettings(client_secret=secret, **found)
    except (ValueError, TypeError, OSError) as error:
        raise Unusable(
            "the settings {path} cannot be read; write issuer, client_id, redirect_address and, if you wish, "
            "account_claim and client_secret_file",
            path=path,
        ) from error
    for address in (settings.issuer, settings.redirect_address):
        _check_is_safe(address)
    return settings


class OpenIDProvider:
    """A provider with what it said of itself, asked when first needed; its keys are asked again when it turned them."""

    def __init__(self, settings: OpenIDSettings, *, client: httpx2.Client | None = None) -> None:
        self.settings = settings
        self._client = client or httpx2.Client(timeout=TIMEOUT_S, follow_redirects=False)
        self._metadata: Answer | None = None
        self._keys: KeySet | None = None

    def address_for(self, request: Request) -> str:
        """The address at the provider to send a browser to."""
        address: str = prepare_grant_uri(
            self._endpoint("authorization_endpoint"),
            client_id=self.settings.client_id,
            response_type="code",
            redirect_uri=self.settings.redirect_address,
            scope=SCOPE,
            state=request.state,
            nonce=request.nonce,
            code_challenge=create_s256_code_challenge(request.code_verifier),
            code_challenge_method="S256",
        )
        return address

    def read_account(self, code: str, *, request: Request, now: datetime) -> str:
        """The account that the provider vouches for; NotSignedIn for anything it does not, Unusable when it is away."""
        token = self._redeem(code, request)
        claims = self._claims(token, request=request, now=now)
        account = claims.get(self.settings.account_claim)
        if not isinstance(account, str) or not account:
            raise NotSignedIn("the sign-in service names no '{claim}' of you", claim=self.settings.account_claim)
        if self.settings.account_claim == "email" and claims.get("email_verified") is not True:
            raise NotSignedIn("the sign-in service did not verify your address; ask it to")
        return account

    def _redeem(self, code: str, request: Request) -> Answer:
        """The tokens for a code (RFC 6749 section 4.1.3)."""
        settings = self.settings
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": settings.redirect_address,
            "client_id": settings.client_id,
            "code_verifier": request.code_verifier,
        }
        basic = (quote(settings.client_id, safe=""), quote(settings.client_secret, safe=""))
        answer = self._send("POST", self._endpoint("token_endpoint"), data=form, auth=basic if basic[1] else None)
        if answer.status_code != httpx2.codes.OK:
            raise _not_vouched("code")
        return _read(answer)

    def _claims(self, token: Answer, *, request: Request, now: datetime) -> Answer:
        """The claims of an id token whose signature, issuer, audience, nonce and times hold (Core 3.1.3.7)."""
        try:
            decoded = self._decode(str(token.get("id_token", "")))
            claims: Any = CodeIDToken(
                decoded.claims,
                decoded.header,
                {"iss": {"value": self.settings.issuer}, "aud": {"value": self.settings.client_id}},
                {
                    "nonce": request.nonce,
                    "client_id": self.settings.client_id,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(now=int(now.timestamp()), leeway=_CLOCK_DIFFERENCE_S)
        except (JoseError, ValueError, TypeError) as error:
            raise _not_vouched("id_token") from error
        return dict(claims)

    def _decode(self, id_token: str) -> jwt.Token:
        """The token by a key of the provider's; its keys are asked again once, for it may have turned them."""
        if self._keys is not None:
            try:
                return jwt.decode(id_token, self._keys, algorithms=list(ALGORITHMS))
            except (JoseError, ValueError):
                self._keys = None
        self._keys = KeySet.import_key_set(dict(self._get(self._endpoint("jwks_uri"))))  # type: ignore[arg-type] # JSON
        return jwt.decode(id_token, self._keys, algorithms=list(ALGORITHMS))

    def _endpoint(self, name: str) -> str:
        if self._metadata is None:
            metadata = self._get(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
            if metadata.get("issuer") != self.settings.issuer:
                raise Unusable(
                    "the sign-in service calls itself something else than {issuer}", issuer=self.settings.issuer
                )
            self._metadata = metadata
        address = str(self._metadata.get(name, ""))
        _check_is_safe(address)
        return address

    def _get(self, address: str) -> Answer:
        answer = self._send("GET", address)
        if answer.status_code != httpx2.codes.OK:
            raise self._is_away()
        return _read(answer)

    def _send(self, method: str, address: str, **parts: Any) -> httpx2.Response:  # noqa: ANN401 - the parts of a request
        try:
            return self._client.request(method, address, headers={"accept": "application/json"}, **parts)
        except httpx2.HTTPError as error:
            raise self._is_away() from error

    def _is_away(self) -> Unusable:
        return Unusable(
            "the sign-in service {issuer} does not answer; sign in with a password or try again later",
            issuer=self.settings.issuer,
        )


def _read(answer: httpx2.Response) -> Answer:
    try:
        found = answer.json() if len(answer.content) <= LARGEST_ANSWER else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise _not_vouched("answer")
    return found


def _not_vouched(part: str) -> NotSignedIn:
    return NotSignedIn("the sign-in service did not vouch for you ({part}); begin again", part=part)


def _check_is_safe(address: str) -> None:
    """Unusable for an address that others on the way could read or change."""
    parts = urlsplit(address)
    if not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL)) or not parts.hostname:
        raise Unusable("'{address}' is no https address; the sign-in service needs one", address=address)
