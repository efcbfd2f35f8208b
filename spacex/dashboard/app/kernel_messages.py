"""The shape of the messages that a page sends to its kernel.

Kernels print a traceback for a message of another shape.
"""

import json
from typing import Any, Literal

import msgspec
from jupyter_client.jsonutil import extract_dates
from jupyter_server.services.kernels.connection.base import (
    deserialize_binary_message,
    deserialize_msg_from_ws_v1,
)

_PARTS = ("header", "parent_header", "metadata", "content")
_DEEPEST = 32
"""Most levels of lists and objects; ours have fewer than ten, and Python's limit is about 1000."""


class _Message(msgspec.Struct):
    channel: Literal["shell"]
    header: dict[str, str | None]
    parent_header: dict[str, str | None]
    metadata: dict[str, Any]
    content: dict[str, Any]


class _Header(msgspec.Struct):
    msg_id: str
    msg_type: str
    session: str
    subshell_id: None = None


class _Comm(msgspec.Struct):
    comm_id: str


class _CommOpen(_Comm):
    target_name: str


_CONTENTS = {"comm_open": _CommOpen, "comm_msg": _Comm, "comm_close": _Comm}


def check_shape(sent: str | bytes, *, is_v1: bool) -> None:
    """Check that a kernel can read a message.

    Args:
        sent: the message.
        is_v1: whether it is in the protocol `v1.kernel.websocket.jupyter.org`.

    Raises:
        Exception: it cannot; Jupyter's functions raise many.
    """
    found = _parts(sent, is_v1=is_v1)
    message = msgspec.convert(found, _Message)
    header = msgspec.convert(message.header, _Header)
    extract_dates([message.header, message.parent_header])
    if expected := _CONTENTS.get(header.msg_type):
        msgspec.convert(message.content, expected)
    _check_depth([message.metadata, message.content], _DEEPEST)


def _parts(sent: str | bytes, *, is_v1: bool) -> dict[str, Any]:
    """Return channel, headers, metadata and content of a message."""
    if is_v1:
        channel, parts = deserialize_msg_from_ws_v1(sent)  # type: ignore[no-untyped-call]
        named = zip(_PARTS, parts[: len(_PARTS)], strict=True)
        return {"channel": channel} | {name: json.loads(part) for name, part in named}
    if isinstance(sent, str):
        return dict(json.loads(sent))
    return dict(deserialize_binary_message(sent))  # type: ignore[no-untyped-call]


def _check_depth(value: object, levels: int) -> None:
    """Check how deep a value is nested.

    Raises:
        ValueError: it has more levels.
    """
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        if not levels:
            raise ValueError("nested too deep")
        for each in value:
            _check_depth(each, levels - 1)
