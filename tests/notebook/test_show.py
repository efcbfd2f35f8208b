"""Tables and cards in notebooks."""

import pandas as pd
import pytest

from spacex.analysis.source_coverage import IN_PART
from spacex.notebook import charts, show


def test_years_are_not_grouped_and_numbers_are() -> None:
    frame = pd.DataFrame({"year": ["2021", 2022], "launch_year": [2020.0, None], "per_year": 2022})
    cells = show.table(frame).data.split("<tbody>")[1]
    assert all(f">{text}<" in cells for text in ("2020", "2021", "2022", "2,022", "–"))


@pytest.mark.parametrize(("most", "below"), [(1, "The first 1 of 2."), (2, ""), (None, "")])
def test_a_table_that_is_cut_says_so(most: int | None, below: str) -> None:
    shown = show.table(pd.DataFrame({"name": ["A", "B"]}), most=most).data
    assert (">B<" in shown) is (below == "")
    assert shown.endswith(f"<p><em>{below}</em></p>" if below else "</div>")


def test_years_without_coverage_have_a_label_and_years_covered_in_part_pale_bars() -> None:
    launches = pd.DataFrame({"year": [2024, 2025], "outcome": "success", "launches": [134, 152]})
    gaps = pd.DataFrame(
        {"year": [2025, 2026], "coverage": [IN_PART, "none"], "seen_in_orbit": [0, 76]}
    )
    drawn = charts.launches_by_year(launches, gaps).to_dict()
    _, bars, *labels = drawn["layer"]
    assert bars["encoding"]["fillOpacity"]["condition"]["test"] == {
        "field": "year",
        "oneOf": [2025],
    }
    labelled = {
        each["mark"]["text"]: [row["year"] for row in drawn["datasets"][each["data"]["name"]]]
        for each in labels
    }
    assert labelled == {"not covered": [2026], "part": [2025]}
