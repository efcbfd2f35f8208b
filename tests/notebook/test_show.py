"""Tables and cards in notebooks."""

import re
import warnings

import pandas as pd
import pytest

from spacex.analysis.articles.words import NBSP
from spacex.analysis.key_figures import KeyFigure, key_figures
from spacex.analysis.quality import AGE, FINDING, REJECTS, Quality
from spacex.analysis.source_coverage import IN_PART
from spacex.errors import DataWarning
from spacex.notebook import charts, show
from spacex.notebook.chart_style import BLUE, RED
from spacex.schema import TABLES
from spacex.settings import Settings
from spacex.transform import TidyTable


def nov(day: int) -> str:
    """Return a date as tables show it, without a place to break the line."""
    return f"{day}{NBSP}Nov{NBSP}2026"


def test_years_are_not_grouped_and_numbers_are() -> None:
    frame = pd.DataFrame({"year": ["2021", 2022], "launch_year": [2020.0, None], "per_year": 2022})
    cells = show.table(frame).data.split("<tbody>")[1]
    assert all(f">{text}<" in cells for text in ("2020", "2021", "2022", "2,022", "–"))


def test_typed_values_are_shown_like_those_of_the_database() -> None:
    instants = pd.to_datetime(["2026-08-22T12:00:00.5Z", None], utc=True)
    values = {"date_utc": instants, "day": pd.to_datetime(["2026-08-22", None])}
    values |= {"n": pd.array([1234, None], "Int64"), "is_new": pd.array([True, None], "boolean")}
    rows = re.findall("<td[^>]*>(.*?)</td>", show.table(pd.DataFrame(values)).data)
    shown = [re.sub("<[^>]+>", "", cell) for cell in rows]
    assert shown == ["2026-08-22T12:00:00Z", "2026-08-22", "1,234", "yes", *"––––"]


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


def test_a_labelled_table_has_units_and_plain_dates() -> None:
    frame = pd.DataFrame(
        {
            "launch_designator": ["2026-001"],
            "checked_utc": ["2026-11-25T12:00:07Z"],
            "altitude_km": [540.0],
            "launch_year": [2026],
        }
    )
    shown = show.labelled(frame).data
    assert re.findall(r"<th[^>]*>([^<]+)", shown) == [
        "Launch designator", "Checked", "Altitude", "Launch year"
    ]  # fmt: skip
    assert re.findall(r"opacity:.7'>([^<]+)", shown) == ["UTC", "km"]
    assert re.findall(r"<td[^>]*>(?:<span[^>]*>)?([^<]+)", shown) == [
        "2026-001", f"{nov(25)} 12:00", "540", "2026"
    ]  # fmt: skip


def test_a_labelled_table_names_sources_and_tables_in_words_and_links_to_responses() -> None:
    frame = pd.DataFrame(
        {
            "source": ["celestrak", "another"],
            "table_name": ["starlink_elements", "_runs"],
            "rows_in": [5, 6],
            "day": ["2026-11-05", "2026-02-30"],
            "url": ["https://celestrak.org/gp?a=1&b=2", "javascript://x/alert(1)"],
        }
    )
    shown = show.labelled(frame).data
    assert re.findall(r"<th[^>]*>([^<]+)", shown) == ["Source", "Table", "In", "Day", "Response"]
    cells = [re.sub("<[^>]+>", "", each) for each in re.findall("<td[^>]*>(.*?)</td>", shown)]
    assert cells[:5] == ["CelesTrak", "starlink elements", "5", nov(5), "celestrak.org"]
    assert cells[5:] == ["another", "runs", "6", "2026-02-30", "x"]
    assert re.findall("href='([^']+)'", shown) == ["https://celestrak.org/gp?a=1&amp;b=2"]


def test_a_long_text_is_not_squeezed_into_a_column_of_words() -> None:
    shown = show.table(pd.DataFrame({"a": ["x" * 24], "b": ["x " * 13], "n": [1]})).data
    styles = re.findall("<td style='([^']+)'>", shown)
    assert ["min-width" in each for each in styles] == [False, True, False]


def test_the_first_rows_of_a_table_have_words_units_and_numbers_that_are_names() -> None:
    table = TABLES["starlink_elements"]
    columns = ["norad_cat_id", "epoch_utc", "raan_deg", "period_min"]
    frame = pd.DataFrame([[123456, "2026-11-05T12:00:07.5Z", 5.8, 88.1]], columns=columns)
    shown = show.head(TidyTable(table, "starlink", "celestrak", frame, 1, []), columns).data
    assert re.findall(r"<th[^>]*>([^<]+)", shown) == [
        "Catalogue number", "Epoch", "Ascending node", "Period"
    ]  # fmt: skip
    assert re.findall(r"opacity:.7'>([^<]+)", shown) == ["°", "min"]
    assert re.findall(r"<td[^>]*>([^<]+)", shown) == ["123456", f"{nov(5)} 12:00", "5.8", "88.1"]


def test_a_long_table_is_folded_and_the_list_of_contents_can_open_it() -> None:
    frame = pd.DataFrame({"n": range(21)})
    assert "<details>" not in show.labelled(frame[:20]).data
    folded = show.labelled(frame, heading="Its flights").data
    assert folded.startswith("<details><summary>21 rows</summary>")
    assert "<div class='folded' id='Its-flights-open'>" in folded
    assert "<details>" not in show.labelled(frame, most=20).data


