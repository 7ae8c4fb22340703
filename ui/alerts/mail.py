"""The alerts by mail, where a server is named in the settings. Nothing is ever sent without."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage

from corpus.errors import CodedeskError
from ui.exports.tables import clean
from ui.state.searches import Alert
from ui.state.settings import Settings

PASSWORD = "CODEDESK_SMTP_PASSWORD"
_SECONDS = 20


class NotSent(CodedeskError):
    """A mail could not be sent; the sentence says why."""


def send(settings: Settings, alerts: Sequence[Alert]) -> bool:
    """Send alerts as one mail; False where there are none or no server is set. Raises NotSent."""
    if not alerts or not settings.smtp:
        return False
    if not settings.mail_from or not settings.mail_to:
        raise NotSent(
            "settings.toml names a server for mail (`smtp`), but not `mail_from` and `mail_to`."
        )
    try:
        _sent(settings, message(settings, alerts))
    except (OSError, ValueError, smtplib.SMTPException) as error:
        raise NotSent(
            f"The mail was not sent by {settings.smtp}: {error}. What is new stands under Saved "
            "searches; it is sent with `codedesk alerts --mail` once the server takes it."
        ) from error
    return True


def message(settings: Settings, alerts: Sequence[Alert]) -> EmailMessage:
    """One mail, the passages by search."""
    mail = EmailMessage()
    count = f"{len(alerts)} new {'passage' if len(alerts) == 1 else 'passages'}"
    searches = list(dict.fromkeys(one.name for one in alerts))
    mail["Subject"] = f"Codedesk: {count} in {', '.join(map(_line, searches))}"[:200]
    mail["From"] = settings.mail_from
    mail["To"] = settings.mail_to
    parts = []
    for search in searches:
        parts.append(f"{_line(search)}\n{'=' * min(len(search), 60)}")
        parts += [_passage(one, settings.address) for one in alerts if one.name == search]
    mail.set_content("\n\n".join(parts) + "\n")
    return mail


def _passage(one: Alert, address: str) -> str:
    said = one.passage
    return clean(f"{said['title']}\n{said['text']}\n{said['cited']}\n{address}{said['address']}")


def _line(text: str) -> str:
    """A header is one line: a line break in a name would begin another header."""
    return " ".join(clean(text).split())


def _sent(settings: Settings, mail: EmailMessage) -> None:
    host, colon, port = settings.smtp.rpartition(":")
    host, number = (host, int(port)) if colon else (settings.smtp, 0)
    with _connected(settings, host, number) as server:
        if settings.smtp_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            server.login(settings.smtp_user, os.environ.get(PASSWORD, ""))
        server.send_message(mail)


def _connected(settings: Settings, host: str, port: int) -> smtplib.SMTP:
    if settings.smtp_security != "tls":
        return smtplib.SMTP(host, port, timeout=_SECONDS)
    return smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=ssl.create_default_context())
