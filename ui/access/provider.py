"""The provider that people sign in with (OpenID Connect): its keys, and what it says of a person.

Whatever it says is taken for so many minutes and then asked again; where it cannot be asked then,
nobody comes in by it.
"""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ui.access.refused import NotSignedIn, Refused
from ui.state.serving import SignIn

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

# No "none", and no secret that both sides share.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
_SECONDS = 10
_LARGEST = 1_000_000  # bytes of an answer
_KEYS_LAST, _KEYS_AGAIN = 3600, 30  # seconds: that keys count; before an unknown one is looked for
_CLOCKS = 30  # seconds by which two clocks may differ
_MOST_KNOWN = 10_000  # people


class Provider:
    """Safe to share between threads."""

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in
        self._lock = threading.Lock()
        self._metadata: Mapping[str, Any] = {}
        self._keys: KeySet | None = None
        self._keys_at = float("-inf")
        self._told: dict[str, tuple[float, Mapping[str, Any]]] = {}

    def claims(self, token: str) -> Mapping[str, Any]:
        """What a signed token says. Raises NotSignedIn unless its signature, issuer, audience and
        time are right."""
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError

        try:
            try:
                found = jwt.decode(token, self._known_keys(), algorithms=_ALGORITHMS)
            except (InvalidKeyIdError, ValueError):
                keys = self._known_keys(older_than=_KEYS_AGAIN)  # it may have new ones
                found = jwt.decode(token, keys, algorithms=_ALGORITHMS)
            jwt.JWTClaimsRegistry(
                leeway=_CLOCKS,
                iss={"essential": True, "value": self._sign_in.issuer},
                aud={"essential": True, "value": self._sign_in.heard_as},
                exp={"essential": True},
                sub={"essential": True},
            ).validate(found.claims)
        except (JoseError, ValueError, TypeError) as error:
            raise NotSignedIn(
                "The token is not one that this server takes: it is forged, over, or made for "
                "another server. Get a new one."
            ) from error
        return found.claims

    def said_of(self, access_token: str, signed_in: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the provider says now of who signed in with these claims, at most so many minutes
        old. Raises NotSignedIn where it says nothing any more."""
        key = sha256(access_token.encode()).hexdigest()
        with self._lock:
            told_at, told = self._told.get(key, (float("-inf"), {}))
        if time.monotonic() - told_at > self._sign_in.minutes * 60:
            told = self._userinfo(access_token)
            with self._lock:
                if len(self._told) >= _MOST_KNOWN:
                    self._told.clear()
                self._told[key] = time.monotonic(), told
        if told.get("sub") != signed_in.get("sub"):
            raise NotSignedIn("The provider names somebody else. Sign in again.")
        if self._sign_in.groups not in told and self._is_old(signed_in):
            raise NotSignedIn("The provider tells groups at sign-in only. Sign in again.")
        return {**signed_in, **told}

    def _is_old(self, signed_in: Mapping[str, Any]) -> bool:
        """Whether what was said at sign-in was said too long ago to count."""
        said_at = signed_in.get("iat", 0)
        return bool(time.time() - said_at > self._sign_in.minutes * 60)

    def _userinfo(self, access_token: str) -> Mapping[str, Any]:
        address = self._described()["userinfo_endpoint"]
        try:
            return _fetched(address, {"Authorization": f"Bearer {access_token}"})
        except urllib.error.HTTPError as error:
            raise NotSignedIn("Your sign-in is over. Sign in again.") from error
        except (OSError, ValueError) as error:
            raise _silent(self._sign_in) from error

    def _known_keys(self, *, older_than: float = _KEYS_LAST) -> KeySet:
        from joserfc.jwk import KeySet

        with self._lock:
            keys, age = self._keys, time.monotonic() - self._keys_at
        if keys is not None and age <= older_than:
            return keys
        address = self._described()["jwks_uri"]
        try:
            keys = KeySet.import_key_set(_fetched(address, {}))  # type: ignore[arg-type]
        except (OSError, ValueError) as error:
            raise _silent(self._sign_in) from error
        with self._lock:
            self._keys, self._keys_at = keys, time.monotonic()
        return keys

    def _described(self) -> Mapping[str, Any]:
        """The provider's own description. It never changes while it runs."""
        with self._lock:
            if self._metadata:
                return self._metadata
        try:
            told = _fetched(self._sign_in.metadata_address, {})
        except (OSError, ValueError) as error:
            raise _silent(self._sign_in) from error
        if told.get("issuer") != self._sign_in.issuer:
            raise Refused(
                503,
                f"{self._sign_in.metadata_address} describes another issuer than the one in the "
                "settings. Correct `issuer` under [sign_in].",
            )
        with self._lock:
            self._metadata = told
        return told


def _silent(sign_in: SignIn) -> Refused:
    return Refused(
        503, f"The provider at {sign_in.issuer} does not answer, so nobody can be let in now."
    )


def _fetched(address: str, headers: Mapping[str, str]) -> Mapping[str, Any]:
    asked = urllib.request.Request(address, headers={"Accept": "application/json", **headers})
    with urllib.request.urlopen(asked, timeout=_SECONDS) as answer:
        told = json.loads(answer.read(_LARGEST))
    if not isinstance(told, dict):
        raise ValueError(f"{address} tells no object")
    return told
