"""Tables and cards in notebooks."""

import pandas as pd

from spacex.notebook import show


def test_years_are_not_grouped_and_numbers_are() -> None:
    frame = pd.DataFrame({"year": ["2021", 2022], "launch_year": [2020.0, None], "per_year": 2022})
    cells = show.table(frame).data.split("<tbody>")[1]
    assert all(f">{text}<" in cells for text in ("2020", "2021", "2022", "2,022", "–"))
