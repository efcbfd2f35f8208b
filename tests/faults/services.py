"""Faults of the services: of the connection, the status, the body and the records."""

import copy
import gzip
import json
import operator
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from tests.example_records import omm
from tests.faults.fault_setup import CATALOGUES, SATCAT_FILE, WEATHER_FILE, Setup
from tests.faults.outcome import Fault, Inject
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

RECORDS = b'[{"id": "a"}]'
PAGE = b"<!doctype html><title>Under maintenance</title>"
URL_SETTINGS = {
    "spacexdata": "base_url",
    "celestrak": "celestrak_url",
    "launchlibrary": "launchlibrary_url",
    "satcat": "satcat_url",
    "gcat": "gcat_url",
    "spaceweather": "spaceweather_url",
}


@dataclass(frozen=True, kw_only=True)
class Target:
    """An endpoint with a fault, and the paths of the fields that are damaged in its records.

    Attributes:
        title: heading in the page.
        service: name of the service.
        endpoint: name of the endpoint.
        key: field that identifies a record.
        number: numeric field.
        text: text field.
        instant: date and time.
        code: field with a fixed set of values.
    """

    title: str
    service: str
    endpoint: str
    key: Path
    number: Path
    text: Path
    instant: Path
    code: Path

    def script(self, setup: Setup, behaviour: Behaviour) -> None:
        """Set how the replica responds to every request to the endpoint."""
        # The other two replicas have a single endpoint, without a name.
        endpoint = self.endpoint if self.service == "spacexdata" else ""
        setup.services[self.service].script(endpoint, behaviour)

    def records(self, setup: Setup) -> list[Record]:
        """Return a copy of the endpoint's records."""
        replica = setup.services[self.service]
        if self.service == "launchlibrary":
            return copy.deepcopy(replica.launches)
        body = replica._body if self.service == "celestrak" else replica.body(self.endpoint)
        return json.loads(body)

    def send(self, setup: Setup, records: Sequence[Record | None]) -> None:
        """Make the replica respond with these records, in the service's format."""
        page = {"count": len(records), "next": None, "previous": None, "results": records}
        content = page if self.service == "launchlibrary" else records
        self.script(setup, Body(json.dumps(content).encode()))


@dataclass(frozen=True, kw_only=True)
class Table:
    """A file of a catalogue with a fault.

    Attributes:
        title: heading in the page.
        service: name of the service.
        endpoint: name of the endpoint.
        file: the file, as the replica names it.
        column: a column that the catalogue must have.
        code: a text in its rows of which the values are known.
        date: the date in its rows.
        other_date: another date.
        day: the day of the run, when the file is requested again.
    """

    title: str
    service: str
    endpoint: str
    file: str
    column: str
    code: str
    date: str
    other_date: str
    day: str

    def script(self, setup: Setup, behaviour: Behaviour) -> None:
        """Set how the replica responds to every request for the file."""
        setup.services[self.service].script(self.file, behaviour)


TABLES = (
    Table(
        title="SATCAT",
        service="satcat",
        endpoint="objects",
        file=SATCAT_FILE,
        column="DECAY_DATE",
        code=",PAY,",
        date="2026-01-05",
        other_date="2026-01-06",
        day="2026-11-26",
    ),
    Table(
        title="GCAT, objects",
        service="gcat",
        endpoint="objects",
        file="tsv/cat/satcat100k.tsv",
        column="Bus",
        code="\tO\t",
        date="2019 Nov 11",
        other_date="2019 Nov 12",
        day="2026-12-03",
    ),
    Table(
        title="GCAT, launches",
        service="gcat",
        endpoint="launches",
        file="tsv/launch/launch.tsv",
        column="LaunchCode",
        code="\tOS\t",
        date="2025 Jan 30 0848",
        other_date="2025 Jan 29 0848",
        day="2026-12-03",
    ),
    Table(
        title="Space weather",
        service="spaceweather",
        endpoint="space_weather",
        file=WEATHER_FILE,
        column="AP_AVG",
        code=",OBS,",
        date="2026-11-24",
        other_date="2026-11-23",
        day="2026-11-26",
    ),
)

InjectInto = Callable[[Setup, Target], object]
Change = Callable[[Record, Target], object]

