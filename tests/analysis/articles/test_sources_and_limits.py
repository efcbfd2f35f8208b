"""The sources of a report: all that have a part in its figures."""

from pathlib import Path

import pandas as pd

from spacex.analysis.articles.sources_and_limits import origin
from spacex.warehouse.connection import writing
from spacex.warehouse.views import apply_views
from tests.example_rows import insert_row


def sources(folder: Path, satellites: pd.DataFrame | None = None) -> dict[str, str]:
    """Return what the sources of decays cover: SATCAT in part, GCAT launches only."""
    path = folder / "starlink.db"
    with writing(path) as connection:
        apply_views(connection)
        insert_row(connection, "_runs", loaded_utc="2025-06-20T00:00:00Z")
        for source in ("satcat", "gcat", "launchlibrary"):
            kept = {"checked_utc": "2025-06-20T00:00:00Z", "retrieved_utc": "2025-06-20T00:00:00Z"}
            insert_row(
                connection, "_snapshots", source=source, path=source, endpoint="launches", **kept
            )
        for number in range(1, 31):
            decayed = {"is_decayed": 1, "decay_date": "2025-06-06", "launch_date": "2025-01-01"}
            insert_row(connection, "starlink", norad_cat_id=number, **decayed)
            if number <= 2:
                known = {"source": "satcat", "observed_utc": "2025-06-20T00:00:00Z"}
                known |= {"is_starlink": 1, "catalogue_id": f"{number}", "norad_cat_id": number}
                insert_row(connection, "catalogue_objects", **decayed, **known)
        flown = {"source": "gcat", "is_upcoming": 0, "date_precision": "day"}
        for day in ("2025-01-01", "2025-01-09"):
            dated = {"launch_id": day, "date_utc": f"{day}T00:00:00Z"}
            insert_row(connection, "launches", **dated)
            insert_row(connection, "launch_sources", **flown, **dated, source_launch_id=day)
    found = origin(path, "decays", satellites=satellites)
    assert len(found.names) == len(found.sources)
    return dict(zip(found.names, found.sources["covers"], strict=True))


def test_a_part_of_a_catalogue_is_a_source_of_decays(tmp_path: Path) -> None:
    found = {name: text.replace("\xa0", " ") for name, text in sources(tmp_path).items()}
    assert found == {"satcat": "decays of some satellites: 1 January to 6 June 2025"}


def test_the_sources_of_the_dates_of_satellites_are_named(tmp_path: Path) -> None:
    dated = {"launch_date_source": ["gcat", "launch facts", None], "decay_date_source": "satcat"}
    found = sources(tmp_path, pd.DataFrame(dated))
    assert found.keys() == {"satcat", "gcat"}
    assert found["gcat"].startswith("launches: ")
