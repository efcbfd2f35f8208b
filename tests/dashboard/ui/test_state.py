"""The visitor's state and its URL query."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacex.dashboard.ui.state import MAX_VALUE_LENGTH, State

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=MAX_VALUE_LENGTH)


@given(st.dictionaries(texts, texts, max_size=10))
def test_values_survive_the_url(values: dict[str, str]) -> None:
    state, again = State(), State()
    state.change(values)
    again.read(state.query())
    assert again.values() == values


def test_listeners_are_called_once_for_each_change() -> None:
    state, heard = State(), []
    state.listen(lambda: heard.append(state.values()))
    state.change({"rocket": "Falcon 9", "pad": "SLC-40"})
    state.change({"rocket": "Falcon 9"})
    state.change({"rocket": "", "years": ""})
    assert heard == [{"rocket": "Falcon 9", "pad": "SLC-40"}, {"pad": "SLC-40"}]


def test_a_query_with_changes_does_not_apply_them() -> None:
    state = State()
    state.change({"page": "data", "rocket": "Falcon 9"})
    assert state.query(page="") == "rocket=Falcon+9"
    assert state["page"] == "data"


@pytest.mark.attack("fill memory with long values in the address", "cut")
def test_long_values_are_cut() -> None:
    state = State()
    state.read("rocket=" + "x" * 100_000)
    assert state["rocket"] == "x" * MAX_VALUE_LENGTH


def test_former_names_are_read_as_the_current_ones() -> None:
    state = State({"batch": "launch"})
    state.read("page=fleet&batch=2022-010+Starlink+4-7")
    assert state.query() == "page=fleet&launch=2022-010+Starlink+4-7"
