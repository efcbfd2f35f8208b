"""The contrast of marks with their grounds, in light and dark: at least 3:1 (WCAG 2.2, 1.4.11)."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from spacex.dashboard.app.session import ChartWidget
from spacex.dashboard.pages import fleet_groups
from spacex.dashboard.pages.sky import sky_charts
from spacex.dashboard.ui import assets
from spacex.notebook import chart_style as style

LEAST = 3.0
LEAST_OF_TEXT = 4.5
SCHEMES = ("light", "dark")
CSS = (assets._STATIC / "style.css").read_text()
PAINTERS = (assets._STATIC / "globe_painters.js").read_text()
MARKS = {
    name: getattr(style, name)
    for name in ("BLUE", "SKY", "GREEN", "YELLOW", "ORANGE", "RED", "PINK", "GREY")
}
Colour = NDArray[np.float64]


def rgb(code: str) -> Colour:
    return np.array([int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)])


def over(colour: Colour, opacity: float, ground: Colour) -> Colour:
    """Return what is seen of a translucent colour over a ground."""
    return opacity * colour + (1 - opacity) * ground


def contrast(colour: Colour, ground: Colour) -> float:
    """Return the contrast of two colours, after WCAG 2."""
    linear = [
        np.where(each <= 0.04045, each / 12.92, ((each + 0.055) / 1.055) ** 2.4)
        for each in (colour, ground)
    ]
    low, high = sorted(float(each @ (0.2126, 0.7152, 0.0722)) for each in linear)
    return (high + 0.05) / (low + 0.05)


def of_css(name: str, scheme: str) -> Colour:
    """Return a colour of the stylesheet, which has those of light pages first."""
    found = re.findall(rf"--{name}: (#\w{{6}});", CSS)
    return rgb(found[SCHEMES.index(scheme)])


def drawn(code: str, scheme: str) -> Colour:
    """Return a colour of a chart as the browser draws it."""
    return rgb(style.ON_DARK[code] if scheme == "dark" else code)


def grounds(scheme: str) -> Iterator[tuple[str, str, Colour, Colour]]:
    """Yield the marks on each ground: the ground and the mark by name, then by colour."""
    card = of_css("surface", scheme)
    for name, code in MARKS.items():
        yield "card", name, drawn(code, scheme), card
    for name in ("good", "bad", "unsure", "open"):
        yield "card", f"state {name}", of_css(f"state-{name}", scheme), card
    dark_sky = over(drawn(style.GREY, scheme), sky_charts.DARK_SKY, card)
    for name, code in {**sky_charts.SIGHTS, **sky_charts.KINDS}.items():
        yield "dark sky", name, drawn(code, scheme), dark_sky
    for ground in ("SEA", "LAND"):
        by_day = drawn(getattr(style, ground), scheme)
        night = style.ON_DARK[style.NIGHT] if scheme == "dark" else style.NIGHT
        by_night = over(rgb(night), int(night[7:], 16) / 255, by_day)
        yield ground, "track", drawn(style.RED, scheme), by_day
        yield f"{ground} by night", "track", drawn(style.RED, scheme), by_night


def on_globe() -> Iterator[tuple[str, str, Colour, Colour]]:
    """Yield the same for the globe, which is dark in both schemes."""
    points = {
        *fleet_groups.PALETTE,
        *fleet_groups.AGE_COLOURS,
        *fleet_groups.LIGHT_COLOURS.values(),
        *(fleet_groups.OLD_GREY, fleet_groups.OTHER_GREY),
        *(style.ON_DARK[each] for each in style.STATUSES.values()),
    }
    (night,) = re.findall(r'NIGHT = "rgb\((\d+) (\d+) (\d+) / (\d+)%\)"', PAINTERS)
    *dark, share = (int(each) for each in night)
    for ground in ("SEA", "LAND"):
        (code,) = re.findall(rf'const {ground} = "(#\w{{6}})"', PAINTERS)
        by_night = over(np.array(dark) / 255, share / 100, rgb(code))
        for point in points:
            yield ground, point, rgb(point), rgb(code)
            yield f"{ground} by night", point, rgb(point), by_night


@pytest.mark.parametrize("scheme", SCHEMES)
def test_marks_stand_out_against_their_grounds(scheme: str) -> None:
    found = [*grounds(scheme), *on_globe()]
    assert len(found) > 60
    faint = {
        f"{mark} on {ground}": round(contrast(colour, behind), 2)
        for ground, mark, colour, behind in found
        if contrast(colour, behind) < LEAST
    }
    assert faint == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_labels_in_charts_can_be_read(scheme: str) -> None:
    assert contrast(drawn(style.LABEL, scheme), of_css("surface", scheme)) >= LEAST_OF_TEXT


def test_each_colour_of_charts_has_one_for_dark_pages() -> None:
    assert ChartWidget().on_dark == style.ON_DARK
    used = [style.OUTCOMES, style.ROCKETS, style.LANDINGS, style.STATUSES]
    used += [sky_charts.SIGHTS, sky_charts.KINDS]
    assert {code for each in used for code in each.values()} <= {*MARKS.values()}
    assert {
        *MARKS.values(),
        style.SEA,
        style.LAND,
        style.NIGHT,
        style.LABEL,
    } == style.ON_DARK.keys()


def test_known_contrasts() -> None:
    assert contrast(rgb("#000000"), rgb("#ffffff")) == pytest.approx(21)
    assert contrast(rgb("#777777"), rgb("#ffffff")) == pytest.approx(4.48, abs=0.01)
