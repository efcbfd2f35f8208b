"""The pages of the dashboard, in the order of the navigation."""

from spacex.dashboard.pages.booster import booster_page
from spacex.dashboard.pages.boosters import boosters_page
from spacex.dashboard.pages.changes import changes_page
from spacex.dashboard.pages.data import data_page
from spacex.dashboard.pages.evidence import evidence_page
from spacex.dashboard.pages.fleet import fleet_page
from spacex.dashboard.pages.forecasts import forecasts_page
from spacex.dashboard.pages.globe import globe_page
from spacex.dashboard.pages.launch import launch_page
from spacex.dashboard.pages.launches import launches_page
from spacex.dashboard.pages.now import now_page
from spacex.dashboard.pages.satellite import satellite_page
from spacex.dashboard.pages.sky import sky_page
from spacex.dashboard.ui.page import Page

PAGES: tuple[Page, ...] = (
    now_page.PAGE,
    globe_page.PAGE,
    launches_page.PAGE,
    launch_page.PAGE,
    boosters_page.PAGE,
    booster_page.PAGE,
    fleet_page.PAGE,
    satellite_page.PAGE,
    sky_page.PAGE,
    changes_page.PAGE,
    evidence_page.PAGE,
    forecasts_page.PAGE,
    data_page.PAGE,
)
