"""A calendar file of events in the sky (iCalendar, RFC 5545)."""

from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from spacex.analysis.error_laws import error_text
from spacex.analysis.feeds.calendar_text import calendar_text, escaped, utc_time
from spacex.orbits.cities import City
from spacex.orbits.place import compass

NAME = "starlink-sky.ics"


def calendar(events: pd.DataFrame, place: City, stamp: datetime) -> str:
    """Return a calendar of events; importing it again replaces them.

    An event keeps its UID while its time moves by minutes, as it does with newer elements: it has
    the satellite, the half hour and the place.

    Args:
        events: of `sightings.events`.
        place: from where they are seen.
        stamp: the present, UTC.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//SpaceX Insights//My sky//EN"]
    for event in events.to_dict("records"):
        lines += _event(event, place, stamp)
    return calendar_text([*lines, "END:VCALENDAR"])


def _event(event: Mapping[Hashable, Any], place: City, stamp: datetime) -> list[str]:
    at = f"{place.latitude_deg:g}°, {place.longitude_deg:g}°"
    where = place.name or at
    return [
        "BEGIN:VEVENT",
        f"UID:{_uid(event, place)}",
        f"DTSTAMP:{utc_time(stamp)}",
        f"DTSTART:{utc_time(event['rise_utc'])}",
        f"DTEND:{utc_time(event['set_utc'])}",
        f"SUMMARY:{escaped(str(event['name']))}",
        f"LOCATION:{escaped(where)}",
        f"GEO:{place.latitude_deg:.4f};{place.longitude_deg:.4f}",
        f"DESCRIPTION:{escaped(_words(event, place))}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _words(event: Mapping[Hashable, Any], place: City) -> str:
    """Return when and where to look, in local time."""
    top = pd.Timestamp(event["culmination_utc"]).tz_convert(place.time_zone)
    rises, highest, sets = (
        compass(event[f"{name}_azimuth_deg"]) for name in ("rise", "culmination", "set")
    )
    magnitude = event["magnitude"]
    bright = "unknown" if pd.isna(magnitude) else f"{magnitude:.1f} ± 1"
    error = error_text(event["error_km"], event["error_s"]).replace("\N{NO-BREAK SPACE}", " ")
    return (
        f"Rises in the {rises}. Highest at {top:%H:%M:%S} ({place.time_zone}), "
        f"{event['culmination_elevation_deg']:.0f}° in the {highest}. Sets in the {sets}.\n"
        f"Magnitude: {bright}. Expected error: {error}. Newer orbits may move it."
    )


def _uid(event: Mapping[Hashable, Any], place: City) -> str:
    half_hour = pd.Timestamp(event["culmination_utc"]).round("30min")
    at = f"{place.latitude_deg:.2f}_{place.longitude_deg:.2f}"
    return f"{event['norad_cat_id']}-{half_hour:%Y%m%dT%H%M}-{at}@spacex-insights"
