"""Mail with a page attached, sent by SMTP."""

import smtplib
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from ssl import create_default_context
from urllib.parse import unquote, urlsplit

from spacex.extract.time_limit import within
from spacex.settings import Settings
from spacex.settings.values import is_mail_address
from spacex.units import utc_now

TIMEOUT_S = 30
"""The longest wait for the next bytes of the server, s."""

LIMIT_S = 120
"""The longest time for a mail, s."""

MAX_PAGE_BYTES = 1_500_000
"""The largest page that is attached; many servers refuse large mails."""

_PORTS = {"smtp": 587, "smtps": 465}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Sent:
    """Who received a mail, and a sentence for each reason why others did not."""

    receivers: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def send(settings: Settings, to: Sequence[str], subject: str, text: str, page: Path) -> Sent:
    """Send a page to some addresses; return why it was not sent, since its maker must not fail.

    If the page is served, the text ends with its address, and with that of the static edition if
    that is hosted.

    Only plain addresses of SPACEX_MAIL_TO receive it: others than the operator can change plans and
    parameters. Between machines the connection is encrypted, or the mail is not sent.

    Args:
        settings: the mail server and the sender.
        to: the addresses.
        subject: the subject, in one line.
        text: the text.
        page: a file of HTML.
    """
    if not settings.smtp_url:
        return Sent(problems=("The mail was not sent: SPACEX_SMTP_URL names no server",))
    refused = {each: why for each in to if (why := _why_refused(settings, each))}
    allowed = [each for each in to if each not in refused]
    problems = tuple(_unsent(each, why) for each, why in refused.items())
    sent = _send(settings, allowed, subject, text, page) if allowed else Sent()
    return Sent(sent.receivers, problems + sent.problems)


def _why_refused(settings: Settings, address: str) -> str:
    """Return why an address may not receive mails; empty if it may."""
    if not is_mail_address(address):
        return "this is not a mail address"
    accepted = {address.lower(), f"@{address.rpartition('@')[2]}".lower()}
    is_accepted = accepted & {each.lower() for each in settings.mail_receivers}
    return "" if is_accepted else "SPACEX_MAIL_TO lacks it"


def _unsent(address: str, why: str) -> str:
    shown = address if is_mail_address(address) else repr(address)
    return f"The mail to {shown} was not sent: {why}"


def _send(settings: Settings, to: Sequence[str], subject: str, text: str, page: Path) -> Sent:
    refused: list[Mapping[str, tuple[int, bytes]]] = []
    until = time.monotonic() + LIMIT_S

    def deliver() -> None:
        with _connected(settings.smtp_url) as server:
            if time.monotonic() > until:  # it is reported as not sent
                raise TimeoutError
            # Not to the addresses that are read from the header.
            refused.append(server.send_message(message, to_addrs=to))

    try:
        message = _message(settings, to, subject, text, page)
        within(LIMIT_S, deliver)
    except smtplib.SMTPRecipientsRefused as error:
        refused.append(error.recipients)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        if not refused:  # otherwise the server has the mail, and only the session ended badly
            # The texts of other errors may contain the password.
            code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else ""
            reason = f" {code}".rstrip()
            return Sent(problems=(f"The mail was not sent: {type(error).__name__}{reason}",))
    return Sent(
        tuple(each for each in to if each not in refused[0]),
        tuple(f"The mail to {each} was refused: {why[0]}" for each, why in refused[0].items()),
    )


def _message(
    settings: Settings, to: Sequence[str], subject: str, text: str, page: Path
) -> EmailMessage:
    sender, html = settings.mail_from, page.read_bytes()
    is_small = len(html) <= MAX_PAGE_BYTES
    size = "" if is_small else f"The page has {len(html) / 1e6:.1f} MB and is not attached."
    url = settings.page_url(page) if settings.reports_url or not is_small else ""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = ", ".join(to)
    message["Subject"] = " ".join(subject.split())
    message["Date"] = utc_now()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip(" >") or None)
    message.set_content("\n\n".join(filter(None, (text, size, url, edition_link(settings)))))
    if is_small:
        message.add_attachment(html.decode(), subtype="html", filename=page.name)
    return message


def edition_link(settings: Settings) -> str:
    """Return a sentence with the address of the static edition; empty if it is not hosted."""
    url = settings.publish_url
    return f"All pages of the newest run: {url}" if url else ""


@contextmanager
def _connected(url: str) -> Iterator[smtplib.SMTP]:
    """Connect to a mail server, encrypt the connection, and sign in."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    context = create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_S)
    with server:
        if parts.scheme == "smtp" and host not in _LOOPBACK:
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server
