"""Checks of the services: whether they can be reached, and whether the last request failed."""

from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from spacex.cli.doctor.connection import connection_problem
from spacex.cli.doctor.diagnosis import Diagnosis
from spacex.errors import SpacexError
from spacex.extract.fetch import ledger_path
from spacex.extract.http_client import Client, Limits, Response
from spacex.extract.request_ledger import Ledger
from spacex.extract.run_folder import Run
from spacex.extract.snapshots import SnapshotStore
from spacex.extract.tls import check_tls
from spacex.pipeline.later_records import CLOCK_TOLERANCE, SET_CLOCK
from spacex.pipeline.proxies import check_network
from spacex.pipeline.services import used_services
from spacex.settings import RUN_COMMAND, Settings
from spacex.sources import SPACEXDATA, Source
from spacex.units import utc_text

_STAND_IN = "Nothing: runs use its snapshots until then."


def archive(settings: Settings) -> Iterator[Diagnosis]:
    """Send one small request to the r/SpaceX API; the other services count requests."""
    if SPACEXDATA not in used_services(settings) or not _has_network():
        return
    url = f"{str(settings.base_url).rstrip('/')}/landpads"
    limits = Limits(
        connect_timeout_s=settings.connect_timeout_s,
        read_timeout_s=10,
        total_timeout_s=15,
        attempts=1,
    )
    try:
        with Client("SpaceX-Insights doctor", limits) as client:
            response = client.get(url)
    except SpacexError as error:
        remedy = f"`{RUN_COMMAND}` works nevertheless, from snapshots or the sample."
        yield Diagnosis("note", error.message, remedy)
    else:
        yield Diagnosis("ok", f"{SPACEXDATA.title} responds at {settings.base_url}")
        yield from _clocks(response)


def _clocks(response: Response) -> Iterator[Diagnosis]:
    """Compare this machine's clock with that of a service."""
    try:
        theirs = parsedate_to_datetime(response.date)
        difference = response.retrieved_at - theirs
    except (TypeError, ValueError):  # no date, or none with a time zone
        return
    if abs(difference) > CLOCK_TOLERANCE:
        text = (
            f"The clock shows {utc_text(response.retrieved_at)}, but that of "
            f"{SPACEXDATA.title} {utc_text(theirs)}."
        )
        yield Diagnosis("fault", text, SET_CLOCK)


def live_services(settings: Settings) -> Iterator[Diagnosis]:
    """Report whether each live service can be reached and when it may be requested again.

    This only connects, since the services count requests. What the last request or run met is in
    the request ledger and in the manifest of the run.
    """
    if not _has_network():
        return
    note = _note_of_last_run(settings)
    for source in used_services(settings):
        if source.is_live:
            yield _service(settings, source, note)


def _service(settings: Settings, source: Source, note: str) -> Diagnosis:
    ledger = Ledger(ledger_path(SnapshotStore(settings.raw_dir), source))
    try:
        pause = ledger.read().pause_of(source.name)
    except SpacexError as error:
        return Diagnosis("fault", error.message, error.remedy)
    may = f"it may be requested {'now' if pause.is_over else f'from {pause.next_utc}'}"
    url = settings.addresses[source.name]
    if problem := connection_problem(url, settings.connect_timeout_s):
        return Diagnosis(
            "note",
            f"{source.title} cannot be reached: {problem}. Otherwise {may}.",
            "Check the network. Until it is reached, runs use its snapshots.",
        )
    if pause.trouble:
        remedy = "" if pause.is_over else _STAND_IN
        text = f"{source.title}: {may}. The last request failed: {pause.trouble}"
        return Diagnosis("note", text, remedy)
    names = (source.title, url.rstrip("/"))
    if failure := next((line for line in note.splitlines() if line.startswith(names)), ""):
        return Diagnosis("note", f"{source.title}: {may}. In the last run: {failure}")
    return Diagnosis("ok", f"{source.title} can be reached; {may}.")


def _note_of_last_run(settings: Settings) -> str:
    """Return what the last run noted of the services, a line each; empty if there is no run."""
    try:
        return Run.latest(settings.runs_dir).manifest().note
    except (SpacexError, OSError):  # `folder` or `files` reports it
        return ""


def _has_network() -> bool:
    try:
        check_tls()
        check_network()
    except SpacexError:  # `python` and `used_proxies` report it
        return False
    return True
