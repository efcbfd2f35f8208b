"""What a page holds to draw its charts."""

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import vl_convert

from spacex.notebook import live_charts

COLOR = {"field": "fate", "type": "nominal"}
SWITCHED = {"condition": {"param": "legend", "value": 1}, "value": 0.12}


def drawn(*charts: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the specifications that a page holds of charts."""
    held: list[dict[str, Any]] = json.loads(unpacked(live_charts.blocks(charts)["charts"]))
    return held


def unpacked(block: str) -> bytes:
    return gzip.decompress(base64.b64decode(block))


def test_a_legend_switches_its_series():
    chart = {"mark": "bar", "encoding": {"color": COLOR}}
    (held,) = drawn(chart)
    assert held["encoding"]["opacity"] == SWITCHED
    assert held["params"][0]["bind"] == "legend"
    assert held["params"][0]["select"]["fields"] == ["fate"]
    assert "params" not in chart


def test_all_layers_of_a_legend_are_switched_by_the_first_one():
    hatch, bar, line = (
        {"mark": "bar"},
        {"encoding": {"color": COLOR}},
        {"encoding": {"color": COLOR}},
    )
    (held,) = drawn({"layer": [hatch, bar, line]})
    first, second, third = held["layer"]
    assert first == hatch
    assert second["encoding"]["opacity"] == third["encoding"]["opacity"] == SWITCHED
    assert ["params" in each for each in held["layer"]] == [False, True, False]


@pytest.mark.parametrize(
    "chart",
    [
        {"mark": "bar", "encoding": {"x": {"field": "year"}}},
        {"mark": "bar", "encoding": {"color": COLOR | {"legend": None}}},
        {"mark": "rect", "encoding": {"color": COLOR | {"type": "quantitative"}}},
        {"mark": "bar", "encoding": {"color": {"value": "red"}}},
        {"mark": "bar", "encoding": {"color": COLOR, "opacity": {"value": 0.5}}},
        {
            "layer": [
                {"encoding": {"color": COLOR}},
                {"encoding": {"color": COLOR | {"field": "x"}}},
            ]
        },
    ],
)
def test_other_charts_stay_as_they_are(chart):
    assert drawn(chart) == [chart]


def test_a_policy_names_the_scripts_of_the_page():
    blocks = live_charts.blocks([])
    sources = [blocks["script"].encode(), unpacked(blocks["vega"])]
    digests = [base64.b64encode(hashlib.sha256(each).digest()).decode() for each in sources]
    assert live_charts.script_digests() == [f"sha256-{each}" for each in digests]
    assert blocks["integrity"] == live_charts.script_digests()[1]


@pytest.fixture
def bundles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Count how often Vega is bundled, and keep it in a folder of the test."""
    made: list[str] = []

    def bundle(source: str) -> str:
        made.append(source)
        return "vega"

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(vl_convert, "javascript_bundle", bundle)
    live_charts._vega.cache_clear()
    yield made
    live_charts._vega.cache_clear()


def vega() -> bytes:
    """Return Vega as a new process would."""
    live_charts._vega.cache_clear()
    return unpacked(live_charts.blocks([])["vega"])


def test_vega_is_bundled_once(bundles):
    assert [vega(), vega()] == [b"vega", b"vega"]
    assert len(bundles) == 1


DAMAGED = {
    "empty": b"",
    "head": b"\x1f\x8b",
    "text": b"text",
    "cut": gzip.compress(b"vega", mtime=0)[:-4],
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_bundle_is_made_anew(bundles, tmp_path, content):
    vega()
    (kept,) = (tmp_path / "spacex-insights").iterdir()
    kept.write_bytes(content)
    assert [vega(), vega()] == [b"vega", b"vega"]
    assert len(bundles) == 2


def test_vega_needs_no_folder_to_keep_it(bundles, tmp_path):
    (tmp_path / "spacex-insights").write_text("a file")
    assert [vega(), vega()] == [b"vega", b"vega"]
    assert len(bundles) == 2
