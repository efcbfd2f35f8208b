"""Decode JSON responses into records."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from spacex.errors import ResponseError

_SPLIT = msgspec.json.Decoder(list[msgspec.Raw])
_DECODE = msgspec.json.Decoder(dict[str, Any])
_PAGE = msgspec.json.Decoder(dict[str, msgspec.Raw])
_CONTEXT = 40


def split_records(body: bytes, origin: str) -> list[msgspec.Raw]:
    """Split a JSON array into undecoded records, which are views of `body`.

    Args:
        body: the response.
        origin: its URL or file, for messages.

    Raises:
        ResponseError: the response is not UTF-8, not JSON, not an array, or an empty array.
    """
    try:
        records = _SPLIT.decode(body)
    except msgspec.ValidationError as error:
        raise _wrong(origin, f"no array of records: {error}", body[: 2 * _CONTEXT]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed(origin, error, body) from None
    if not records:
        raise _wrong(origin, "an empty array instead of records", b"[]")
    return records


def decode_record(raw: msgspec.Raw, origin: str) -> dict[str, Any]:
    """Decode one record.

    Raises:
        ResponseError: the record is not a JSON object or not UTF-8.
    """
    try:
        return _DECODE.decode(raw)
    except msgspec.ValidationError as error:
        quote = bytes(raw)[: 2 * _CONTEXT]
        raise _wrong(origin, f"a record that is not an object: {error}", quote) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed(origin, error, bytes(raw)) from None


def list_records(body: bytes, origin: str) -> Iterator[dict[str, Any]]:
    """Yield the records of a response that is an array.

    Raises:
        ResponseError: as `split_records` and `decode_record`.
    """
    for raw in split_records(body, origin):
        yield decode_record(raw, origin)


def page_records(body: bytes, origin: str, key: str) -> Iterator[dict[str, Any]]:
    """Yield the records of a page, an object that holds them in an array; it may be empty.

    Args:
        body: the response.
        origin: its URL or file, for messages.
        key: the key of the array.

    Raises:
        ResponseError: the response is not an object with such an array; or as `decode_record`.
    """
    try:
        page = _PAGE.decode(body)
        records = _SPLIT.decode(page[key])
    except KeyError:
        raise _wrong(origin, f"no field {key!r}", body[: 2 * _CONTEXT]) from None
    except msgspec.ValidationError as error:
        raise _wrong(origin, f"no page of records: {error}", body[: 2 * _CONTEXT]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed(origin, error, body) from None
    for raw in records:
        yield decode_record(raw, origin)


def count_records(body: bytes, origin: str) -> int:
    """Count the records of an array, and check that each is a well-formed JSON object.

    Raises:
        ResponseError: as `split_records` and `decode_record`.
    """
    records = split_records(body, origin)
    for raw in records:
        decode_record(raw, origin)
    return len(records)


def _malformed(origin: str, error: Exception, body: bytes) -> ResponseError:
    if isinstance(error, UnicodeDecodeError):
        at = max(body.find(error.object), 0) + error.start
        return _wrong(origin, f"text that is not UTF-8 (byte {at})", body[max(at - _CONTEXT, 0) :])
    if isinstance(error, RecursionError):
        return _wrong(origin, "JSON that is nested too deeply", body)
    if not body.strip():
        return _wrong(origin, "an empty body instead of records", b"")
    found = re.search(r"\(byte (\d+)\)", str(error))
    at = int(found[1]) if found else len(body)
    reason = str(error).removeprefix("JSON is malformed: ")
    problem = "truncated JSON" if "truncated" in reason else f"malformed JSON, {reason}"
    return _wrong(origin, problem, body[max(at - _CONTEXT, 0) : at + _CONTEXT])


def _wrong(origin: str, problem: str, quote: bytes) -> ResponseError:
    text = " ".join(quote[: 2 * _CONTEXT].decode(errors="replace").split())
    return ResponseError(
        f"{origin} returned {problem}" + (f": …{text}…" if text else "."),
        remedy="The database is unchanged. Try again later, or use the stored snapshots with "
        "--source snapshot.",
    )
