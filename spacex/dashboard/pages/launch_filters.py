"""Filters that the pages about launches share."""

from spacex.dashboard.ui.filters import Choice, Range

YEARS = Range("years", "Years", "year", "v_launches")
ROCKET = Choice("rocket", "Rocket", "rocket", "v_launches", all_label="All rockets")
PAD = Choice("pad", "Pad", "launchpad", "v_launches", all_label="All pads")
