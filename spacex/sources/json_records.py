"""Decode JSON responses into records."""

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, TypeVar

import msgspec

from spacex.errors import ResponseError
from spacex.sources.mapping import type_name
from spacex.sources.record import Record, Unreadable, is_file, remedy

_Decoded = TypeVar("_Decoded")
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_RECORD = msgspec.json.Decoder(dict[str, Any])
_WITH_INFINITY = msgspec.json.Decoder(dict[str, Any], float_hook=float)
"""Reads numbers such as 1e400 as infinite, which are rejected with their record."""
_PAGE = msgspec.json.Decoder(dict[str, msgspec.Raw])
_DECODE_ERRORS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_CONTEXT = 40
_AGAIN = "Download the file again."
_AS_ARRAY = "The database is unchanged. Save the records as one array: [{…}, {…}]."
_ESCAPE = re.compile(rb"\\(?:(u[dD][89abAB]..\\u[dD][c-fC-F]..)|(u[dD][89a-fA-F]..)|.)", re.DOTALL)
"""An escape in JSON: of a whole character in two halves, of half a character, or another one."""
_HALF = b"\\uffff"
"""What half a character is read as: U+FFFF, which is no character either."""
_HALVES = "half a character, \\ud83d or the like"
LATER = "Try again later, or use the stored snapshots with --source snapshot."


def without_bom(body: bytes) -> bytes:
    """Return a body without the byte order mark that some programs put before UTF-8."""
    return body.removeprefix(codecs.BOM_UTF8)


def list_records(body: bytes, origin: str) -> Iterator[Record | Unreadable]:
    """Yield the records of a response that is an array, decoded one at a time to limit memory.

    A record that cannot be read costs itself, unless no other one can.

    Args:
        body: the response.
        origin: its URL or file, for messages.

    Raises:
        ResponseError: the response is not JSON, not an array, or has no record that can be read.
    """
    try:
        records = decoded(_ARRAY, without_bom(body))
    except _DECODE_ERRORS as error:
        layout = _other_layout(body) if is_file(origin) else ""
        if layout:
            raise ResponseError(f"{origin} contains {layout}.", remedy=_AS_ARRAY) from None
        raise _decode_error(error, body, origin, "no array of records") from None
    if not records:
        raise _wrong(origin, "an empty array instead of records", b"[]")
    yield from _records(records, origin)


def _other_layout(body: bytes) -> str:
    """Return how a file holds its records if not in an array; empty if that is not known."""
    lines = [line for line in without_bom(body).split(b"\n", 10) if line.strip()][:2]
    if len(lines) > 1 and all(line.lstrip()[:1] == b"{" for line in lines):
        return "JSON Lines, an object a line, not an array of records"
    with suppress(*_DECODE_ERRORS):
        for name, value in _PAGE.decode(without_bom(body)).items():
            if bytes(value).startswith(b"["):
                return f"its records in the field {name!r} of an object, not in an array"
    return ""


def page_records(body: bytes, origin: str, key: str) -> Iterator[Record | Unreadable]:
    """Yield the records of a page, an object that holds them in an array; it may be empty.

    A record that cannot be read costs itself, unless no other one can.

    Args:
        body: the response.
        origin: its URL or file, for messages.
        key: the key of the array.

    Raises:
        ResponseError: the response is not an object with such an array, or no record can be read.
    """
    try:
        page = decoded(_PAGE, without_bom(body))
        records = _ARRAY.decode(page[key])
    except KeyError:
        raise _wrong(origin, f"no field {key!r}", body) from None
    except _DECODE_ERRORS as error:
        raise _decode_error(error, body, origin, "no page of records") from None
    yield from _records(records, origin)


def decoded(decoder: msgspec.json.Decoder[_Decoded], body: bytes) -> _Decoded:
    """Decode a body; halves of characters, which no decoder accepts, are read as U+FFFF."""
    try:
        return decoder.decode(body)
    except msgspec.DecodeError:
        marked = _ESCAPE.sub(lambda found: _HALF if found[2] else found[0], body)
        if marked == body:
            raise
    return decoder.decode(marked)


