"""Mails with a page, by a real mail server on this machine."""

import base64
import re
import time
from pathlib import Path

import pytest
from pydantic import HttpUrl

from spacex.pipeline.mail import MAX_PAGE_BYTES, Sent, send
from spacex.settings import Settings
from tests import stages
from tests.clock import Clock
from tests.conftest import free_port, settings_in
from tests.smtp_server import MailServer

PAGE = "<h1>What happened</h1><p>Größe: 5 km</p>" + "x" * 2000
TWO = ("a@example.org", "b@example.org")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return stages.at(settings_in(tmp_path), mail_to="@example.org, me@example.com")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "week.html"
    path.write_text(PAGE)
    return path


def test_a_mail_has_text_and_page(settings: Settings, page: Path) -> None:
    with MailServer() as server:
        known = stages.at(settings, smtp_url=server.url, mail_from="etl@example.org")
        assert send(known, TWO, "The\nweek", "51 new.", page) == Sent(TWO)
    (mail,) = server.received
    assert mail.to == [*TWO]
    assert (mail.message["From"], mail.message["Subject"]) == ("etl@example.org", "The week")
    text, attached = mail.message.iter_parts()
    assert text.get_content() == "51 new.\r\n"
    assert attached.get_filename() == "week.html"
    assert attached.get_content().strip() == PAGE
    assert server.credentials == []


def test_a_mail_has_a_date_and_an_id_of_its_own(settings: Settings, page: Path) -> None:
    with MailServer() as server, Clock("2026-11-01T15:00:07"):
        known = stages.at(settings, smtp_url=server.url, mail_from="Data <etl@example.org>")
        for _ in range(2):
            assert send(known, ["a@example.org"], "s", "51 new.", page) == Sent(("a@example.org",))
    dates = [mail.message["Date"] for mail in server.received]
    assert dates == ["Sun, 01 Nov 2026 15:00:07 +0000"] * 2
    ids = {mail.message["Message-ID"] for mail in server.received}
    assert len(ids) == 2
    assert all(re.fullmatch(r"<[^@<> ]+@example\.org>", each) for each in ids)


def test_a_mail_links_to_the_page_where_pages_are_served(settings: Settings, page: Path) -> None:
    with MailServer() as server:
        known = stages.at(settings, smtp_url=server.url, reports_url="http://here/reports")
        assert send(known, ["a@example.org"], "s", "51 new.", page) == Sent(("a@example.org",))
    text, _ = server.received[0].message.iter_parts()
    address = f"http://here/reports/{page.parent.name}/week.html"
    assert text.get_content().split("\r\n\r\n") == ["51 new.", f"{address}\r\n"]


@pytest.mark.parametrize("more", [0, 1])
def test_a_large_page_is_not_attached(settings: Settings, tmp_path: Path, more: int) -> None:
    page = tmp_path / "large.html"
    page.write_text("x" * (MAX_PAGE_BYTES + more))
    with MailServer() as server:
        known = stages.at(settings, smtp_url=server.url)
        assert send(known, ["a@example.org"], "s", "51 new.", page) == Sent(("a@example.org",))
    (mail,) = server.received
    assert mail.message.is_multipart() == (not more)
    if more:
        assert mail.message.get_content().splitlines() == [
            *("51 new.", "", "The page has 1.5 MB and is not attached.", "", page.as_uri())
        ]


def test_a_mail_links_to_the_hosted_edition(settings: Settings, page: Path) -> None:
    with MailServer() as server:
        known = stages.at(settings, smtp_url=server.url, publish_url=HttpUrl("https://a.example/"))
        assert send(known, ["a@example.org"], "s", "51 new.", page) == Sent(("a@example.org",))
    text, _ = server.received[0].message.iter_parts()
    assert text.get_content().splitlines()[-1] == "All pages of the newest run: https://a.example/"


def test_user_and_password_sign_in(settings: Settings, page: Path) -> None:
    with MailServer() as server:
        url = server.url.replace("//", "//me%40here:p%2Fw@")
        assert send(stages.at(settings, smtp_url=url), ["a@example.org"], "s", "t", page) == Sent(
            ("a@example.org",)
        )
    expected = base64.b64encode(b"\0me@here\0p/w").decode()
    assert server.credentials == [f"AUTH PLAIN {expected}"]


