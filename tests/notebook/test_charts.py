"""Charts of frames with the types of the schema."""

import pytest

from spacex.analysis.api.typed_frames import typed
from spacex.analysis.queries import view
from spacex.notebook import charts

DRAWN = {
    "v_launches_by_year": charts.launches_by_year,
    "v_landings_by_year": charts.landings_by_year,
    "v_fleet_growth": charts.fleet_growth,
    "v_fleet_by_shell": charts.altitude_by_inclination,
    "v_fleet_by_launch": charts.launch_survival,
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_typed_frame_gives_the_same_chart(name, sampled):
    frame = view(sampled.database, name)
    plain, declared = (DRAWN[name](each).to_dict() for each in (frame, typed(frame)))
    rows = [list(chart["datasets"].values()) for chart in (plain, declared)]
    assert rows[0] == rows[1]
    assert plain["description"] == declared["description"]
