"""Feeds: what a run found, as files that programs of others look at again and again.

They are made from the database alone, so that they are the same whoever makes them, and a run that
is repeated after a kill makes those that it would have made. A file whose content is the same is
left as it is.

`spacex.analysis.feeds.writing` makes and writes them.
"""

from dataclasses import dataclass

ATOM, CALENDAR = "application/atom+xml", "text/calendar"
"""Media types."""


@dataclass(frozen=True)
class Feed:
    """A feed, as it is announced.

    Attributes:
        title: what it is about.
        media_type: its type, as registered.
        about: what it has, in a sentence.
    """

    title: str
    media_type: str
    about: str


RUNS = "runs.atom"

FEEDS = {
    "changes.atom": Feed(
        "Changes",
        ATOM,
        "What changed between two responses of a service: satellites and launches.",
    ),
    "launches.atom": Feed(
        "Launches",
        ATOM,
        "The outcome of each launch, and what changed about planned ones.",
    ),
    "reentries.atom": Feed(
        "Re-entries",
        ATOM,
        "Satellites that re-entered, or are presumed to have.",
    ),
    RUNS: Feed("Runs", ATOM, "How each run ended, and what it published."),
    "launches.ics": Feed(
        "Launches",
        CALENDAR,
        "Launches that are dated to the day or better.",
    ),
    "starlink-omm.json": Feed(
        "Orbits, JSON",
        "application/json",
        "The newest element set of each satellite in orbit, as OMM.",
    ),
    "starlink-omm.csv": Feed(
        "Orbits, CSV",
        "text/csv",
        "The newest element set of each satellite in orbit, as OMM.",
    ),
}
"""Name of each file → the feed."""
