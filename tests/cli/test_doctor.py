"""The diagnoses of `spacex doctor` that a test makes in its own process."""

from datetime import timedelta

from spacex.cli.doctor import rate_limits
from spacex.extract.fetch import ledger_path
from spacex.extract.request_ledger import Ledger
from spacex.extract.snapshots import SnapshotStore
from spacex.sources import LAUNCHLIBRARY
from spacex.units import utc_now


def test_a_service_that_failed_is_not_called_well_when_it_may_be_asked_again(settings):
    with Ledger(ledger_path(SnapshotStore(settings.raw_dir), LAUNCHLIBRARY)).locked() as ledger:
        ledger.pause(utc_now() - timedelta(minutes=1), "It returned 503.")
    (found,) = (each for each in rate_limits(settings) if LAUNCHLIBRARY.title in each.text)
    assert found.state == "note"
    assert found.text.endswith("may be requested now. The last request failed: It returned 503.")
