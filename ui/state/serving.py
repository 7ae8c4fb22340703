"""The settings of a server for several people: the tables [server] and [sign_in]."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from msgspec import Meta, Struct, ValidationError, convert

from corpus.errors import CodedeskError
from ui.access.roles import Role

Positive = Annotated[int, Meta(ge=1)]
Names = tuple[Annotated[str, Meta(min_length=1)], ...]


class Serving(Struct, frozen=True, forbid_unknown_fields=True):
    """`hosts` are the names besides this machine's own by which browsers may reach the server.
    `requests_per_minute` is for each caller of the API and of the tools; so many requests
    are worked on `at_once`. `proxies` are the addresses of those whose word on the caller's
    address, and on TLS, is taken. Entries of the audit log are kept for `audit_days`, for ever
    where that is not set."""

    hosts: Names = ()
    requests_per_minute: Positive = 600
    at_once: Positive = 8
    proxies: Names = ()
    audit_days: Positive | None = None


class SignIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`issuer` is the OpenID provider, `client_id` what it knows this server by, `address` where
    people reach the server. Its secret is in the file `secret_file`, or in the environment as
    CODEDESK_CLIENT_SECRET. `groups` is the claim that lists a person's groups, `roles` says which
    groups have which role. What the provider said counts for so many `minutes`, and for a
    personal token so many `token_days`, until its owner comes to the pages again. Tokens of the
    provider have to be made for `audience`, by default the client's id. On the command line
    `accounts` says which accounts of the system have which role, and `account_groups` which are in
    which group of the provider; `@` begins the name of a group of the system."""

    issuer: str
    client_id: str
    address: str
    roles: Mapping[Role, Names]
    groups: str = "groups"
    scope: str = "openid email profile"
    audience: str = ""
    secret_file: str = ""
    minutes: Annotated[float, Meta(gt=0)] = 5
    token_days: Positive = 30
    accounts: Mapping[Role, Names] = {}
    account_groups: Mapping[str, Names] = {}

    def __post_init__(self) -> None:
        for name, address in (("issuer", self.issuer), ("address", self.address)):
            parts = urlsplit(address)
            here = parts.hostname in ("127.0.0.1", "localhost", "::1")
            if parts.scheme != "https" and not (here and parts.scheme == "http"):
                raise ValueError(f"`{name}` has to begin with https://")

    @property
    def heard_as(self) -> str:
        """Whom a token has to be made for."""
        return self.audience or self.client_id

    @property
    def metadata_address(self) -> str:
        return f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"

    @property
    def host(self) -> str:
        """The name that people's browsers ask by."""
        return urlsplit(self.address).hostname or ""

    def secret(self) -> str:
        """The client's secret. Raises CodedeskError."""
        try:
            given = Path(self.secret_file).read_text("utf-8") if self.secret_file else ""
        except OSError as error:
            raise CodedeskError(
                f"`secret_file` under [sign_in]: {self.secret_file} cannot be read: "
                f"{error.strerror}."
            ) from error
        given = given.strip() or os.environ.get("CODEDESK_CLIENT_SECRET", "")
        if not given:
            raise CodedeskError(
                "The client's secret is not known. Name a file that holds it with `secret_file` "
                "under [sign_in], or put it into CODEDESK_CLIENT_SECRET."
            )
        return given


_T = TypeVar("_T", bound=Struct)


def read_table(raw: Any, kind: type[_T], name: str, path: Path) -> _T:
    """A table of the settings file. Raises CodedeskError that names the setting."""
    if not isinstance(raw, Mapping):
        raise CodedeskError(f"{path}: `{name}` is a table. Begin it with a line [{name}].")
    try:
        return convert(dict(raw), kind)
    except ValidationError as error:
        raise CodedeskError(f"{path}, table [{name}]: {error}.") from error