def test_a_refused_address_does_not_keep_the_others_from_the_mail(
    settings: Settings, page: Path
) -> None:
    with MailServer() as server:
        known = stages.at(settings, smtp_url=server.url)
        sent = send(known, ["unknown@example.org", "b@example.org"], "s", "t", page)
    assert sent == Sent(("b@example.org",), ("The mail to unknown@example.org was refused: 550",))
    assert [mail.to for mail in server.received] == [["b@example.org"]]


@pytest.mark.attack("send mail to anybody by a plan or from Prefect's form", "refused")
def test_only_the_allowed_addresses_receive_a_mail(settings: Settings, page: Path) -> None:
    to = ["A@Example.org", "me@example.com", "you@example.com", "a@b.example.org"]
    with MailServer() as server:
        sent = send(stages.at(settings, smtp_url=server.url), to, "s", "t", page)
    assert [mail.to for mail in server.received] == [to[:2]]
    assert (sent.receivers, sent.problems) == (
        tuple(to[:2]),
        tuple(f"The mail to {each} was not sent: SPACEX_MAIL_TO lacks it" for each in to[2:]),
    )


@pytest.mark.attack("hide another receiver of a mail in an allowed address", "refused")
@pytest.mark.parametrize(
    "address",
    [
        "evil@bad.org(@example.org",
        "evil@bad.org[@example.org",
        "evil@bad.org\\@example.org",
        "evil@bad.org)@example.org",
        "evil@bad.org:@example.org",
        "evil@bad.org,a@example.org",
        "evil@bad.org;a@example.org",
        "<evil@bad.org>a@example.org",
        '"evil@bad.org"@example.org',
        "evil@bad.org @example.org",
        "evil@bad.org\n@example.org",
        "evil%bad.org@example.org",
        "bad.org!evil@example.org",
        "evil@bad.org@example.org",
        "a@example.org\n",
    ],
)
def test_an_address_that_hides_another_receives_no_mail(
    settings: Settings, page: Path, address: str
) -> None:
    with MailServer() as server:
        known = stages.at(settings, smtp_url=server.url)
        sent = send(known, [address, "good@example.org"], "s", "t", page)
    assert [mail.to for mail in server.received] == [["good@example.org"]]
    assert sent.problems == (f"The mail to {address!r} was not sent: this is not a mail address",)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "SPACEX_SMTP_URL names no server"),
        ("smtp://me:SECRET@127.0.0.1:PORT", "ConnectionRefusedError"),
        ("smtps://me:SECRET@127.0.0.1:PORT", "ConnectionRefusedError"),
    ],
)
def test_a_mail_that_cannot_be_sent_is_named_without_the_password(
    settings: Settings, page: Path, url: str, problem: str
) -> None:
    known = stages.at(settings, smtp_url=url.replace("PORT", str(free_port())))
    sent = send(known, ["a@example.org"], "s", "t", page)
    assert sent == Sent(problems=(f"The mail was not sent: {problem}",))


@pytest.mark.attack("block a run with a mail server that sends byte by byte", "ends in time")
def test_a_mail_server_that_sends_byte_by_byte_does_not_block_the_run(
    settings: Settings, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spacex.pipeline.mail.LIMIT_S", 0.2)
    with MailServer(pause_s=0.03) as server:
        known = stages.at(settings, smtp_url=server.url)
        started = time.monotonic()
        sent = send(known, ["a@example.org"], "s", "t", page)
        assert time.monotonic() - started < 2
        assert sent == Sent(problems=("The mail was not sent: TimeoutError",))
        assert server.session_ended.wait(20)
    assert server.received == []  # nor later


def test_a_mail_that_the_server_has_counts_as_sent_however_the_session_ends(
    settings: Settings, page: Path
) -> None:
    with MailServer(farewell="421 going down") as server:
        sent = send(stages.at(settings, smtp_url=server.url), ["a@example.org"], "s", "t", page)
    assert (sent, len(server.received)) == (Sent(("a@example.org",)), 1)


@pytest.mark.attack("read a mail with reports between two machines", "sent only if encrypted")
def test_to_another_machine_nothing_is_sent_before_the_connection_is_encrypted(
    settings: Settings, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spacex.pipeline.mail._LOOPBACK", set())
    with MailServer() as server:
        url = server.url.replace("//", "//me:SECRET@")
        sent = send(stages.at(settings, smtp_url=url), ["a@example.org"], "s", "t", page)
    assert sent == Sent(problems=("The mail was not sent: SMTPNotSupportedError",))
    assert (server.received, server.credentials) == ([], [])