def _records(raws: list[msgspec.Raw], origin: str) -> Iterator[Record | Unreadable]:
    """Yield the records of an array.

    Raises:
        ResponseError: it has records, of which none can be read.
    """
    first_error: ResponseError | None = None
    any_read = False
    for number, raw in enumerate(raws, start=1):
        place = f"({origin}, record {number:,})"
        try:
            record = _record(raw)
        except _DECODE_ERRORS as error:
            problem = "a record that is not an object"
            first_error = first_error or _decode_error(error, bytes(raw), origin, problem)
            yield Unreadable(_text(bytes(raw)), f"{_reason(raw, error)} {place}")
            continue
        if _HALF in bytes(raw):
            first_error = first_error or _wrong(origin, _HALVES, _shown(raw))
            yield _without_halves(record, raw, place)
            continue
        any_read = True
        yield record
    if first_error and not any_read:
        raise first_error


def _record(raw: msgspec.Raw) -> Record:
    try:
        return _RECORD.decode(raw)
    except _DECODE_ERRORS:
        with suppress(*_DECODE_ERRORS):
            return _WITH_INFINITY.decode(raw)
        raise


def _reason(raw: msgspec.Raw, error: Exception) -> str:
    """Return why a record cannot be read."""
    if isinstance(error, UnicodeDecodeError):
        return "text that is not UTF-8"
    with suppress(*_DECODE_ERRORS):
        return f"{type_name(msgspec.json.decode(raw))} instead of an object"
    return str(error).partition(" - at ")[0]


def _without_halves(record: Record, raw: msgspec.Raw, place: str) -> Unreadable:
    """Return a record with the fields that have no half of a character."""
    half = _HALF.decode("unicode_escape").encode()
    whole = {n: v for n, v in record.items() if half not in msgspec.json.encode({n: v})}
    names = ", ".join(name for name in record if name not in whole)
    return Unreadable(_text(_shown(raw)), f"{_HALVES}, in {names} {place}", whole)


def _shown(raw: msgspec.Raw) -> bytes:
    """Return a record as text, with U+FFFD for each half of a character."""
    return bytes(raw).replace(_HALF, rb"\ufffd")


def _first_undecodable(body: bytes) -> int:
    """Return where a body stops to be UTF-8; its length if it is all UTF-8."""
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return error.start
    return len(body)


def _decode_error(error: Exception, body: bytes, origin: str, mismatch: str) -> ResponseError:
    """Return the error for a body that cannot be decoded; `mismatch` says what it is instead."""
    if isinstance(error, msgspec.ValidationError):
        return _wrong(origin, f"{mismatch}: {error}", body)
    if isinstance(error, UnicodeDecodeError):
        at = _first_undecodable(body)
        return _wrong(origin, "text that is not UTF-8", body[max(at - _CONTEXT, 0) :])
    if isinstance(error, RecursionError):
        return _wrong(origin, "JSON that is nested too deeply", body)
    if not body.strip():
        return _wrong(origin, "an empty body instead of records", b"")
    found = re.search(r"\(byte (\d+)\)", str(error))
    at = int(found[1]) if found else len(body)
    reason = str(error).removeprefix("JSON is malformed: ")
    problem = f"malformed JSON, {reason}"
    if "truncated" in reason:
        problem = "JSON without its end: the file is cut" if is_file(origin) else "truncated JSON"
    return _wrong(origin, problem, body[max(at - _CONTEXT, 0) : at + _CONTEXT])


def _wrong(origin: str, problem: str, quote: bytes) -> ResponseError:
    text = _text(quote[: 2 * _CONTEXT])
    verb = "contains" if is_file(origin) else "returned"
    return ResponseError(
        f"{origin} {verb} {problem}" + (f": …{text}…" if text else "."),
        remedy=remedy(origin, _AGAIN, LATER),
    )


def _text(quote: bytes) -> str:
    return " ".join(quote.decode(errors="replace").split())
