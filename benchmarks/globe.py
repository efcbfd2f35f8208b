"""The dashboard's globe: its keyframes in the kernel, and its frames in a browser.

The browser draws without a graphics processor here, so the frames a second are those of the CPU;
the time of the script for a frame does not depend on it.
"""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page, sync_playwright

from benchmarks.measurement import Measurement, best_s
from benchmarks.orbits import sample_fleet
from benchmarks.served import ARGUMENTS, CHROMIUM, served
from spacex.dashboard.ui.globe_widget import UNIT_KM, keyframe_points
from spacex.orbits.earth import earth_fixed_km, earth_fixed_velocity_km_s
from spacex.orbits.instants import after
from spacex.orbits.propagation import Propagator

SATELLITES = 10_800
SPACINGS_S = (180, 300, 400, 600)
STARTS = 12
NO_WEBGL = """
const getContext = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind === "webgl2" ? null : getContext.call(this, kind, ...rest);
};"""
VIEWS = {
    "globe": ("", ""),
    "flat map": ("&shape=flat", ""),
    "flat map without WebGL": ("", NO_WEBGL),
}
"""What is measured: the rest of its URL query, and a script to run first."""
FRAMES = """async (seconds) => {
  const globe = document.querySelector(".globe"), times = [];
  const frames = () => Number(globe.dataset.frames);
  const began = performance.now(), first = frames();
  let seen = first;
  while (performance.now() - began < 1000 * seconds) {
    await new Promise(requestAnimationFrame);
    if (frames() !== seen) times.push(Number(globe.dataset.frameMs));
    seen = frames();
  }
  return [(1000 * (frames() - first)) / (performance.now() - began), times];
}"""
"""Return the frames a second, and the time of the script for each, ms."""
MOVES_MS = """async (moves) => {
  const globe = document.querySelector(".globe"), slider = globe.querySelector("[type=range]");
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const times = [];
  for (let move = 0; move < moves; move++) {
    const started = performance.now();
    slider.value = Number(slider.min) + (move + 1) * 3_600_000;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    while (Number(globe.dataset.shownMs) !== Number(slider.value)) await pause(2);
    times.push(performance.now() - started);
    await pause(700);
  }
  return times;
}"""
"""Return the times from each move of the slider to the points at the new instant, ms."""


def measure() -> Iterator[Measurement]:
    """Measure the keyframes, their error by spacing, and the frames in a browser."""
    yield from _keyframes()
    sizes: list[int] = []
    with served(SATELLITES) as dashboard:
        for name, (query, script) in VIEWS.items():
            with opened(f"{dashboard.url}?page=globe{query}", script, sizes) as page:
                rate, times = page.evaluate(FRAMES, 5)
                page.get_by_role("button", name="Pause").click()
                moves = page.evaluate(MOVES_MS, 9)
            yield Measurement(f"{name}, 60 times as fast: frames a second", rate, "", "60")
            yield Measurement(
                f"{name}: script for a frame, median", statistics.median(times), "ms", "< 4"
            )
            yield Measurement(f"{name}: slider to points", statistics.median(moves), "ms", "< 300")
    yield Measurement("largest message to the browser", max(sizes) / 1e6, "MB", "< 1")


@contextmanager
def opened(url: str, script: str, sizes: list[int]) -> Iterator[Page]:
    """Yield a page with a moving globe.

    Args:
        url: its URL.
        script: run in it first.
        sizes: the sizes of its messages are appended to these.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1400, "height": 900}, bypass_csp=True)
        page.add_init_script(script)
        page.on("websocket", lambda ws: ws.on("framereceived", lambda got: sizes.append(len(got))))
        page.goto(url)
        page.wait_for_function("document.querySelector('.globe')?.dataset.shownMs > 0")
        page.locator(".globe .stage").scroll_into_view_if_needed()
        page.wait_for_timeout(2000)
        yield page
        page.goto("about:blank")  # leaving the page shuts its kernel down
        browser.close()


def _keyframes() -> Iterator[Measurement]:
    fleet = sample_fleet(SATELLITES)
    newest = fleet.epoch_utc.max()
    fresh = Propagator(fleet.select(newest - fleet.epoch_utc < np.timedelta64(7, "D")))
    whole = Propagator(fleet)
    cost_s = best_s(lambda: keyframe_points(*_states(whole, newest), 300), 10)
    size = len(keyframe_points(*_states(whole, newest), 300))
    yield Measurement(f"a keyframe of {len(fleet):,} satellites", 1000 * cost_s, "ms", "< 50")
    yield Measurement("its size", size / 1e6, "MB", "< 1")
    for step_s in SPACINGS_S:
        error_km = max(_error_km(fresh, newest, hour, step_s) for hour in range(STARTS))
        aim = "< 1" if step_s == 300 else ""
        yield Measurement(f"largest error of curves of {step_s} s", error_km, "km", aim)


def _error_km(fleet: Propagator, newest: np.datetime64, hour: int, step_s: int) -> float:
    """Return the largest error of a step, halfway and at its quarters, km."""
    start, middle, end = (
        [_states(fleet, at) for at in after(newest, np.array(seconds) + 3600.0 * hour)]
        for seconds in ([0.0], [step_s / 4, step_s / 2, 3 * step_s / 4], [float(step_s)])
    )
    (p0, v0), (p1, v1) = (_sent(*states[0], step_s) for states in (start, end))
    errors = []
    for u, (expected, _) in zip((0.25, 0.5, 0.75), middle, strict=True):
        curve = (1 + 2 * u) * (1 - u) ** 2 * p0 + u * (1 - u) ** 2 * v0
        curve = curve + u * u * (3 - 2 * u) * p1 + u * u * (u - 1) * v1
        errors.append(np.nanmax(np.linalg.norm(curve - expected, axis=1)))
    return float(max(errors))


def _sent(
    position_km: NDArray[np.float64], velocity_km_s: NDArray[np.float64], step_s: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the positions and the velocities times the step, as the browser gets them."""
    points = keyframe_points(position_km, velocity_km_s, step_s)
    found = UNIT_KM * np.frombuffer(points, "<i2").reshape(-1, 2, 3)
    return found[:, 0], found[:, 1]


def _states(
    fleet: Propagator, at: np.datetime64
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the Earth-fixed positions and velocities of a fleet."""
    states = fleet.states(at)
    position = earth_fixed_km(states.position_km, states.instants)
    velocity = earth_fixed_velocity_km_s(states.velocity_km_s, position, states.instants)
    return position[:, 0], velocity[:, 0]