def test_findings_are_marked_by_severity() -> None:
    frame = pd.DataFrame(
        {
            "severity": ["error", "info"],
            "table_name": ["launches", "starlink"],
            "message": ["<b>1</b>", "2"],
            "examples": ["A", "B"],
            "check_name": ["no <b>", "two"],
            "what_to_do": ["Look.", ""],
        }
    )
    shown = show.findings(frame).data
    assert "<span id='finding-no-b-' style='white-space:nowrap'>" in shown
    assert f"{RED}'>●</span> error" in shown
    assert f"{BLUE}'>●</span> info" in shown
    assert "&lt;b&gt;1" in shown
    assert "Look." in shown
    assert "launches" not in shown
    assert "found nothing to note" in show.findings(frame[:0]).data


def test_the_quality_says_what_to_do_and_links_to_the_details_on_the_pages_of_the_stages() -> None:
    rows = [
        Quality("warning", FINDING, "3 <b>names</b> are shared.", "Use numbers.", "shared names"),
        Quality("warning", REJECTS, "2 records were rejected.", "Look."),
        Quality("in order", AGE, "All are fresh."),
        Quality(
            "info",
            FINDING,
            "Known since 2026-11-05T12:00:00Z, and to 2026-11-06.",
            "",
            "known",
        ),
    ]
    shown = show.quality(pd.DataFrame(rows, columns=Quality._fields)).data
    table, facts = shown.split("<details>")
    assert re.findall("●</span> ([a-z ]+)<", table) == ["warning", "warning", "in order"]
    assert "Use numbers." in table
    assert "&lt;b&gt;names" in table
    assert re.findall("href='([^']+)'", table) == [
        "30_load.html#finding-shared-names",
        "20_transform.html#Rejected-records",
        "30_load.html#Age-of-the-data",
    ]
    assert facts.startswith("<summary>1 fact to know</summary>")
    assert f"Known since {nov(5)} 12:00, and to {nov(6)}." in facts


def test_a_link_leads_to_the_web_or_to_a_page_only() -> None:
    assert show.link("a", "javascript:alert(1)").data == "a"
    assert show.link("<", "page.html#x'y").data == "<a href='page.html#x&#x27;y'>&lt;</a>"


def test_a_notice_shows_the_host_of_an_address_as_a_link() -> None:
    shown = show.notice(
        "https://celestrak.org/gp.php?GROUP=starlink&FORMAT=json cannot be reached.\n"
        "See http://127.0.0.1:9. Or https://a.org/b/c.\nhttp://x'onclick='alert/ is down."
    ).data
    assert re.findall("href='([^']+)'>([^<]+)<", shown) == [
        ("https://celestrak.org/gp.php?GROUP=starlink&amp;FORMAT=json", "celestrak.org"),
        ("http://127.0.0.1:9", "127.0.0.1:9"),
        ("https://a.org/b/c", "a.org"),
        ("http://x&#x27;onclick=&#x27;alert/", "x&#x27;onclick=&#x27;alert"),
    ]
    assert "overflow-wrap:anywhere" in shown


def test_a_key_figure_that_has_changed_shows_its_value_before() -> None:
    figures = [KeyFigure(name, "2", "of 3") for name in ("same", "other", "new")]
    shown = show.key_figures(figures, {"same": "2", "other": "1"}).data
    assert re.findall(r">([a-z]+ \(of 3\)[^<]*)<", shown) == [
        "same (of 3)", "other (of 3); 1 in the report before", "new (of 3)"
    ]  # fmt: skip


def test_short_text_stays_in_one_line() -> None:
    shown = show.table(
        pd.DataFrame({"name": ["SIMULATED-10704", "x" * 24, "y" * 25], "n": [1, 2, 3]})
    ).data
    assert shown.count("white-space:nowrap") == 2


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a notebook on the sample displays."""
    found: list[str] = []
    monkeypatch.setattr(show, "display", lambda *parts: found.extend(each.data for each in parts))
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    return found


@pytest.mark.usefixtures("door")
@pytest.mark.filterwarnings("ignore::spacex.errors.DataWarning")
def test_a_notebook_begins_with_the_key_figures_of_the_report(
    sampled: Settings, shown: list[str]
) -> None:
    assert show.start() == sampled.database
    text = "".join(shown)
    figures = {each.name: each.value for each in key_figures(sampled.database)}
    for name in ("Orbital launches", "Satellites in orbit"):
        assert f">{figures[name]}</div><div style='opacity:.75'>{name.lower()}<" in text
    assert "launches flown" not in text
    assert not re.search(r"\d{4}-\d\d-\d\dT\d\d", text)


@pytest.mark.usefixtures("door")
def test_a_report_shows_nothing_before_its_sentence_and_no_folder(
    sampled: Settings, shown: list[str]
) -> None:
    assert show.start(quiet=True) == sampled.database
    assert shown == []
    warning = DataWarning(f"{sampled.database} is the bundled sample: its fleet is simulated.")
    warnings.showwarning(warning, DataWarning, "", 0)
    assert ">starlink.db is the bundled sample" in shown[0]


def test_a_notice_has_instants_as_people_write_them() -> None:
    shown = str(show.notice("Paused until 2026-11-29T23:24:30Z; of 2026-11-29").data)
    assert "Paused until 29 November 2026, 23:24 UTC; of 2026-11-29" in shown
