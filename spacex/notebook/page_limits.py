"""Limits of what a page takes of the outputs of its notebook, which keeps all of them."""

import json
from typing import Any

MOST_LINES = 1_000
"""Lines that a page takes of a text."""
MOST_CHARACTERS = 100_000
"""Characters that a page takes of a text."""
MOST_OF_OUTPUT = 2_000_000
"""Size of the largest table or picture that a page takes, bytes."""
MOST_OF_PAGE = 4_000_000
"""Size of all outputs that a page takes, bytes."""
MOST_OF_CHARTS = 1_000_000
"""Size of the specifications of the live charts that a page takes, bytes, compressed."""

_HAS_ALL = "the notebook has all"
_PLAIN = "text/plain"
_LENGTHENED = 8
"""By how much escapes, colours and tables lengthen a character of text, at most."""


def limit(notebook: Any) -> None:
    """Leave out of the outputs of an executed notebook what is too large for its page.

    A line says so in the place of what is left out.
    """
    left = MOST_OF_PAGE
    for cell in notebook.cells:
        if outputs := cell.get("outputs"):
            cell.outputs, left = _limited(outputs, left)


def _limited(outputs: list[Any], left: int) -> tuple[list[Any], int]:
    """Return the outputs of a cell that a page takes, and the size that is left of the page."""
    kept: list[Any] = []
    for output in outputs:
        note = _cut(output)
        size = _size(output)
        if size > left:
            return [*kept, _line(f"More outputs are left out; {_HAS_ALL}.")], left
        is_left = output.output_type not in {"display_data", "execute_result"} or output.data
        kept += [*([output] if is_left else []), *([_line(note)] if note else [])]
        left -= size
    return kept, left


def _cut(output: Any) -> str:
    """Cut an output that is too large, and return a sentence on it; empty if it is not."""
    if output.output_type == "stream":
        output.text, note = _beginning(output.text)
    elif output.output_type == "error":
        text, note = _beginning("\n".join(output.traceback))
        output.traceback = text.split("\n")
    else:
        note = _cut_data(output.data)
    return note


def _cut_data(data: Any) -> str:
    others = {kind: value for kind, value in data.items() if kind != _PLAIN}
    size = sum(_length(each) for each in others.values())
    if size > MOST_OF_OUTPUT:
        for kind in others:
            del data[kind]
    text, note = _beginning(data.get(_PLAIN, ""))
    if text:
        data[_PLAIN] = text
    if size > MOST_OF_OUTPUT:
        return f"An output of {size / 1e6:,.1f} MB is left out; {_HAS_ALL}."
    return "" if others else note


def _beginning(text: str) -> tuple[str, str]:
    """Return as much of a text as a page takes, and a sentence on that; empty if it takes all."""
    lines = text.splitlines(keepends=True)
    most = "".join(lines[:MOST_LINES])
    if len(most) > MOST_CHARACTERS:
        note = f"The first {MOST_CHARACTERS:,} of {len(text):,} characters; {_HAS_ALL}."
        return most[:MOST_CHARACTERS], note
    if len(lines) > MOST_LINES:
        return most, f"The first {MOST_LINES:,} of {len(lines):,} lines; {_HAS_ALL}."
    return text, ""


def _size(output: Any) -> int:
    """Return the size of an output on a page, bytes, or more."""
    if output.output_type == "stream":
        return _length(output.text) * _LENGTHENED
    if output.output_type == "error":
        return _length(output.traceback) * _LENGTHENED
    return sum(
        _length(value) * (1 if kind == "text/html" or kind.startswith("image/") else _LENGTHENED)
        for kind, value in output.data.items()
    )


def _length(value: Any) -> int:
    return len((value if isinstance(value, str) else json.dumps(value)).encode())


def _line(sentence: str) -> Any:
    from nbformat.v4 import new_output  # noqa: PLC0415 - heavy

    return new_output("display_data", {"text/html": f"<p><em>{sentence}</em></p>"})
