"""Write the static edition of the published database."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from spacex.analysis import queries
from spacex.analysis.articles.satellite import find_satellite
from spacex.analysis.feeds import FEEDS
from spacex.analysis.releases.badge import BADGE, badge
from spacex.dashboard.app.feed_urls import FOLDER
from spacex.dashboard.app.header import TITLE
from spacex.dashboard.app.page_session import HEADING
from spacex.dashboard.pages import PAGES
from spacex.dashboard.pages.launch import launch_page
from spacex.dashboard.static_edition.data_files import data_file, json_script
from spacex.dashboard.static_edition.documents import (
    DOCS,
    REPORTS,
    Reports,
    document,
    documentation,
    feeds,
    pictures,
)
from spacex.dashboard.static_edition.folder import EditionFolder
from spacex.dashboard.static_edition.globe_frames import GlobeFrames
from spacex.dashboard.static_edition.layout import Layout
from spacex.dashboard.static_edition.links import SATELLITE_PAGE
from spacex.dashboard.static_edition.lives import Lives, shard, shell
from spacex.dashboard.static_edition.scripts import scripts
from spacex.dashboard.static_edition.search_index import search_index
from spacex.dashboard.static_edition.session_pages import LEFT_OUT, SessionPages, Shown
from spacex.dashboard.ui.assets import VERSION_VARIABLE
from spacex.dashboard.ui.globe_widget import GlobeWidget
from spacex.dashboard.ui.markup import Node, tag
from spacex.dashboard.ui.static_tree import Part
from spacex.notebook.temporary_folder import temporary_folder
from spacex.settings import Settings
from spacex.units import time_stopped, utc_instant
from spacex.warehouse.kept_connection import keep_connections

MOST_CHART_BYTES = 20_000
"""Largest dataset of a chart that is in the page itself."""

MOST_ROWS = 60
"""Most rows of a table that are in the page itself."""

Progress = Callable[[str], None]
"""Called with what is written next."""


@dataclass(frozen=True)
class Published:
    """An edition that was written.

    Attributes:
        run_id: the run that it is of.
        file_count: its files.
        byte_count: their size.
        written_count: those that were new or had changed.
        removed_count: those of the former edition that were removed.
    """

    run_id: str
    file_count: int
    byte_count: int
    written_count: int
    removed_count: int


def publish(settings: Settings, folder: Path, progress: Progress = lambda _: None) -> Published:
    """Write the static edition of the published database into a folder.

    All figures are of the instant at which the run was loaded, so that an edition of the same data
    is the same.

    Args:
        settings: where the data are.
        folder: the folder, which is missing, empty, or has an edition.
        progress: called with what is written next.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
        StorageError: the folder has other files, or cannot be written.
    """
    run = queries.run(settings.database)
    loaded = utc_instant(run["loaded_utc"])
    target = EditionFolder(folder, run["run_id"], run["loaded_utc"])
    with _kept_connection(), time_stopped(loaded), as_served():
        _Writer(settings, target, run, progress).write()
    removed = target.finish()
    size = sum((folder / each).stat().st_size for each in target.files)
    return Published(run["run_id"], len(target.files), size, target.written, removed)


@contextmanager
def _kept_connection() -> Iterator[None]:
    """Keep one connection, whose views are computed once for all pages."""
    keep_connections(temporary_folder())
    try:
        yield
    finally:
        keep_connections(None)


@contextmanager
def as_served() -> Iterator[None]:
    """Let pages link to downloads and feeds, as under the dashboard's server."""
    before = os.environ.get(VERSION_VARIABLE)
    os.environ[VERSION_VARIABLE] = "edition"
    try:
        yield
    finally:
        if before is None:
            del os.environ[VERSION_VARIABLE]
        else:
            os.environ[VERSION_VARIABLE] = before


