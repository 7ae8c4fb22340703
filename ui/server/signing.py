"""What Streamlit needs to let people sign in, and the key that its cookies are signed with."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from index.home.access import file_mode, make_folders
from ui.state.serving import SignIn

_KEY = "cookies.key"


def pages_secrets(sign_in: SignIn, home: Path) -> dict[str, Any]:
    """The secrets of `st.login`. Raises CodedeskError where the client's own is not known."""
    return {
        "auth": {
            "redirect_uri": f"{sign_in.address.rstrip('/')}/oauth2callback",
            "cookie_secret": _cookie_key(home),
            "client_id": sign_in.client_id,
            "client_secret": sign_in.secret(),
            "server_metadata_url": sign_in.metadata_address,
            "client_kwargs": {"scope": sign_in.scope, "prompt": "select_account"},
            # The pages ask the provider with it whether the person still is who they were.
            "expose_tokens": ["access"],
        }
    }


def _cookie_key(home: Path) -> str:
    """Made once for a home, its owner's alone: a server started anew signs nobody out."""
    make_folders(home, home)
    path = home / _KEY
    with suppress(FileExistsError):
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, file_mode(home) & 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    return path.read_text("ascii").strip()
