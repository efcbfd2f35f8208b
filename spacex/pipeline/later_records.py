"""Whether anything was recorded later than now: this machine's clock is wrong, or was."""

from datetime import timedelta

from spacex.analysis import queries
from spacex.errors import SpacexError
from spacex.extract.fetch_context import ledger_path
from spacex.extract.request_ledger import Ledger
from spacex.extract.snapshots import SnapshotStore
from spacex.pipeline.services import used_services
from spacex.settings import Settings
from spacex.units import utc_instant, utc_now, utc_text

CLOCK_TOLERANCE = timedelta(minutes=5)
SET_CLOCK = (
    "Set the clock of this machine: windows and ages of data are counted by it. If it is right now "
    'and was wrong then, see "A clock that was ahead" in docs/operating.md.'
)

_RECORDED = """
    SELECT max(instant) AS instant FROM (
        SELECT loaded_utc AS instant FROM _runs
        UNION ALL
        SELECT checked_utc FROM _snapshots WHERE origin IN ('fetched', 'not modified'))"""


def later_record(settings: Settings) -> str:
    """Return a sentence about the newest record of after now; empty if there is none.

    Records are the requests of the ledgers, and the runs and responses of the database.
    """
    recorded = [_newest_request_utc(settings)]
    try:
        (published,) = queries.query(settings.database, _RECORDED)["instant"]
        recorded.append(published or "")
    except SpacexError:  # a missing or damaged database is reported elsewhere
        pass
    newest, now = max(recorded), utc_now()
    if not newest or utc_instant(newest) <= now + CLOCK_TOLERANCE:
        return ""
    return f"The clock shows {utc_text(now)}, but data were recorded at {newest}."


def _newest_request_utc(settings: Settings) -> str:
    """Return when a service was last requested, in the last hour of requests; empty if never."""
    store = SnapshotStore(settings.raw_dir)
    instants = [""]
    for source in used_services(settings):
        try:
            instants += Ledger(ledger_path(store, source)).read().requests_utc
        except SpacexError:  # the run and doctor report it
            continue
    return max(instants)
