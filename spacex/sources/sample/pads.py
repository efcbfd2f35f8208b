"""The launch and landing sites of the sample, with what their launches add up to."""

from collections.abc import Iterator

from spacex.sources.sample import facts
from spacex.sources.sample.record import Record, record_id


def launchpads() -> Iterator[Record]:
    """The records of the launch sites."""
    return (_launchpad(pad) for pad in facts.launchpads().values())


def landpads() -> Iterator[Record]:
    """The records of the landing sites."""
    return (_landpad(pad) for pad in facts.landpads().values())


def _launchpad(pad: facts.Launchpad) -> Record:
    launches = [
        launch
        for launch in facts.launches().values()
        if launch.launchpad == pad.name and not launch.upcoming
    ]
    rockets = dict.fromkeys(launch.rocket for launch in launches)
    return {
        **_site(pad),
        "launch_attempts": len(launches),
        "launch_successes": sum(launch.success is True for launch in launches),
        "rockets": [record_id("rocket", rocket) for rocket in rockets],
        "timezone": pad.timezone,
        "launches": [record_id("launch", launch.name) for launch in launches],
        "id": record_id("launchpad", pad.name),
    }


def _landpad(pad: facts.Landpad) -> Record:
    landings = [
        (launch.name, flight.landed)
        for launch in facts.launches().values()
        for flight in launch.boosters
        if flight.landpad == pad.name
    ]
    return {
        **_site(pad),
        "type": pad.type,
        "landing_attempts": len(landings),
        "landing_successes": sum(landed is True for _, landed in landings),
        "wikipedia": None,
        "launches": [record_id("launch", launch) for launch, _ in landings],
        "id": record_id("landpad", pad.name),
    }


def _site(site: facts.Site) -> Record:
    return {
        "images": {"large": []},
        "name": site.name,
        "full_name": site.full_name,
        "locality": site.locality,
        "region": site.region,
        "latitude": site.latitude,
        "longitude": site.longitude,
        "status": site.status,
        "details": None,
    }