TARGETS = (
    Target(
        title="r/SpaceX API, launches",
        service="spacexdata",
        endpoint="launches",
        key=("id",),
        number=("flight_number",),
        text=("name",),
        instant=("date_utc",),
        code=("cores", 0, "landing_type"),
    ),
    Target(
        title="r/SpaceX API, starlink",
        service="spacexdata",
        endpoint="starlink",
        key=("spaceTrack", "NORAD_CAT_ID"),
        number=("spaceTrack", "MEAN_MOTION"),
        text=("spaceTrack", "OBJECT_NAME"),
        instant=("spaceTrack", "EPOCH"),
        code=("spaceTrack", "REF_FRAME"),
    ),
    Target(
        title="CelesTrak",
        service="celestrak",
        endpoint="starlink",
        key=("NORAD_CAT_ID",),
        number=("MEAN_MOTION",),
        text=("OBJECT_NAME",),
        instant=("EPOCH",),
        code=("EPHEMERIS_TYPE",),
    ),
    Target(
        title="Launch Library",
        service="launchlibrary",
        endpoint="launches",
        key=("id",),
        number=("pad", "latitude"),
        text=("name",),
        instant=("net",),
        code=("status", "id"),
    ),
)


def faults() -> Iterator[Fault]:
    """Yield the faults of each service, and of the records of each target."""
    services: set[str] = set()
    for target in TARGETS:
        of_service = {} if target.service in services else _CONNECTION | _STATUS | _BODY
        services.add(target.service)
        for name, inject in (of_service | _RECORDS).items():
            yield Fault(target.title, name, _into(target, inject), ("--only", target.endpoint))
        if target.service == "celestrak":
            for name, inject in _LISTS.items():
                yield Fault(target.title, name, _into(target, inject))
        if target.service == "launchlibrary":
            for name, inject in _PAGES.items():
                yield Fault(target.title, name, _into(target, inject))
    for table in TABLES:
        of_service = {} if table.service in services else _OF_CATALOGUE
        services.add(table.service)
        for name, inject in (of_service | _TABLE).items():
            yield Fault(table.title, name, _into_table(table, inject), ("--only", table.endpoint))


def _into(target: Target, inject: InjectInto) -> Inject:
    return lambda setup: inject(setup, target)


def _stop(setup: Setup, target: Target) -> None:
    setup.services[target.service].stop()


def _unknown_host(setup: Setup, target: Target) -> None:
    real = socket.getaddrinfo

    def look_up(host: str, *args: Any, **kwargs: Any) -> Any:
        if host == "nobody.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *args, **kwargs)

    setup.patch.setattr(socket, "getaddrinfo", look_up)
    setup.set(**{URL_SETTINGS[target.service]: "https://nobody.invalid/"})


def _no_tls(setup: Setup, target: Target) -> None:
    url = setup.services[target.service].url.replace("http:", "https:")
    setup.set(**{URL_SETTINGS[target.service]: url})


def _responds(behaviour: Behaviour) -> InjectInto:
    return lambda setup, target: target.script(setup, behaviour)


def _responds_slowly(behaviour: Behaviour) -> InjectInto:
    # Only these faults have short limits: a busy machine keeps the others waiting.
    def inject(setup: Setup, target: Target) -> None:
        setup.set(connect_timeout_s=1, read_timeout_s=0.3, total_timeout_s=0.6)
        target.script(setup, behaviour)

    return inject


def _sends(body: bytes, **headers: str) -> InjectInto:
    return _responds(Body(body, {name.replace("_", "-"): value for name, value in headers.items()}))


