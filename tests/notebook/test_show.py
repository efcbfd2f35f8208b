"""Tables and cards in notebooks."""

import pandas as pd

from spacex.notebook import show


def test_years_are_not_grouped_and_numbers_are() -> None:
    frame = pd.DataFrame(
        {
            "year": ["2021"],
            "flown_year": [2022],
            "launch_year": [2020.0],
            "known_year": [float("nan")],
            "satellites": [2022],
        }
    )
    cells = show.table(frame).data.split("<tbody>")[1]
    assert all(f">{year}<" in cells for year in (2020, 2021, 2022))
    assert ">–<" in cells
    assert ">2,022<" in cells
