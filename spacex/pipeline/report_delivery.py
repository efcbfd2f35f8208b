"""Tell of reports by mail and webhook: each receiver once of each version of a page.

Who was told is recorded apart from the page, which may be made by hand, for another entry of the
plan, or while the mail server is down. Who could not be told is told next time.
"""

from dataclasses import dataclass
from pathlib import Path

import msgspec
from filelock import FileLock

from spacex.errors import StorageError
from spacex.extract.sealed_json import read_record
from spacex.files import write_atomically, write_error
from spacex.notebook.reports.report_plan import Planned
from spacex.notebook.reports.report_records import ReportRecord
from spacex.pipeline.alerts import tell_of_report
from spacex.pipeline.mail import edition_link, send
from spacex.settings import Settings

TOLD = "told.json"
"""The record, in the folder of a report, of who was told of its page."""

_WEBHOOK = "webhook"


class _Told(msgspec.Struct):
    """Who was told of a report.

    Attributes:
        basis: the version of the page, as its record has it.
        receivers: mail addresses, and `webhook`.
    """

    basis: str
    receivers: list[str] = []


@dataclass(frozen=True)
class _Delivery:
    """A page to be told of, and who knows of it already."""

    settings: Settings
    page: Path
    record: ReportRecord
    told: _Told


def tell(settings: Settings, page: Path, record: ReportRecord, entry: Planned) -> list[str]:
    """Tell of a page those whom an entry of the plan names, unless they were told of it before.

    Args:
        settings: the addresses, and the folder of the reports.
        page: the page.
        record: its record.
        entry: who is told.

    Returns:
        A sentence for each problem.
    """
    if not (entry.mail or entry.webhook):
        return []
    try:
        with FileLock(page.parent / ".told.lock"):  # another process may tell of it as well
            told = read_record(page.parent / TOLD, _Told)
            if not told or told.basis != record.basis:
                told = _Told(record.basis)
            delivery = _Delivery(settings, page, record, told)
            return _mail(delivery, entry) + (_post(delivery) if entry.webhook else [])
    except StorageError as error:
        return [str(error)]
    except OSError as error:
        return [str(write_error(page.parent, error))]


def _mail(delivery: _Delivery, entry: Planned) -> list[str]:
    to = [each for each in dict.fromkeys(entry.mail) if each not in delivery.told.receivers]
    if not to:
        return []
    record = delivery.record
    sent = send(delivery.settings, to, record.title, record.headline, delivery.page)
    _note(delivery, *sent.receivers)
    return [*sent.problems]


def _post(delivery: _Delivery) -> list[str]:
    settings, record = delivery.settings, delivery.record
    if _WEBHOOK in delivery.told.receivers:
        return []
    if not settings.webhook_url:
        return ["The notice was not posted: SPACEX_WEBHOOK_URL names no address"]
    address = settings.page_url(delivery.page)
    headline = " ".join(filter(None, (record.headline, edition_link(settings))))
    problems = tell_of_report(settings, record.title, headline, address)
    if not problems:
        _note(delivery, _WEBHOOK)
    return problems


def _note(delivery: _Delivery, *receivers: str) -> None:
    """Record who was told.

    Raises:
        StorageError: it cannot be written.
    """
    delivery.told.receivers += receivers
    write_atomically(delivery.page.parent / TOLD, msgspec.json.encode(delivery.told))
