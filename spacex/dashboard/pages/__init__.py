"""The pages of the dashboard, in the order of the navigation."""

from spacex.dashboard.page import Page
from spacex.dashboard.pages import boosters, changes, data, fleet, launches, passes, satellite
from spacex.dashboard.pages import map as world

PAGES: tuple[Page, ...] = (
    launches.PAGE,
    boosters.PAGE,
    fleet.PAGE,
    world.PAGE,
    satellite.PAGE,
    passes.PAGE,
    changes.PAGE,
    data.PAGE,
)
