"""What an edition has beside the pages of the dashboard: reports, feeds and the documentation."""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from nbconvert.filters import markdown2html

from spacex.analysis.feeds import FEEDS
from spacex.dashboard.app.feed_urls import FOLDER as FEEDS_FOLDER
from spacex.dashboard.ui.markup import Node, tag
from spacex.notebook import live_charts
from spacex.notebook.reports.report_records import made_reports
from spacex.notebook.run_index import PAGES_OF_A_RUN
from spacex.settings import IN_CHECKOUT, PROJECT, Settings

REPORTS, DOCS = "reports/index.html", "docs/index.html"
MOST_REPORT_BYTES = 10_000_000
"""Most bytes of reports made to order, the newest first; each page has its own copy of Vega."""

_IMAGES = "images"
_HEAD = re.compile(rb"<head>")
_WITHOUT_END = frozenset(("br", "hr", "img", "input", "wbr"))
_ANCHOR = "anchor-link"
_DIRECTIVE = re.compile(r"^```\{.*?^```$", re.MULTILINE | re.DOTALL)


def feeds(settings: Settings) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the content of each feed that a run has written."""
    for name in FEEDS:
        path = settings.feeds_dir / name
        if path.is_file():
            yield f"{FEEDS_FOLDER}/{name}", path.read_bytes()


class Reports:
    """The pages of a run, and the reports made to order.

    Args:
        settings: the folders.
        run_id: the run.

    Attributes:
        files: the path of each page in the edition → its file.
        titles: the path of each page → its title.
    """

    def __init__(self, settings: Settings, run_id: str) -> None:
        self.files: dict[str, Path] = {}
        self.titles: dict[str, str] = {}
        folder = settings.runs_dir / run_id
        for name, title in PAGES_OF_A_RUN.items():
            self._add(folder / f"{name}.html", f"Run {run_id}: {title}")
        left = MOST_REPORT_BYTES
        for path, record in made_reports(settings.reports_dir):
            page = path / record.page
            if record.failure or not page.is_file():
                continue
            left -= page.stat().st_size
            if left >= 0:
                self._add(page, record.title)

    def _add(self, page: Path, title: str) -> None:
        if page.is_file():
            name = f"reports/{page.parent.name}/{page.name}"
            self.files[name], self.titles[name] = page, title

    def pages(self) -> Iterator[tuple[str, bytes]]:
        """Yield the path and the content of each page, with a policy for its scripts."""
        scripts = " ".join(f"'{each}'" for each in live_charts.script_digests())
        policy = (
            f"default-src 'none'; script-src {scripts}; img-src data:; "
            "style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'"
        )
        head = f'<head><meta http-equiv="Content-Security-Policy" content="{policy}">'.encode()
        for name, path in self.files.items():
            yield name, _HEAD.sub(lambda _: head, path.read_bytes(), count=1)

    def index(self) -> list[Node]:
        """Return the page that lists them."""
        if not self.titles:
            return [tag("h2", "Reports"), tag("p", "There are none.")]
        links = [
            tag("li", tag("a", title, href=f"../{name}")) for name, title in self.titles.items()
        ]
        return [tag("h2", "Reports"), tag("ul", *links)]


def documentation() -> Mapping[str, Path]:
    """Return the path of each page of the documentation → its source; none without a checkout."""
    sources = sorted((PROJECT / "docs").glob("*.md")) if IN_CHECKOUT else []
    return {f"docs/{path.stem}.html": path for path in sources}


def pictures(pages: Mapping[str, Path]) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the content of each picture of the documentation."""
    folder = PROJECT / "docs" / _IMAGES
    for path in sorted(folder.rglob("*.png")) if pages else ():
        yield f"docs/{_IMAGES}/{path.relative_to(folder).as_posix()}", path.read_bytes()


def document(path: Path, pages: Mapping[str, Path]) -> tuple[str, list[Node]]:
    """Return the title and the markup of a page of the documentation.

    Args:
        path: its source, in Markdown.
        pages: all pages.
    """
    text = path.read_text("utf-8")
    text = _DIRECTIVE.sub("", text)
    reader = _Reader(pages)
    reader.feed(markdown2html(text))
    nodes = reader.nodes
    if path.stem == "index":
        others = [each for each in pages if each != DOCS]
        listed = [tag("li", tag("a", _title(pages[o]), href=f"../{o}")) for o in others]
        nodes.append(tag("ul", *listed))
    return _title(path), nodes


def _title(path: Path) -> str:
    """Return the first heading of a source."""
    lines = path.read_text("utf-8").splitlines()
    return next((each[2:].strip() for each in lines if each.startswith("# ")), path.stem)


class _Reader(HTMLParser):
    """Reads HTML into markup, with links that lead to pages of the edition."""

    def __init__(self, pages: Mapping[str, Path]) -> None:
        super().__init__()
        self._pages = pages
        self._open: list[list[Node]] = [["", {}]]  # type: ignore[list-item]

    @property
    def nodes(self) -> list[Node]:
        """What was read."""
        return self._open[0][2:]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        attributes = {name: value or "" for name, value in attrs}
        is_anchor = attributes.get("class") == _ANCHOR
        name = "span" if is_anchor else tag
        address = self._address(attributes.get("href", ""))
        if "href" in attributes and (is_anchor or address is None):
            name, attributes = "span", {}
        elif address is not None and "href" in attributes:
            attributes["href"] = address
        if "id" in attributes:  # as links name headings
            attributes["id"] = re.sub(r"[^\w-]", "", attributes["id"].lower())
        node: list[Node] = [name, attributes]  # type: ignore[list-item]
        if not is_anchor:
            self._open[-1].append(node)
        if tag not in _WITHOUT_END:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        if tag not in _WITHOUT_END and len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Add a text."""
        self._open[-1].append(data)

    def _address(self, address: str) -> str | None:
        """Return the address of a link as the edition has it; None if it leads nowhere."""
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") or address.startswith("#"):
            return address
        name = f"docs/{parts.path.removesuffix('.md')}.html"
        is_page = parts.path.endswith(".md") and name in self._pages
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        return f"../{name}{fragment}" if is_page else None
