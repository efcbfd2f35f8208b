"""The documentation as a site, as `make docs` builds it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import spacex
from spacex.settings import PROJECT

SPHINX = Path(sys.executable).with_name("sphinx-build")


def built(source: Path, site: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Build a site with the project's configuration, as strictly as the Makefile does."""
    (strict,) = re.findall(r"sphinx-build (--.+?) --conf-dir", (PROJECT / "Makefile").read_text())
    command = [SPHINX, *strict.split(), "--conf-dir", PROJECT / "docs", *options, source, site]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = built(PROJECT, folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return folder


def test_the_site_has_every_page_of_the_docs(site: Path) -> None:
    pages = [*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md")]
    assert [
        page
        for page in pages
        if not (site / page.relative_to(PROJECT)).with_suffix(".html").exists()
    ] == []
    index = (site / "docs" / "index.html").read_text()
    assert [
        page.stem for page in pages if f"{page.stem}.html" not in index and page.stem != "index"
    ] == []


def test_the_reference_has_every_public_name_with_an_example(site: Path) -> None:
    reference = (site / "docs" / "reference.html").read_text()
    for name in spacex.__all__:
        (_, entry) = reference.split(f'id="spacex.{name}"')
        assert "&gt;&gt;&gt; " in re.split('class="py (?:function|class)"', entry)[0], name


def test_each_example_of_the_gallery_has_its_chart(site: Path) -> None:
    gallery = (site / "docs" / "gallery.html").read_text()
    pictures = re.findall(r'<img srcset="../(.+?) 2x" alt="(.+?)">', gallery)
    examples = (PROJECT / "docs" / "gallery.md").read_text().count("```python")
    assert len(pictures) == examples - 1  # the first has the imports
    assert min((site / name).stat().st_size for name, _ in pictures) > 5_000


FOREIGN = re.compile(
    r"""(<(script|img|iframe)[^>]+src=|<link[^>]+href=|url\()["']?(https?:)?//""", re.IGNORECASE
)
"""What a browser loads from another host."""


@pytest.mark.parametrize(
    "markup", ['<script async src="//host/x.js">', "<link href='https://host'>", "url(http://host)"]
)
def test_what_is_loaded_from_another_host_is_recognised(markup: str) -> None:
    assert FOREIGN.search(markup)


def test_the_site_needs_no_other_host(site: Path) -> None:
    files = [*site.rglob("*.html"), *site.rglob("*.css")]
    assert len(files) > 30
    assert [file for file in files if FOREIGN.search(file.read_text())] == []


@pytest.mark.parametrize(
    "text", ["[x](nowhere.md)", "[x](index.md#nowhere)", "```{nothing}\n```", "![x](nowhere.png)"]
)
def test_a_broken_reference_fails(tmp_path: Path, text: str) -> None:
    (tmp_path / "index.md").write_text(f"# A page\n\n{text}\n")
    done = built(tmp_path, tmp_path / "site", "-D", "root_doc=index", "-D", "include_patterns=*.md")
    assert done.returncode == 1
    assert "index.md:3: WARNING" in done.stderr
