"""Facts of Starlink launches, bundled for satellites that no catalogue of a run knows.

They are drawn up from GCAT (CC BY 4.0): McDowell, Jonathan C., General Catalog of Artificial Space
Objects, https://planet4589.org/space/gcat.
"""

import csv
from importlib.resources import files

FACTS = "launch facts"
"""The source of an attribute that comes from these facts."""


def starlink_launches() -> list[dict[str, str | None]]:
    """Return one record per launch to 2025-11-28, with the keys of the columns.

    Returns:
        `launch_designator`, `launch_date`, and `version`: that of the satellites without a tag in
        their name, None if the launch has several.
    """
    text = files(__package__).joinpath("facts/starlink_launches.csv").read_text("utf-8")
    return [
        {name: value or None for name, value in row.items()}
        for row in csv.DictReader(text.splitlines())
    ]
