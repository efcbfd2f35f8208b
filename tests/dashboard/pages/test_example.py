"""The example page of docs/extending.md works as written."""

from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View
from spacex.settings import Settings
from tests.test_extending import declarations


def test_example_page_draws_its_chart(published: Settings) -> None:
    example = declarations("PAGE")
    view = View(PublishedDatabase(published.database), example["PAGE"].filters, {})
    assert example["by_pad"](view).data["launches"].sum() == 205
    assert len(example["PAGE"].panels(State())) == 1