_CONNECTION: dict[str, InjectInto] = {
    "connection refused": _stop,
    "unknown host name": _unknown_host,
    "no TLS": _no_tls,
    "no response": _responds_slowly(Hang()),
    "response stalls": _responds_slowly(Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[{")),
    "headers sent byte by byte": _responds_slowly(SlowHeaders()),
    "body sent byte by byte": _responds_slowly(SlowBody()),
    "connection closed mid-response": _responds(Disconnect(RECORDS)),
    "connection reset mid-response": _responds(Disconnect(RECORDS, reset=True)),
    "another protocol": _responds_slowly(Hang(b"SSH-2.0-OpenSSH_9.2\r\n")),
    "redirect loop": _responds(Redirect()),
    "redirect to a file": _responds(Redirect("file:///etc/passwd")),
    "redirect with an endless body": _responds(LargeBody(200, location="file:///etc/passwd")),
}
_STATUS: dict[str, InjectInto] = {
    f"status {code}": _responds(Status(code, body=b"no"))
    for code in (401, 403, 404, 418, 429, 500, 503)
} | {"status 429, retry after an hour": _responds(Status(429, {"Retry-After": "3600"}))}
_BODY: dict[str, InjectInto] = {
    "empty body": _sends(b""),
    "HTML": _sends(PAGE, Content_Type="text/html"),
    "HTML declared as JSON": _sends(PAGE),
    "Content-Length too small": _sends(RECORDS, Content_Length="7"),
    "truncated JSON": _sends(RECORDS[:7]),
    "body over the size limit": _responds(LargeBody(100)),
    "body over the size limit, compressed": _responds(LargeBody(100, gzipped=True)),
    "declared as gzip, but uncompressed": _sends(RECORDS, Content_Encoding="gzip"),
    "truncated gzip": _sends(gzip.compress(RECORDS * 1000)[:30], Content_Encoding="gzip"),
    "empty array": _sends(b"[]"),
    "null": _sends(b"null"),
    "another object": _sends(b'{"error": "gone"}'),
    "array of numbers": _sends(b"[1, 2]"),
    "empty records": _sends(b"[{}, {}]"),
    "nested too deeply": _sends(b"[" * 1_000_000),
    "not UTF-8": _sends(b'[{"id": "\xff"}]'),
    "NaN": _sends(b'[{"id": NaN}]'),
    "Infinity": _sends(b'[{"id": Infinity}]'),
}


def _change(change: Change, *, every: bool = False) -> InjectInto:
    """Change the last record, or every record."""

    def inject(setup: Setup, target: Target) -> None:
        records = target.records(setup)
        for record in records if every else records[-1:]:
            change(record, target)
        target.send(setup, records)

    return inject


def _duplicate(setup: Setup, target: Target) -> None:
    records = target.records(setup)
    target.send(setup, [*records, records[-1]])


def _grow(setup: Setup, target: Target) -> None:
    target.send(setup, [*target.records(setup), *(omm(200_000 + n) for n in range(400))])


def _contradict(setup: Setup, target: Target) -> None:
    records = target.records(setup)
    other = copy.deepcopy(records[-1])
    _set("text", "STARLINK-7")(other, target)
    target.send(setup, [*records, other])


def _set(field: str, value: object) -> Change:
    return lambda record, target: _parent(record, target, field).update(
        {getattr(target, field)[-1]: value}
    )


def _drop(field: str) -> Change:
    return lambda record, target: _parent(record, target, field).pop(getattr(target, field)[-1])


def _parent(record: Record, target: Target, field: str) -> Record:
    """Return the object that contains the field."""
    return reduce(operator.getitem, getattr(target, field)[:-1], record)


def _replace_top(record: Record, target: Target) -> None:
    record[str(target.text[0])] = 7


_RECORDS: dict[str, InjectInto] = {
    "extra field": _change(lambda record, _: record.update(brand_new=[{"a": 1}])),
    "missing field": _change(_drop("number")),
    "missing field in all records": _change(_drop("number"), every=True),
    "missing key": _change(_drop("key")),
    "null key": _change(_set("key", None)),
    "array in place of the key": _change(_set("key", [1])),
    "duplicate record": _duplicate,
    "text in place of a number": _change(_set("number", "many")),
    "number beyond 64-bit integers": _change(_set("number", 10**30)),
    "number beyond floats": _change(_set("number", 10**400)),
    "number out of range": _change(_set("number", -1000)),
    "numbers out of range in all records": _change(_set("number", -1000), every=True),
    "number in place of text": _change(_set("text", 7)),
    "text of 3 MB": _change(_set("text", "x" * 3_000_000)),
    "invalid instant": _change(_set("instant", "31.02.2026")),
    "unknown code": _change(_set("code", "no such")),
    "number in place of an object": _change(_replace_top),
    "null among the records": lambda setup, target: target.send(
        setup, [*target.records(setup), None]
    ),
    "half a character in text": _change(_set("text", "STARLINK-\ud83d")),
}


def _send_half(setup: Setup, target: Target) -> None:
    records = target.records(setup)
    target.send(setup, records[: len(records) // 2])


_LISTS: dict[str, InjectInto] = {
    "half of the list": _send_half,
    "list of other satellites": _change(_set("text", "ONEWEB-0012"), every=True),
    "contradicting names of a satellite": _contradict,
    "400 satellites that no launch carried": _grow,
    "epoch of next month": _change(_set("instant", "2026-12-25T06:00:00")),
    "decay of next month": _change(lambda record, _: record.update(DECAY_DATE="2026-12-25")),
    "satellite without a name": _change(_set("text", "TBA - TO BE ASSIGNED")),
    "satellite without a designator": _change(lambda record, _: record.update(OBJECT_ID=None)),
    "orbit below the ground": _change(_set("number", 17.5)),
    "geosynchronous orbit": _change(_set("number", 1.0027)),
}
"""Faults of a GP list as a whole, and of its satellites; other endpoints are requested too."""


def _page(**fields: object) -> InjectInto:
    """Send a page with a part of the records, and these fields."""

    def inject(setup: Setup, target: Target) -> None:
        page = {"count": 600, "next": None, "results": target.records(setup)[:1]} | fields
        target.script(setup, Body(json.dumps(page).encode()))

    return inject


_PAGES: dict[str, InjectInto] = {
    "last page with a part of the records": _page(),
    "next page that is the same one": _page(next="https://ll.thespacedevs.com/launches/?offset=0"),
    "next page on another host": _page(next="https://elsewhere.invalid/launches/?offset=1"),
}
"""Faults of the pages of a list; other endpoints are requested too."""


def _into_table(table: Table, inject: InjectInto) -> Inject:
    def inject_into(setup: Setup) -> object:
        setup.clock.set(table.day)
        setup.set(sources=f"celestrak,{table.service}")
        return inject(setup, table)

    return inject_into


_OF_CATALOGUE: dict[str, InjectInto] = {
    **{
        name: (_CONNECTION | _STATUS | _BODY)[name]
        for name in (
            *("connection refused", "no response", "connection closed mid-response"),
            *("status 403", "status 404", "status 429", "status 500"),
            *("empty body", "HTML", "body over the size limit"),
        )
    },
    "JSON": _sends(RECORDS),
}


def _change_table(change: Callable[[list[str], Table], list[str]]) -> InjectInto:
    """Change the lines of a file, of which the first is its header."""

    def inject(setup: Setup, table: Table) -> None:
        lines = change(CATALOGUES[table.file].decode().splitlines(), table)
        setup.services[table.service].serve(table.file, "\n".join([*lines, ""]).encode())

    return inject


def _replace(lines: list[str], old: str, new: str, *, every: bool = False) -> list[str]:
    """Replace a text in the last line, or in every line."""
    count = 0 if every else len(lines) - 1
    return [*lines[:count], *(line.replace(old, new) for line in lines[count:])]


_TABLE: dict[str, InjectInto] = {
    "header without rows": _change_table(lambda lines, _: lines[:1]),
    "missing column": _change_table(
        lambda lines, table: [lines[0].replace(table.column, "Other"), *lines[1:]]
    ),
    "extra column": _change_table(
        lambda lines, _: [line + (",x" if "," in lines[0] else "\tx") for line in lines]
    ),
    "half of the rows": _change_table(lambda lines, _: lines[: len(lines) // 2]),
    "truncated in a line": _change_table(lambda lines, _: [*lines[:-1], lines[-1][:20]]),
    "unknown code": _change_table(
        lambda lines, t: _replace(lines, t.code, t.code.replace(t.code[1:-1], "ZZ"))
    ),
    "unknown code in all rows": _change_table(
        lambda lines, t: _replace(lines, t.code, t.code.replace(t.code[1:-1], "ZZ"), every=True)
    ),
    "invalid date": _change_table(lambda lines, table: _replace(lines, table.date, "2026 Foo")),
    "repeated row": _change_table(lambda lines, _: [*lines, lines[-1]]),
    "contradicting rows": _change_table(
        lambda lines, table: [*lines, lines[-1].replace(table.date, table.other_date)]
    ),
    "not UTF-8": lambda setup, table: setup.services[table.service].serve(
        table.file, b"\xff".join(CATALOGUES[table.file].rsplit(table.date.encode(), 1))
    ),
}
"""Faults of a catalogue as a table."""
