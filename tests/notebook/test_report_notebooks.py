"""The notebooks of the reports made to order: each runs with its defaults on any database."""

import re
from html import unescape
from pathlib import Path

import nbformat
import pytest

from spacex.notebook.runner import execute
from spacex.settings import PROJECT, Settings

REPORTS = PROJECT / "notebooks" / "reports"
FACTS = {
    "booster": {
        "sampled": [
            "B1067 has flown 31 times, from 3 June 2021 to 19 October 2025.",
            "It landed 6 times; of 25 flights the landing is not recorded.",
            "31 flights 6 landings, of 6 known attempts",
            "No source covers landings after 5 October 2022, when it made 25 flights.",
        ],
        "recorded_settings": [
            "B1058 has flown 14 times, from 30 May 2020 to 11 September 2022. It landed 14 times.",
            "By the flights known, none of 74 other boosters has flown as often.",
        ],
    },
    "fleet": {
        "sampled": [
            "This is the bundled sample: its fleet is simulated. On 22 August 2026, at least 1,575",
            "By their orbits, 1,527 are operational and 48 raising, in 6 shells.",
            "In the 365 days before, at least 441 catalogued ones were launched and at least 70",
            "365 days catalogued at least 441 0 70 – 0 365 365 –",
            "43.00° 530 km 539 539 5 of 28, uncertain",
        ],
        "recorded_settings": [
            "On 17 October 2021, at least 1,673 Starlink satellites are in orbit, of 1,791",
            "at least 1,016 catalogued ones were launched and at least 65 lost",
            "53.05° 547 km 1,460 1,460 72 of 72",
            "No list or catalogue covers 14 of the 365 days before.",
        ],
    },
    "launch": {
        "sampled": [
            (
                "Simulated launch 976, launch 2026-976, is known by its satellites, launched on "
                "11 July 2026."
            ),
            "By data to 22 August 2026, 3 of its Starlink satellites are in orbit.",
            "How many of its satellites are lost is not known",
            "No launch of the loaded sources has its designator: name, rocket and site are not",
        ],
        "recorded_settings": [
            "Crew-5 flew on 5 October 2022 on a Falcon 9 from KSC LC 39A and succeeded.",
            "It carried Crew-5.",
            "No Starlink satellite of it is catalogued.",
        ],
    },
    "satellite": {
        "sampled": [
            (
                "SIMULATED-2800 (number 201800) was launched on 11 July 2026 with "
                "simulated launch 976."
            ),
            "it was at a mean altitude of 359 km and raising; now it is not known.",
            "There are no two element sets of it",
        ],
        "recorded_settings": [
            "STARLINK-3059 (number 49181) was launched on 14 September 2021 with Starlink 2-1",
            "On 17 October 2021, the date of its newest elements, it was at a mean altitude of",
        ],
    },
    "place": {
        "sampled": [
            "its orbits are simulated, and so are these passes. The newest orbits are of 22 August",
            "too old for tonight: shown are the nights after 22 August 2026.",
            "From Berlin, 1,406 Starlink passes in 3 nights are in sunlight and a dark sky: ",
            "Times are those of Europe/Berlin.",
        ],
        "recorded_settings": [
            "The newest orbits are of 17 October 2021, too old for tonight",
            "The naked eye sees to about 6.5 in a dark place, and to 4 in a town.",
        ],
    },
    "week": {
        "sampled": [
            "From 15 to 21 August 2026, no launch is known, but no source covers them all.",
            "Catalogued satellites: at least 2 decayed; at least 1,577 are in orbit at the end.",
            "No source covers the launches, landings, satellites launched and decays of 15 to 21",
            "– boosters landed – catalogued satellites launched at least 2 catalogued",
        ],
        "recorded_settings": [
            "From 28 September to 4 October 2022, no launch flew.",
            "Which satellites came and went, no list or catalogue says.",
            "No source covers the satellites launched and decays of 28 September to 4 October",
        ],
    },
}
"""Report → fixture with the database → sentences and numbers on its page."""


def text(notebook: Path) -> str:
    """Return the visible text of the outputs, whitespace collapsed."""
    cells = nbformat.read(notebook, as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    assert [each for each in outputs if each["output_type"] in {"stream", "error"}] == []
    html = " ".join(each["data"].get("text/html", "") for each in outputs)
    return " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())


@pytest.mark.parametrize(
    ("name", "database"), [(name, each) for name, facts in FACTS.items() for each in facts]
)
def test_a_report_says_what_the_data_say(
    name: str,
    database: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings: Settings = request.getfixturevalue(database)
    monkeypatch.setenv("SPACEX_DATA_DIR", str(settings.data_dir))
    shown = text(execute(REPORTS / f"{name}.ipynb", tmp_path, {}).notebook)
    assert [fact for fact in FACTS[name][database] if fact not in shown] == []
    assert "Source Data to Checked Covers" in shown
    assert ("The Starlink fleet is simulated" in shown) is (database == "sampled")
