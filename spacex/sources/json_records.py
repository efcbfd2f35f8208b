"""A service's answer as a list of records."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from spacex.errors import ResponseError

_SPLIT = msgspec.json.Decoder(list[msgspec.Raw])
_DECODE = msgspec.json.Decoder(dict[str, Any])
_PAGE = msgspec.json.Decoder(dict[str, msgspec.Raw])
_AROUND = 40


def split_records(body: bytes, origin: str) -> list[msgspec.Raw]:
    """The answer's records, still as JSON: a view of `body` each, so that memory stays small.

    Args:
        body: the answer.
        origin: where it came from, for the message.

    Raises:
        ResponseError: the answer is no UTF-8, no JSON, no array, or an empty one.
    """
    try:
        records = _SPLIT.decode(body)
    except msgspec.ValidationError as error:
        raise _wrong(origin, f"no list of records: {error}", body[: 2 * _AROUND]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed(origin, error, body) from None
    if not records:
        raise _wrong(origin, "an empty list, where records were expected", b"[]")
    return records


def decode_record(raw: msgspec.Raw, origin: str) -> dict[str, Any]:
    """One record of an answer.

    Raises:
        ResponseError: the record is no JSON object, or its text is no UTF-8.
    """
    try:
        return _DECODE.decode(raw)
    except msgspec.ValidationError as error:
        quote = bytes(raw)[: 2 * _AROUND]
        raise _wrong(origin, f"a record that is no object: {error}", quote) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed(origin, error, bytes(raw)) from None


def list_records(body: bytes, origin: str) -> Iterator[dict[str, Any]]:
    """The records of an answer that is a list, each decoded as it is asked for.

    Raises:
        ResponseError: as `split_records` and `decode_record`.
    """
    for raw in split_records(body, origin):
        yield decode_record(raw, origin)


def page_records(body: bytes, origin: str, key: str) -> Iterator[dict[str, Any]]:
    """The records of a page: an object with the list under a key. There may be none.

    Raises:
        ResponseError: the answer is no object, lacks the key, or has no list there; or as
            `decode_record`.
    """
    try:
        page = _PAGE.decode(body)
        records = _SPLIT.decode(page[key])
    except KeyError:
        raise _wrong(origin, f"no field {key!r}", body[: 2 * _AROUND]) from None
    except msgspec.ValidationError as error:
        raise _wrong(origin, f"no page of records: {error}", body[: 2 * _AROUND]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed(origin, error, body) from None
    for raw in records:
        yield decode_record(raw, origin)


def count_records(body: bytes, origin: str) -> int:
    """The number of records, each checked to be a well-formed JSON object.

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
        return _wrong(origin, f"text that is not UTF-8 (byte {at})", body[max(at - _AROUND, 0) :])
    if isinstance(error, RecursionError):
        return _wrong(origin, "lists or objects nested too deep", body)
    if not body.strip():
        return _wrong(origin, "nothing, where records were expected", b"")
    found = re.search(r"\(byte (\d+)\)", str(error))
    at = int(found[1]) if found else len(body)
    what = str(error).removeprefix("JSON is malformed: ")
    told = "JSON that is cut short" if "truncated" in what else f"malformed JSON, {what}"
    return _wrong(origin, told, body[max(at - _AROUND, 0) : at + _AROUND])


def _wrong(origin: str, what: str, quote: bytes) -> ResponseError:
    text = " ".join(quote[: 2 * _AROUND].decode(errors="replace").split())
    return ResponseError(
        f"{origin} answered with {what}" + (f": …{text}…" if text else "."),
        remedy="The database is unchanged. Try later, or use stored answers: --source snapshot.",
    )
