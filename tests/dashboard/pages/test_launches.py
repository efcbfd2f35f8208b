"""The page Launches."""

import re
from pathlib import Path
from typing import Any

import pytest

from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.pages.launches import launches_page
from spacex.dashboard.ui.view import View
from spacex.settings import Settings
from spacex.warehouse.connection import reading
from tests.dashboard.browser import changed


@pytest.mark.parametrize(
    ("years", "count"),
    [("", r"at least \d+"), ("2009-2013", r"at least \d+"), ("2012-2013", r"\d+")],
)
def test_launches_so_far_are_a_lower_bound_from_a_start_without_coverage(
    sampled: Settings, monkeypatch: pytest.MonkeyPatch, years: str, count: str
) -> None:
    spans = [("2010-06-01T00:00:00Z", "2026-01-01T00:00:00Z")]
    monkeypatch.setattr(launches_page, "covered", lambda *_: spans)
    filters = launches_page.PAGE.filters
    view = View(PublishedDatabase(sampled.database), filters, {"years": years})
    words = launches_page.cumulative(view).to_dict()["description"]
    assert re.search(f"Falcon 9 {count}[,.]", words)
    assert ("Hatched" in words) == ("at least" in count)


def test_launches_of_an_unknown_rocket_and_site_count(sampled: Settings, tmp_path: Path) -> None:
    unknown = (
        "UPDATE launches SET rocket_id = NULL, launchpad_id = NULL WHERE date_utc LIKE '2025%'"
    )
    path = changed(sampled.database, tmp_path, (unknown,))
    with reading(path) as connection:
        sql = "SELECT count(*), sum(is_flown), sum(year = 2025) FROM v_launches"
        total, flown, of_2025 = connection.execute(sql).fetchone()
    assert of_2025
    view = View(PublishedDatabase(path), launches_page.PAGE.filters, {})
    for choice in (launches_page.ROCKET, launches_page.PAD):
        counts = data_of(launches_page.by_column(view, choice))
        assert sum(row["launches"] for row in counts) == total
        unknown_ones = [row for row in counts if row[choice.column] == "unknown"]
        assert sum(row["launches"] for row in unknown_ones) == of_2025
    so_far = launches_page.cumulative(view).to_dict()["description"]
    counts = re.findall(r"(?:at least )?(\d+)[,.]", so_far.partition(": ")[2].partition(": ")[2])
    assert sum(map(int, counts)) == flown


def data_of(chart: Any) -> list[dict[str, Any]]:
    """Return the rows of a chart."""
    (rows,) = chart.to_dict()["datasets"].values()
    return rows


def test_a_chart_without_bars_has_no_legend(sampled: Settings) -> None:
    values = {"rocket": "Falcon 1", "pad": "CCSFS SLC 40"}
    view = View(PublishedDatabase(sampled.database), launches_page.PAGE.filters, values)
    bars = launches_page.mass(view).to_dict()["layer"][1]
    assert bars["encoding"]["color"]["legend"] is None  # an empty one is endlessly high
