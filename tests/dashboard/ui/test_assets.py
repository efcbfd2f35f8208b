"""The files for the browser: modules in two parts are one file."""

import re
from collections.abc import Iterator
from pathlib import Path

import anywidget
import pytest

from spacex.dashboard.ui import assets
from spacex.dashboard.ui.chart_widget import ChartWidget
from spacex.dashboard.ui.globe_widget import GlobeWidget
from spacex.dashboard.ui.markup import Markup
from spacex.dashboard.ui.url_query import UrlQuery


@pytest.fixture
def unserved(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let widgets send their whole modules, as in JupyterLab."""
    monkeypatch.delenv(assets.VERSION_VARIABLE, raising=False)
    assets.module.cache_clear()
    yield
    assets.module.cache_clear()


@pytest.mark.usefixtures("unserved")
def test_a_module_in_two_parts_is_sent_and_served_as_one(tmp_path: Path) -> None:
    folder = tmp_path / "assets"
    assert len(assets.write_assets(folder)) == 12
    served = (folder / "globe.js").read_text(encoding="utf-8")
    assert served == assets.module("globe")
    assert not (folder / "globe_painters.js").exists()
    assert "class GlPainter" in served
    assert not re.search(r"^import ", served, re.MULTILINE)
    assert served.count("export default") == 1


@pytest.mark.parametrize(
    ("name", "widget"),
    [("chart", ChartWidget), ("globe", GlobeWidget), ("markup", Markup), ("url_query", UrlQuery)],
)
def test_what_a_module_reads_is_sent_to_the_browser(
    name: str, widget: type[anywidget.AnyWidget]
) -> None:
    module = (Path(assets.__file__).parent / "static" / f"{name}.js").read_text("utf-8")
    quoted = set(re.findall(r'"(?:change:)?(\w+)"', module))
    read = quoted & set(widget.class_trait_names())
    assert read
    assert read <= set(widget.class_trait_names(sync=True))