class _Writer:
    """Writes an edition."""

    def __init__(
        self, settings: Settings, folder: EditionFolder, run: "pd.Series[Any]", progress: Progress
    ) -> None:
        self._settings, self._folder, self._progress = settings, folder, progress
        self._run = run
        self._scripts = scripts()
        self._feeds = dict(feeds(settings))
        media = {f"{FOLDER}/{name}": (each.media_type, each.title) for name, each in FEEDS.items()}
        self._layout = Layout(self._scripts, {name: media[name] for name in self._feeds})
        main = [page for page in PAGES if page.name not in LEFT_OUT and page.subject is None]
        files = {page.name: f"{page.name}.html" for page in main}
        self._main = {**files, main[0].name: "index.html"}
        self._database = settings.database
        self._lives = Lives.read(self._database)
        self._reports = Reports(settings, str(run["run_id"]))
        self._docs = documentation()
        beside = {*self._feeds, *self._reports.files, REPORTS, *self._docs}
        links = self._lives.links(self._main, launch_page.PAGE, self._database)
        self._links = replace(links, files=frozenset(beside))
        self._frames = GlobeFrames(self._database)
        self._describe: Callable[[int], str] | None = None
        self._pages = SessionPages(self._database, self._links, self._globe)

    def write(self) -> None:
        """Write all files: those first that others need."""
        self._announce()
        for each in self._scripts:
            self._folder.write(each.name, each.content)
        self._write_documents()
        index = search_index(self._database, self._lives)
        self._folder.write(data_file("search"), json_script("search", index))
        self._write_satellites()
        self._write_lives("booster", "booster", self._lives.boosters)
        self._write_lives("launch", "mission", self._lives.launches)
        shown = {}
        for name, file in self._main.items():
            self._progress(file)
            shown[file] = self._pages.show(f"page={name}")
        self._progress("the globe")
        for path, content in self._frames.files(self._describe or str):
            self._folder.write(path, content)
        for file, page in shown.items():
            self._write_page(file, page)

    def _announce(self) -> None:
        """Name the files, but for those of long tables, which are few."""
        satellites = (data_file(f"satellites/{each[0]}") for each in self._lives.shards())
        frames = (data_file(f"globe/{number}") for number in self._frames.numbers)
        lives = (*self._lives.launches.values(), *self._lives.boosters.values())
        scripts = (each.name for each in self._scripts)
        beside = self._links.files
        pages = (*self._main.values(), SATELLITE_PAGE)
        self._folder.announce([*beside, *scripts, *satellites, *frames, *lives, *pages])

    def _write_documents(self) -> None:
        """Write the feeds, the reports and the documentation."""
        self._progress("reports, feeds and the documentation")
        for name, content in (*self._feeds.items(), *self._reports.pages(), *pictures(self._docs)):
            self._folder.write(name, content)
        date = str(self._run["loaded_utc"])[:10]
        simulated = ", simulated sample" if self._run["is_simulated"] else ""
        self._folder.write(BADGE, badge("edition", f"{date}{simulated}"))
        self._write_prose(REPORTS, "Reports", self._reports.index())
        for name, path in self._docs.items():
            title, nodes = document(path, self._docs)
            self._write_prose(name, title, nodes)

    def _write_prose(self, file: str, title: str, nodes: list[Node]) -> None:
        """Write a page of text."""
        shown = self._pages.show(f"page={PAGES[0].name}", root="../")
        navigation = shown.head[-1]
        for each in navigation.nodes:
            _without_current(each)
        named = {"id": HEADING, "tabindex": "-1"}
        prose = Part(["grid"], parts=[Part(["panel", "wide", "prose"], nodes, attributes=named)])
        body = Part(["body"], parts=[Part(parts=[prose])])
        whole = replace(shown, title=f"{title} · {TITLE}", body=body)
        self._write_page(file, whole)

    def _write_satellites(self) -> None:
        numbers, done = self._lives.satellites, 0
        if not numbers:
            return
        firsts = []
        for each in self._lives.shards():
            self._progress(f"satellites, {done:,} of {len(numbers):,}")
            name = f"satellites/{each[0]}"
            self._folder.write(
                data_file(name), json_script(name, shard(self._pages, self._database, each))
            )
            firsts.append(each[0])
            done += len(each)
        page = self._pages.show("page=satellite")
        shell(page, firsts, int(find_satellite(self._database)))
        self._write_page(SATELLITE_PAGE, replace(page, title=f"Satellite · {TITLE}"))

    def _write_lives(self, page: str, choice: str, files: Mapping[str, str]) -> None:
        for number, (key, file) in enumerate(files.items()):
            if number % 20 == 0:
                self._progress(f"the page of each {page}, {number:,} of {len(files):,}")
            query = urlencode({"page": page, choice: key})
            self._write_page(file, self._pages.show(query, root="../"))

    def _write_page(self, file: str, shown: Shown) -> None:
        root = "../" * file.count("/")
        self._move_long_tables(file, shown.body)
        self._move_large_datasets(shown.body)
        footer = Part(["markup"], [*shown.footer.nodes, self._beside(root)])
        parts = [*self._with_edition(shown.head), shown.body, footer]
        self._folder.write(file, self._layout.page(shown.title, parts, root))

    def _move_long_tables(self, file: str, body: Part) -> None:
        """Write the rows of long tables into files of their own, which the page loads on demand."""
        tables = (part for part in body.all() if (part.drawing or {}).get("kind") == "rows")
        for number, part in enumerate(tables):
            drawing = dict(part.drawing or {})
            if len(drawing["rows"]) <= MOST_ROWS:
                continue
            name = f"tables/{file.removesuffix('.html')}-{number}"
            self._folder.write(data_file(name), json_script(name, drawing.pop("rows")))
            part.drawing = {**drawing, "file": name}

    def _move_large_datasets(self, body: Part) -> None:
        """Write large datasets of charts into files by their digests, which pages share."""
        for part in body.all():
            if (part.drawing or {}).get("kind") != "chart":
                continue
            drawing = dict(part.drawing or {})
            datasets = dict(drawing["datasets"])
            for name, columns in datasets.items():
                text = json.dumps(columns)
                if len(text) > MOST_CHART_BYTES:
                    datasets[name] = f"charts/{hashlib.sha256(text.encode()).hexdigest()[:16]}"
                    path = data_file(datasets[name])
                    if path not in self._folder.files:
                        self._folder.write(path, json_script(datasets[name], columns))
            part.drawing = {**drawing, "datasets": datasets}

    def _with_edition(self, head: list[Part]) -> list[Part]:
        """Return the head with the line that says of which run the edition is."""
        loaded = utc_instant(self._run["loaded_utc"])
        line = tag(
            "p",
            f"Edition of {loaded:%-d %B %Y, %H:%M} UTC, from run {self._run['run_id']}.",
            class_="edition",
            data_edition=self._run["loaded_utc"],
        )
        first, *rest = head
        return [Part(first.classes, [*first.nodes, line]), *rest]

    def _beside(self, root: str) -> Node:
        """Return the links to what an edition has beside the pages."""
        links = [tag("a", "Reports", href=f"{root}{REPORTS}")]
        if DOCS in self._docs:
            links.append(tag("a", "Documentation", href=f"{root}{DOCS}"))
        return tag("footer", tag("div", *links, class_="documents"), class_="beside")

    def _globe(self, widget: GlobeWidget) -> Mapping[str, Any]:
        self._describe = widget.describe
        return self._frames.drawing(widget)


def _without_current(node: Node) -> None:
    """Mark no link of the navigation as that of the page."""
    if not isinstance(node, str):
        node[1].pop("aria-current", None)
        for each in node[2:]:
            _without_current(each)
