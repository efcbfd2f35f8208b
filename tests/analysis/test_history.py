"""Caveats of a history, and the launches that several GP lists have."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest

from spacex.analysis.history import history_caveat, latest_launch_altitudes
from spacex.settings import command
from spacex.warehouse.connection import writing
from spacex.warehouse.views import apply_views
from tests.example_rows import insert_row

IMPORT = command("import-snapshots", "FOLDER")


@pytest.mark.parametrize(
    ("days", "caveat"),
    [
        ([], f"No GP list is loaded. Run `{IMPORT}` to load older ones."),
        ([1], "Only one GP list is loaded, of 2025-05-01. A comparison needs two."),
        (range(1, 10), "9 GP lists are loaded, of 2025-05-01 to 2025-05-09, up to 1 d apart. "),
        (range(1, 11), ""),
        ([*range(1, 10), 19], ""),
        (
            [*range(1, 10), 20],
            "10 GP lists are loaded, of 2025-05-01 to 2025-05-20, up to 11 d apart. ",
        ),
    ],
    ids=["none", "one", "few", "enough", "gap of ten days", "gap of eleven days"],
)
def test_sparse_history_has_a_caveat(days: Iterable[int], caveat: str) -> None:
    lists = pd.DataFrame({"observed_utc": [f"2025-05-{day:02d}T12:00:00Z" for day in days]})
    missing = (
        "Satellites listed only between two of them are missing, and changes are dated to the gap."
    )
    assert history_caveat(lists) == caveat + missing * caveat.endswith("apart. ")


def test_latest_launches_are_those_of_several_lists(tmp_path: Path) -> None:
    """The newest launch is in one list only."""
    path = tmp_path / "starlink.db"
    with writing(path) as connection:
        apply_views(connection)
        for launch, days in {"2026-001": 2, "2026-002": 3, "2026-003": 2, "2026-004": 1}.items():
            for day in range(3, 3 - days, -1):
                observed = f"2026-02-0{day}T00:00:00Z"
                insert_row(
                    connection,
                    "_launch_altitudes",
                    launch_designator=launch,
                    observed_utc=observed,
                )
    found = latest_launch_altitudes(path, 2)
    assert found[["launch_designator", "observed_utc"]].to_numpy().tolist() == [
        *(["2026-002", f"2026-02-0{day}T00:00:00Z"] for day in (1, 2, 3)),
        *(["2026-003", f"2026-02-0{day}T00:00:00Z"] for day in (2, 3)),
    ]
