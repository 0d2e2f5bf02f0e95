"""A small OpenID provider on this machine: discovery, keys, sign-in, token, userinfo; and every way to get it wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lifecluster.web.settings.openid import Provider

CLIENT, SECRET = "lifecluster", "a secret: with / signs %"


@lru_cache
def key(name: str) -> rsa.RSAPrivateKey:
    """A key by its name, the same for all tests of a process: making one takes long."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Service(ThreadingHTTPServer):
    """The provider. `who`: what it says of the person who signs in next; `wrong`: what it gets wrong; `asked`: what it
    was asked, in order; `tokens`: what it gave out."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.who: dict[str, Any] = {"sub": "person-1", "email": "ada@example.org", "email_verified": True}
        self.wrong: dict[str, Any] = {}
        self.asked: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, dict[str, Any]] = {}
        self.secrets: list[str] = []

    def settings(self, **more: Any) -> Provider:
        """As the settings name it."""
        return Provider(**{"issuer": self.issuer, "client": CLIENT, "secret": SECRET, "name": "Our directory", **more})

    def description(self) -> dict[str, Any]:
        found = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return {**found, **self.wrong.get("description", {})}

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key("right").public_key()))
        return self.wrong.get("keys", {"keys": [{**public, "kid": "right", "use": "sig", "alg": "RS256"}]})

    def signed(self, code: dict[str, str]) -> str:
        """A token for who signs in."""
        now = int(time.time())
        said = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": code["nonce"], **self.who,
        }  # fmt: skip
        said.update(self.wrong.get("claims", {}))
        said = {name: value for name, value in said.items() if value is not None}
        if "inline" not in self.wrong:
            said.pop("email", None)
            said.pop("email_verified", None)
        how = self.wrong.get("signed")
        if how == "none":
            return jwt.encode(said, "", algorithm="none", headers={"kid": "right"})
        if how == "with the public key":
            public = key("right").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            return _by_hand(said, public)
        return jwt.encode(said, key(how or "right"), algorithm="RS256", headers={"kid": self.wrong.get("kid", "right")})


def _by_hand(said: dict[str, Any], shared: bytes) -> str:
    """A token signed with a key that everybody knows, as if it were a shared secret."""
    import hmac

    def part(value: bytes) -> bytes:
        return base64.urlsafe_b64encode(value).rstrip(b"=")

    body = part(b'{"alg":"HS256","typ":"JWT","kid":"right"}') + b"." + part(json.dumps(said).encode())
    return (body + b"." + part(hmac.new(shared, body, hashlib.sha256).digest())).decode()


class Answer(BaseHTTPRequestHandler):
    """One question."""

    server: Service

    def log_message(self, *args: Any) -> None:
        """Nothing is printed."""

    def say(self, value: Any, status: int = 200, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        for name, text in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.server.asked.append(parts.path)
        if (broken := self.server.wrong.get(parts.path)) is not None:
            return self.say(*broken) if isinstance(broken, tuple) else self.say(broken)
        match parts.path:
            case "/.well-known/openid-configuration":
                return self.say(self.server.description())
            case "/keys":
                return self.say(self.server.keys())
            case "/authorize":
                return self.authorize({name: values[0] for name, values in parse_qs(parts.query).items()})
            case "/userinfo":
                whose = self.server.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
                return self.say(
                    {**whose, **self.server.wrong.get("userinfo", {})} if whose else {}, 200 if whose else 401
                )
        return self.say({}, 404)

    def authorize(self, asked: dict[str, str]) -> None:
        """The person signs in and says yes; or no."""
        back = {"state": asked["state"], "iss": self.server.issuer, **self.server.wrong.get("back", {})}
        if error := self.server.wrong.get("error"):
            back["error"] = error
        else:
            back["code"] = secrets.token_urlsafe(16)
            self.server.codes[back["code"]] = asked
        self.say(b"", 302, {"Location": f"{asked['redirect_uri']}?{urlencode(back)}"})

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        self.server.asked.append(parts.path)
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = {name: values[0] for name, values in parse_qs(sent).items()}
        if (broken := self.server.wrong.get(parts.path)) is not None:
            return self.say(*broken) if isinstance(broken, tuple) else self.say(broken)
        code = self.server.codes.pop(asked.get("code", ""), None)
        verifier = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        known = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode()
        if "client_secret_post" in self.server.description().get("token_endpoint_auth_methods_supported", ()):
            known = f"{asked.get('client_id')}:{asked.get('client_secret')}"
        if (
            code is None
            or known != f"{CLIENT}:{SECRET}"
            or asked.get("redirect_uri") != code["redirect_uri"]
            or base64.urlsafe_b64encode(verifier).decode().rstrip("=") != code["code_challenge"]
            or code["code_challenge_method"] != "S256"
        ):
            return self.say({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe(16)
        self.server.tokens[access] = self.server.who
        signed = self.server.signed(code)
        self.server.secrets += [access, signed]
        return self.say({"access_token": access, "token_type": "Bearer", "id_token": signed})


@contextmanager
def running() -> Iterator[Service]:
    """A provider that answers until the end."""
    with Service() as service:
        thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield service
        finally:
            service.shutdown()
            thread.join()
