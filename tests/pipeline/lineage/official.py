"""What is wrong with an event of OpenLineage, by the classes that its project makes of its schemas.

The package `openlineage-python` has a class for each schema, with its properties, their types and
checks of the formats. The classes alone check few of them: an event is read here property by
property, and one that a schema does not have is wrong as well, although it would be allowed.
"""

import importlib
import pkgutil
import types
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

import attr
from openlineage.client import generated
from openlineage.client.generated import base

URL = "schemaURL"


def problems(event: object) -> list[str]:
    """Return what is wrong with an event; nothing if it is valid."""
    found = [*_of_class(base.RunEvent, event, "event")]
    if not found and not str(event["eventTime"]).endswith("Z"):  # type: ignore[index]
        found.append("event.eventTime: not in UTC")
    return found


def _facet_classes() -> dict[str, type]:
    modules = (
        importlib.import_module(f"{generated.__name__}.{each.name}")
        for each in pkgutil.iter_modules(generated.__path__)
    )
    found = [value for module in modules for value in vars(module).values()]
    kinds = [each for each in found if isinstance(each, type) and issubclass(each, base.BaseFacet)]
    return {each._get_schema(): each for each in kinds if "_get_schema" in vars(each)}


FACETS = _facet_classes()
"""URL of its schema → class of each facet."""


def _of_class(kind: type, value: object, path: str) -> Iterator[str]:
    """Yield what is wrong with a value as an object of a class."""
    if not isinstance(value, dict):
        yield f"{path}: no object"
        return
    if issubclass(kind, base.BaseFacet):
        url = value.get("_schemaURL")
        if url not in FACETS:
            yield f"{path}: no schema {url}"
            return
        if not issubclass(FACETS[url], kind):
            yield f"{path}: {FACETS[url].__name__} is no {kind.__name__}"
            return
        kind = FACETS[url]
    elif issubclass(kind, base.BaseEvent) and value.get(URL) != kind._get_schema():
        yield f"{path}: no schema {value.get(URL)}"
    hints = get_type_hints(kind)
    properties = {each.name: each for each in attr.fields(kind)}
    yield from (f"{path}.{name}: unknown" for name in value.keys() - properties.keys())
    before = len(found := [])
    for name, each in properties.items():
        if name in value:
            found += _of_type(hints[name], value[name], f"{path}.{name}")
        elif each.default is attr.NOTHING or each.name in {"producer", "_producer", "_schemaURL"}:
            found.append(f"{path}.{name}: missing")
    if len(found) == before:
        found += _formats(kind, value, path)
    yield from found


def _of_type(hint: Any, value: object, path: str) -> Iterator[str]:
    """Yield what is wrong with a value of a type of the classes."""
    kind, arguments = get_origin(hint) or hint, get_args(hint)
    if kind in {Union, types.UnionType}:
        (kind,) = (each for each in arguments if each is not types.NoneType)
        yield from _of_type(kind, value, path)
    elif kind is list and isinstance(value, list):
        for number, each in enumerate(value):
            yield from _of_type(arguments[0], each, f"{path}[{number}]")
    elif kind is dict and isinstance(value, dict):
        for name, each in value.items():
            yield from _of_type(arguments[1], each, f"{path}.{name}")
    elif attr.has(kind):
        yield from _of_class(kind, value, path)
    elif issubclass(kind, Enum):
        if value not in {each.value for each in kind}:
            yield f"{path}: {value!r} is no {kind.__name__}"
    elif kind is not Any and (
        not isinstance(value, kind) or isinstance(value, bool) != (kind is bool)
    ):
        yield f"{path}: {value!r} is no {kind.__name__}"


def _formats(kind: type, value: dict[str, Any], path: str) -> Iterator[str]:
    """Yield which values do not have the format that a class checks, and which are no URIs."""
    for each in attr.fields(kind):
        if each.name not in value:
            continue
        if each.validator:
            try:
                each.validator(None, each, value[each.name])
            except ValueError as error:
                yield f"{path}.{each.name}: {error}"
        if (
            each.name.lstrip("_") in {"producer", URL, "uri"}
            and not urlsplit(value[each.name]).scheme
        ):
            yield f"{path}.{each.name}: {value[each.name]!r} is no URI"


def in_order(events: list[dict[str, Any]]) -> bool:
    """Return whether each run of a job has one event of its start, and then one of its end."""
    open_runs: set[str] = set()
    ended: set[str] = set()
    times = [datetime.fromisoformat(each["eventTime"]) for each in events]
    for each in events:
        run = each["run"]["runId"]
        if each["eventType"] == "START":
            if run in open_runs | ended:
                return False
            open_runs.add(run)
        else:
            if run not in open_runs:
                return False
            open_runs.remove(run)
            ended.add(run)
    return not open_runs and times == sorted(times)
