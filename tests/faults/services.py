"""What services do wrong: on the way, with the document, and with what stands in it."""

import gzip
import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.faults.outcome import Fault
from tests.faults.world import World
from tests.replica import (
    Behaviour,
    Body,
    Disconnect,
    Hang,
    LargeBody,
    Redirect,
    SlowBody,
    SlowHeaders,
    Status,
)

Record = dict[str, Any]
Path = tuple[str | int, ...]

ONE = b'[{"id": "a"}]'
PAGE = b"<!doctype html><title>Under maintenance</title>"
LONG = "x" * 3_000_000


@dataclass(frozen=True)
class List:
    """A list of a service.

    Attributes:
        title: as a reader knows it.
        service: name of the service.
        endpoint: what its server calls the list.
        setting: the setting with its address.
        topic: what a run is asked for.
        key: where a record has its key.
        number: where it has a number.
        text: where it has a text.
        instant: where it has an instant.
        code: where it has one of the values that are known.
    """

    title: str
    service: str
    endpoint: str
    setting: str
    topic: str
    key: Path
    number: Path
    text: Path
    instant: Path
    code: Path

    def script(self, world: World, behaviour: Behaviour) -> None:
        """What the server does when it is asked for the list."""
        world.services[self.service].script(self.endpoint, behaviour)

    def records(self, world: World) -> list[Record]:
        """What the list has."""
        server = world.services[self.service]
        if self.service == "launchlibrary":
            return [json.loads(json.dumps(each)) for each in server.launches]
        if self.service == "celestrak":
            return json.loads(server._body)
        return json.loads(server.body(self.endpoint))

    def document(self, records: list[Record]) -> bytes:
        """Records as the service sends them."""
        paged = {"count": len(records), "next": None, "previous": None, "results": records}
        return json.dumps(paged if self.service == "launchlibrary" else records).encode()


LISTS = (
    List(
        "r/SpaceX API, launches",
        "spacexdata",
        "launches",
        "base_url",
        "launches",
        ("id",),
        ("flight_number",),
        ("name",),
        ("date_utc",),
        ("cores", 0, "landing_type"),
    ),
    List(
        "r/SpaceX API, starlink",
        "spacexdata",
        "starlink",
        "base_url",
        "starlink",
        ("spaceTrack", "NORAD_CAT_ID"),
        ("spaceTrack", "MEAN_MOTION"),
        ("spaceTrack", "OBJECT_NAME"),
        ("spaceTrack", "EPOCH"),
        ("spaceTrack", "REF_FRAME"),
    ),
    List(
        "CelesTrak",
        "celestrak",
        "",
        "celestrak_url",
        "starlink",
        ("NORAD_CAT_ID",),
        ("MEAN_MOTION",),
        ("OBJECT_NAME",),
        ("EPOCH",),
        ("EPHEMERIS_TYPE",),
    ),
    List(
        "Launch Library",
        "launchlibrary",
        "",
        "launchlibrary_url",
        "launches",
        ("id",),
        ("pad", "latitude"),
        ("name",),
        ("net",),
        ("status", "id"),
    ),
)


def faults() -> Iterator[Fault]:
    """Every fault of every service, and of the records of each list."""
    asked: set[str] = set()
    for each in LISTS:
        of_service = {} if each.service in asked else _ON_THE_WAY | _STATUSES | _DOCUMENTS
        asked.add(each.service)
        for name, befall in (of_service | _RECORDS).items():
            yield Fault(each.title, name, _with(each, befall), ("--only", each.topic))


def _with(each: List, befall: Callable[[World, List], object]) -> Callable[[World], object]:
    return lambda world: befall(world, each)


def _stopped(world: World, each: List) -> None:
    world.services[each.service].stop()


def _unknown_name(world: World, each: List) -> None:
    real = socket.getaddrinfo

    def look_up(host: str, *rest: Any, **more: Any) -> Any:
        if host == "nobody.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *rest, **more)

    world.patch.setattr(socket, "getaddrinfo", look_up)
    world.set(**{each.setting: "https://nobody.invalid/"})


def _no_tls(world: World, each: List) -> None:
    url = world.services[each.service].url
    world.set(**{each.setting: url.replace("http:", "https:")})


def _does(behaviour: Behaviour) -> Callable[[World, List], object]:
    return lambda world, each: each.script(world, behaviour)


def _sends(body: bytes, headers: dict[str, str] | None = None) -> Callable[[World, List], object]:
    return _does(Body(body, headers or {}))


