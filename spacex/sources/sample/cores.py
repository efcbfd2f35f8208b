"""The boosters of the sample, with what their flights add up to."""

import re
from collections.abc import Iterator

from spacex.sources.sample import facts
from spacex.sources.sample.record import Record, record_id

_FIRST_OF_BLOCK_5 = 1046


def cores() -> Iterator[Record]:
    """The records of the boosters that are named, in order of their first launch."""
    flown: dict[str, list[tuple[facts.Launch, facts.Flight]]] = {}
    for launch in facts.launches().values():
        for flight in launch.boosters:
            if flight.serial is not None:
                flown.setdefault(flight.serial, []).append((launch, flight))
    return (_core(serial, flights) for serial, flights in flown.items())


def _core(serial: str, flown: list[tuple[facts.Launch, facts.Flight]]) -> Record:
    flights = [flight for _, flight in flown]
    return {
        "block": _block(serial),
        # By its number, not by the length of the list: a flight may be listed without a serial.
        "reuse_count": max(flight.flight or 1 for flight in flights) - 1,
        **_landings("rtls", flights),
        **_landings("asds", flights),
        "last_update": None,
        "launches": [record_id("launch", launch.name) for launch, _ in flown],
        "serial": serial,
        "status": _status(serial, *flown[-1]),
        "id": record_id("core", serial),
    }


def _landings(kind: str, flights: list[facts.Flight]) -> Record:
    landed = [flight.landed for flight in flights if flight.landing_type == kind.upper()]
    return {
        f"{kind}_attempts": len(landed),
        f"{kind}_landings": sum(each is True for each in landed),
    }


def _block(serial: str) -> int | None:
    """The Falcon 9 block; earlier ones than the fifth do not show in the serial number."""
    number = re.fullmatch(r"B(\d{4})", serial)
    return 5 if number and int(number[1]) >= _FIRST_OF_BLOCK_5 else None


def _status(serial: str, last_launch: facts.Launch, last: facts.Flight) -> str:
    """The booster's state as its last flight left it."""
    if last_launch.upcoming:
        return "active"
    if last.landing_type is None:
        return "expended"
    if last.landing_type == "Ocean" or not last.landed:
        return "lost"
    # No booster older than block 5 has flown since June 2018.
    return "active" if _block(serial) else "inactive"
