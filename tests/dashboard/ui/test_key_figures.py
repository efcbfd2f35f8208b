"""Key figures: their markup."""

import pytest

from spacex.dashboard.ui.key_figures import key_figure


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("at least 10,744", "['abbr', {'title': 'at least'}, '≥'], '10,744'"),
        ("10,744", "'10,744'"),
        ("1 to 3", "'1 to 3'"),
        ("–", "'–'"),
    ],
)
def test_a_number_that_is_the_least_has_a_sign(value: str, shown: str) -> None:
    assert f"['dd', {{}}, {shown}]" in str(key_figure("Satellites", value, "in orbit"))