_ON_THE_WAY: dict[str, Callable[[World, List], object]] = {
    "refuses connections": _stopped,
    "its name is unknown": _unknown_name,
    "speaks no TLS": _no_tls,
    "is silent": _does(Hang()),
    "falls silent within its answer": _does(
        Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[{")
    ),
    "sends its head byte by byte": _does(SlowHeaders()),
    "sends its answer byte by byte": _does(SlowBody()),
    "ends in the middle": _does(Disconnect(ONE)),
    "is reset in the middle": _does(Disconnect(ONE, reset=True)),
    "speaks another protocol": _does(Hang(b"SSH-2.0-OpenSSH_9.2\r\n")),
    "redirects in a loop": _does(Redirect()),
    "redirects to a file": _does(Redirect("file:///etc/passwd")),
    "redirects with an endless body": _does(LargeBody(200, location="file:///etc/passwd")),
}
_STATUSES: dict[str, Callable[[World, List], object]] = {
    f"answers {code}": _does(Status(code, body=b"no"))
    for code in (401, 403, 404, 418, 429, 500, 503)
} | {"answers 429, wait an hour": _does(Status(429, {"Retry-After": "3600"}))}
_DOCUMENTS: dict[str, Callable[[World, List], object]] = {
    "sends nothing": _sends(b""),
    "sends a page": _sends(PAGE, {"Content-Type": "text/html"}),
    "sends a page and calls it JSON": _sends(PAGE),
    "sends less than it says it did": _sends(ONE, {"Content-Length": "7"}),
    "sends half of its JSON": _sends(ONE[:7]),
    "sends more than is accepted": _does(LargeBody(100)),
    "sends more than is accepted, packed": _does(LargeBody(100, gzipped=True)),
    "says packed and is not": _sends(ONE, {"Content-Encoding": "gzip"}),
    "sends half of what is packed": _sends(
        gzip.compress(ONE * 1000)[:30], {"Content-Encoding": "gzip"}
    ),
    "sends an empty list": _sends(b"[]"),
    "sends null": _sends(b"null"),
    "sends another object": _sends(b'{"error": "gone"}'),
    "sends a list of numbers": _sends(b"[1, 2]"),
    "sends empty records": _sends(b"[{}, {}]"),
    "sends what is nested without end": _sends(b"[" * 1_000_000),
    "sends text that is not UTF-8": _sends(b'[{"id": "\xff"}]'),
    "sends NaN": _sends(b'[{"id": NaN}]'),
    "sends Infinity": _sends(b'[{"id": Infinity}]'),
}


def _last(change: Callable[[Record, List], None]) -> Callable[[World, List], None]:
    """Change the last record of a list."""

    def befall(world: World, each: List) -> None:
        records = each.records(world)
        change(records[-1], each)
        each.script(world, Body(each.document(records)))

    return befall


def _every(change: Callable[[Record, List], None]) -> Callable[[World, List], None]:
    """Change all records of a list."""

    def befall(world: World, each: List) -> None:
        records = each.records(world)
        for record in records:
            change(record, each)
        each.script(world, Body(each.document(records)))

    return befall


def _put(field: str, value: Any) -> Callable[[Record, List], None]:
    return lambda record, each: _hold(record, getattr(each, field)).update(
        {getattr(each, field)[-1]: value}
    )


def _drop(field: str) -> Callable[[Record, List], None]:
    return lambda record, each: _hold(record, getattr(each, field)).pop(getattr(each, field)[-1])


def _hold(record: Record, path: Path) -> Record:
    """The object that has the field at the end of a path."""
    for step in path[:-1]:
        record = record[step]  # type: ignore[index]
    return record


def _no_object(record: Record, each: List) -> None:
    record[str(each.text[0])] = 7


def _twice(world: World, each: List) -> None:
    records = each.records(world)
    each.script(world, Body(each.document([*records, records[-1]])))


_RECORDS: dict[str, Callable[[World, List], object]] = {
    "a field more": _last(lambda record, _: record.update(brand_new=[{"a": 1}])),
    "a field missing": _last(_drop("number")),
    "a field missing everywhere": _every(_drop("number")),
    "a key missing": _last(_drop("key")),
    "a key that is null": _last(_put("key", None)),
    "a key that is a list": _last(_put("key", [1])),
    "a record twice": _twice,
    "a number that is text": _last(_put("number", "many")),
    "a number beyond all integers": _last(_put("number", 10**30)),
    "a number beyond all numbers": _last(_put("number", 10**400)),
    "a number that cannot be": _last(_put("number", -1000)),
    "numbers that cannot be everywhere": _every(_put("number", -1000)),
    "a text that is a number": _last(_put("text", 7)),
    "a text of 3 MB": _last(_put("text", LONG)),
    "an instant that is none": _last(_put("instant", "31.02.2026")),
    "an unknown code": _last(_put("code", "no such")),
    "something else where an object was": _last(_no_object),
}
