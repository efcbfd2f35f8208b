"""The example page of docs/extending.md works as written."""

import re
from textwrap import dedent
from typing import Any

from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View
from spacex.settings import PROJECT, Settings

EXTENDING = (PROJECT / "docs" / "extending.md").read_text()


def test_example_page_draws_its_chart(published: Settings) -> None:
    blocks = re.findall(r"^ *```python\n(.*?)^ *```", EXTENDING, re.MULTILINE | re.DOTALL)
    (code,) = [block for block in blocks if "PAGE = Page(" in block]
    example: dict[str, Any] = {}
    exec(dedent(code), example)  # noqa: S102 - our own page
    view = View(PublishedDatabase(published.database), example["PAGE"].filters, {})
    assert example["by_pad"](view).data["launches"].sum() == 205
    assert len(example["PAGE"].panels(State())) == 1
