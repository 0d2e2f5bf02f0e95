"""What the service has signed about who signs in: believed only after every check of the standard.

OpenID Connect Core 1.0, 3.1.3.7; algorithms as RFC 8725, 3.1 asks: those of a list, never what the token says alone.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

import jwt

from lifecluster.web.accounts.openid.trouble import OpenIDError

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
KINDS = ("RSA", "EC", "OKP")
NEEDED = ("iss", "sub", "aud", "exp", "iat")
CLOCKS = 60
"""Seconds by which two clocks may differ."""
LONGEST = 191
"""Characters of a name of somebody at the service that can be kept."""


def read(token: str, *, keys: Mapping[str, Any], issuer: str, client: str, nonce: str) -> dict[str, Any]:
    """What a token says, if it was signed with one of the keys, by the issuer, for this client, for this sign-in.

    Parameters: `keys` a JSON Web Key Set (RFC 7517); `nonce` what was sent along when the sign-in began. Raises
    OpenIDError for a token that fails a check.
    """
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS:
            raise OpenIDError(f"the token is signed by {algorithm!r}")
        key = _key(keys, header.get("kid"), algorithm)
        said = jwt.decode(
            token, key, algorithms=[algorithm], issuer=issuer, audience=client, leeway=CLOCKS,
            options={"require": list(NEEDED)},
        )  # fmt: skip
    except jwt.PyJWTError as error:
        raise OpenIDError(f"the token is refused: {type(error).__name__}") from None
    parties = said["aud"] if isinstance(said["aud"], list) else [said["aud"]]
    if said.get("azp", client) != client or (len(parties) > 1 and "azp" not in said):
        raise OpenIDError("the token is for somebody else")
    if not hmac.compare_digest(str(said.get("nonce", "")).encode(), nonce.encode()):
        raise OpenIDError("the token is of another sign-in")
    if not isinstance(said["sub"], str) or not 0 < len(said["sub"]) <= LONGEST:
        raise OpenIDError("the name of whom it is about is empty or too long")
    return dict(said)


def _key(keys: Mapping[str, Any], kid: Any, algorithm: str) -> jwt.PyJWK:
    """The key that a token names; one that names none fits where there is but one."""
    listed = keys.get("keys")
    found = [
        one for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict) and one.get("kty") in KINDS and one.get("use", "sig") == "sig"
        and one.get("alg", algorithm) == algorithm and (kid is None or one.get("kid") == kid)
    ]  # fmt: skip
    if len(found) != 1:
        raise OpenIDError("the service has no such key")
    return jwt.PyJWK.from_dict(found[0], algorithm)
