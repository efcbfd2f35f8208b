"""Tables and cards in notebooks."""

import pandas as pd

from spacex.notebook import show


def test_years_are_not_grouped_and_numbers_are() -> None:
    frame = pd.DataFrame({"year": [2022], "launch_year": [float("nan")], "satellites": [2022]})
    cells = show.table(frame).data.split("<tbody>")[1]
    assert ">2022<" in cells
    assert ">–<" in cells
    assert ">2,022<" in cells
