"""The turnarounds of boosters: those of flights that no source lists do not count."""

import pytest

from spacex.analysis.booster_flights import FLIGHTS
from spacex.warehouse.views import apply_views
from tests.example_rows import empty_database, insert_row

DAYS = (1, 11, 31)


@pytest.mark.parametrize(
    ("numbers", "turnarounds"),
    [
        ((1, 2, 3), [10, 20]),
        ((1, 2, 4), [10]),
        ((1, None, 3), [10, 20]),
        ((1, None, 4), []),  # before or after the flight whose number is unknown
        ((1, 4, 3), [20]),  # one of the numbers is wrong
        ((None, 4, 5), [10, 20]),
    ],
)
def test_flights_between_that_no_source_lists_leave_the_turnaround_unknown(
    numbers: tuple[int | None, ...], turnarounds: list[float]
) -> None:
    """Launches of unknown boosters may be those flights, so the launches are covered."""
    with empty_database() as connection:
        apply_views(connection)
        insert_row(connection, "_runs")
        checked = {"checked_utc": "2026-01-01T00:00:00Z"}
        insert_row(connection, "_snapshots", source="spacexdata", endpoint="launches", **checked)
        for day in (1, 5, 6, 11, 15, 16, 31):
            launch = {"launch_id": f"{day}", "date_utc": f"2025-05-{day:02}T00:00:00Z"}
            launch |= {"date_precision": "minute"}
            insert_row(connection, "launches", **launch, launch_designator=None)
            insert_row(connection, "launch_sources", source="spacexdata", **launch)
        for day, number in zip(DAYS, numbers, strict=True):
            flight = {"launch_id": f"{day}", "core_id": "B1", "flight": number}
            insert_row(connection, "launch_cores", **flight)
        turnaround = "SELECT turnaround_d FROM flight WHERE turnaround_d NOT NULL ORDER BY date_utc"
        found = connection.execute(f"{FLIGHTS} {turnaround}").fetchall()
    assert [days for (days,) in found] == turnarounds
