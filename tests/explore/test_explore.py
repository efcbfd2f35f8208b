"""Exploration notebooks: each runs offline with its defaults and shows known facts."""

import gzip
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import altair as alt
import nbformat
import pandas as pd
import pytest

from spacex.notebook import charts
from spacex.notebook.runner import execute
from spacex.settings import PROJECT, Settings
from tests import stages
from tests.clock import Clock
from tests.conftest import NOBODY_HOME
from tests.replica import Replica
from tests.service_replicas import CelesTrak

pytestmark = pytest.mark.long

FOLDER = PROJECT / "notebooks" / "explore"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
FACTS = {
    "launches_and_boosters": [
        "584 Orbital launches (2006–2024, part of 2025, 5 failed; not counted: 11 suborbital,",
        "1 lost on the pad, 76 seen in orbit only, of 2025–2026)",
        "149 Booster landings (of 162 attempts; not known of 426 flights)",
        "531 longest wait, days COTS 2 it ended with",
        "B1067 31 Starlink Group 10-17",
        "Amos-6 2016-09-01",
    ],
    "fleet_and_shells": [
        "1,575 satellites in orbit",
        "53.00° 550 km 53.0029 549.982 94",
        "28 planes found",
        "1 concentration at one instant",
    ],
    "orbits_and_passes": [
        "1,575 satellites in orbit",
        "2026-08-22 11:39 shown from (UTC)",
        "mean_motion_rev_per_day rev/d",
        "95.86 minutes for a revolution 24 degrees the Earth turns",
        "visible object_name culmination",
    ],
    "forecasts": [
        "215 forecasts 203 over 172 had what happened",
        "2022 12 8 47.6 76.3",
        "2020-01 2020-12",
        "3 days",
    ],
    "history_and_change": [
        "0 GP lists the fleet simulated",
        "No GP list is loaded. Run `.venv/bin/spacex import-snapshots FOLDER` to load older ones.",
        "Nothing to compare.",
        "How launches climbed needs lists.",
        "Which satellites sink needs a list.",
        "No space weather is known of the time: nothing to compare with.",
        "How fast the fleet is renewed needs two lists.",
        "2021 31 0 0 0 no 100 2021-01-01T00:00:00Z 2022-01-01T00:00:00Z 31 21.063 44.002",
        "2025 152 5 0 0 yes 90.8986 2025-01-01T00:00:00Z 2025-11-28T18:43:00Z 167.219",
    ],
    "question_to_report": [
        "500 flights of used boosters 500 with a known rest 50 boosters",
        "B1088 4 NROL-57 2025-03-21T06:43:00Z 9.15",
        "2025 146 31 37 51",
        "In 2018, half of 13 flights followed within 172 days. In 2025, half of 146 flights",
    ],
    "sql_cookbook": [
        "2025-05 17 17",
        "B1067 31 31 6 25 2021-06-03",
        "VAFB SLC 4E Jason 3 2016-01-17 840",
        "Launches with three boosters: 11",
    ],
}
PICTURES = {  # with those of the solutions
    "launches_and_boosters": 6,
    "fleet_and_shells": 8,
    "forecasts": 3,
    "history_and_change": 2,
    "orbits_and_passes": 5,
    "question_to_report": 1,
    "sql_cookbook": 2,
}

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.fixture
def executed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Run a notebook on a data folder, from another folder and offline."""

    def run(path: Path, settings: Settings, **parameters: object) -> Path:
        monkeypatch.setenv("SPACEX_DATA_DIR", str(settings.data_dir))
        for proxy in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(proxy, NOBODY_HOME)
        monkeypatch.chdir(tmp_path)
        return execute(path, tmp_path / "out", parameters).notebook

    return run


def solutions(path: Path) -> list[str]:
    """Return the code of the solutions to the exercises of a notebook."""
    text = (FOLDER / "solutions" / f"{path.stem}.md").read_text()
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


def with_solutions(path: Path, folder: Path) -> Path:
    """Write a copy of a notebook that ends in its solutions, as the solutions tell; return it."""
    book = nbformat.read(path, as_version=4)
    book.cells += [nbformat.v4.new_code_cell(code) for code in solutions(path)]
    nbformat.write(book, folder / path.name)
    return folder / path.name


def outputs(notebook: Path) -> list[nbformat.NotebookNode]:
    cells = nbformat.read(notebook, as_version=4).cells
    return [output for cell in cells for output in cell.get("outputs", [])]


def html(notebook: Path) -> str:
    return " ".join(o["data"].get("text/html", "") for o in outputs(notebook) if "data" in o)


def text(notebook: Path) -> str:
    """Return the visible text without pictures, whitespace collapsed."""
    return " ".join(unescape(re.sub("<[^>]+>", " ", html(notebook))).split())


def pictures(notebook: Path) -> list[str]:
    """Return the text alternatives of the pictures."""
    return re.findall("<img alt='([^']*)'", html(notebook))


def test_every_notebook_has_facts():
    assert [path.stem for path in NOTEBOOKS] == sorted(FACTS)


@every_notebook
def test_sample_facts_and_the_note_on_simulation_are_shown(path, sampled, executed, tmp_path):
    notebook = executed(with_solutions(path, tmp_path), sampled)
    shown = text(notebook)
    assert [fact for fact in FACTS[path.stem] if fact not in shown] == []
    assert "The Starlink fleet is simulated" in shown
    assert "simulated orbits) data to 22 Aug 2026 " in shown
    assert "the fleet simulated" in shown
    assert [o for o in outputs(notebook) if o["output_type"] in {"stream", "error"}] == []
    assert len(pictures(notebook)) == PICTURES[path.stem]
    assert "Chart" not in pictures(notebook), "a picture without a description"


def test_the_fleet_of_2021_has_the_published_shell_and_planes(recorded_settings, executed):
    """Published: 1,584 satellites at 53° in 72 planes (FCC order 19-342, April 2019)."""
    shown = text(executed(FOLDER / "fleet_and_shells.ipynb", recorded_settings))
    assert "r/SpaceX API v4 (archive 2006-2022) data to 5 Oct 2022 16:00 UTC (" in shown
    assert "nothing simulated" in shown
    assert (
        "53.05° 547 km shell 72 planes found 72 planes occupied 0.543 concentration as stored 0.991"
        in shown
    )


def test_the_chart_of_climbs_has_every_satellite():
    """Two launches of one day stay two, and satellites without a launch count as well."""
    cells = nbformat.read(FOLDER / "fleet_and_shells.ipynb", as_version=4).cells
    (source,) = (cell.source for cell in cells if cell.source.startswith("climb = "))
    launches = ["2026-001", "2026-002", None, None]
    fleet = {"launch_designator": launches, "from_date": "2026-01-05", "altitude_km": 549.0}
    names = {"satellites": pd.DataFrame(fleet), "alt": alt, "charts": charts, "wide": 100}
    exec(source, names)  # noqa: S102
    assert names["climb"].to_numpy().tolist() == [
        ["2026-001", 550.0, "2026-01-05", 1],
        ["2026-002", 550.0, "2026-01-05", 1],
        ["unknown", 550.0, "2026-01-05", 2],
    ]
    assert names["title"] == "4 satellites by launch and altitude"


@pytest.fixture
def two_gp_lists(recorded_dir: Path, settings: Settings) -> Settings:
    """Settings of a folder whose database contains two recorded GP lists."""
    with (
        Clock("2025-05-18") as clock,
        Replica(recorded_dir / "spacexdata") as archive,
        CelesTrak() as celestrak,
    ):
        urls = {"base_url": archive.url, "celestrak_url": celestrak.gp_url}
        used = stages.at(settings, sources="spacexdata,celestrak", **urls)
        for day in ("2025-05-18", "2025-05-25"):
            clock.set(day)
            path = recorded_dir / "celestrak" / f"starlink_{day}.json.gz"
            celestrak.publish(gzip.decompress(path.read_bytes()))
            stages.publish(used, "auto", day)
    return used


def test_the_history_of_two_gp_lists_is_shown(two_gp_lists, executed, tmp_path):
    path = with_solutions(FOLDER / "history_and_change.ipynb", tmp_path)
    notebook = executed(path, two_gp_lists, launch="2019-029")
    shown = text(notebook)
    assert "2 GP lists nothing simulated" in shown
    assert "2025-05-25T12:00:00Z 7,483 54 5 2025-05-18T12:00:00Z" in shown
    assert "celestrak unlisted 2025-05-18T12:00:00Z 2025-05-25T12:00:00Z 5" in shown
    assert "54 newly listed 5 newly unlisted 7,458.5 mean fleet" in shown
    assert "2 GP lists are loaded, of 2025-05-18 to 2025-05-25, up to 7 d apart" in shown
    assert len(pictures(notebook)) == 4
    assert "no GP list has it" in shown  # of the chosen launch, for the climb


def test_a_booster_can_be_selected(sampled, executed):
    notebook = executed(FOLDER / "launches_and_boosters.ipynb", sampled, serial="B1051")
    assert "B1051 1 CCtCap Demo Mission 1 2019-03-02" in text(notebook)


def test_a_question_without_data_has_no_answer(sampled, executed):
    shown = text(executed(FOLDER / "question_to_report.ipynb", sampled, since=2100))
    assert "Too few flights for an answer." in shown


def test_a_place_without_passes_has_an_empty_sky(sampled, executed):
    """At the pole, no satellite of the sample rises above 40°."""
    path = FOLDER / "orbits_and_passes.ipynb"
    assert "visible None." in text(executed(path, sampled, latitude_deg=-90.0, hours=1.0))


@every_notebook
def test_typed_and_commented_parameters_precede_the_imports(path):
    code = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    parameters, imports, *rest = code
    assert parameters.metadata["tags"] == ["parameters"]
    for line in parameters.source.splitlines():
        assert re.fullmatch(r"\w+: (str|int|float|bool) = .+  # .+", line)
    assert imports.source.startswith("import ")
    for cell in rest:
        assert not re.search(r"^(import|from) ", cell.source, re.MULTILINE)


@every_notebook
def test_every_exercise_has_a_solution(path):
    exercises = nbformat.read(path, as_version=4).cells[-1].source
    solved = (FOLDER / "solutions" / f"{path.stem}.md").read_text()
    assert re.findall(r"^## (\d+)\. ", solved, re.M) == re.findall(r"^(\d+)\. ", exercises, re.M)


@every_notebook
def test_the_last_cell_has_exercises_with_hints(path):
    last = nbformat.read(path, as_version=4).cells[-1]
    assert last.cell_type == "markdown"
    assert last.source.startswith("## Exercises")
    assert last.source.count("*Hint:*") >= 4
