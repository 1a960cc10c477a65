"""A sign-in service with keys of its own, as strict as the standard wants it; it can be told to misbehave."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import RSAKey

ISSUER = "https://id.example"
CLIENT, SECRET = "ringfence", "a secret of tests: 100% & more"
CALLBACK = "https://ringfence.example/sign-in/openid"


@dataclass
class FakeProvider:
    """Answers discovery, keys and codes; `changes` alters the claims, `sign` the signature of what it vouches for."""

    now: datetime
    account: str = "auditor"
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    published: list[RSAKey] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    is_away: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def client(self) -> httpx2.Client:
        return httpx2.Client(transport=httpx2.MockTransport(self._answer))

    def authorize(self, address: str) -> tuple[str, str]:
        """What a browser does at the provider: somebody signs in there, and comes back with code and state."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["redirect_uri"] == CALLBACK
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return code, asked["state"]

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request.url.path)
        if self.is_away:
            message = "no route"
            raise httpx2.ConnectError(message)
        if request.url.path == "/.well-known/openid-configuration":
            return httpx2.Response(200, json=self._describe())
        if request.url.path == "/keys":
            keys = [key.as_dict(private=False) for key in (self.published or [self.key])]
            return httpx2.Response(200, json={"keys": keys})
        return self._redeem(request)

    def _describe(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            **self.metadata,
        }

    def _redeem(self, request: httpx2.Request) -> httpx2.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        asked = self.codes.pop(form["code"], None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        basic = base64.b64encode(b"ringfence:a%20secret%20of%20tests%3A%20100%25%20%26%20more").decode()
        is_ours = request.headers["authorization"] == f"Basic {basic}" and form["redirect_uri"] == CALLBACK
        if asked is None or proof != asked["code_challenge"] or not is_ours:
            return httpx2.Response(400, json={"error": "invalid_grant"})
        return httpx2.Response(200, json={"access_token": "x", "id_token": self._vouch(asked)})

    def _vouch(self, asked: dict[str, str]) -> str:
        issued = int(self.now.timestamp())
        times = {"iat": issued, "exp": issued + 300}
        claims = {"iss": ISSUER, "sub": self.account, "aud": CLIENT, "nonce": asked["nonce"], **times, **self.changes}
        claims = {name: value for name, value in claims.items() if value is not None}
        return self.sign(claims) if self.sign else jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)
