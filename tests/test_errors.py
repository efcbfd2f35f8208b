"""Errors: secrets are masked, and notebooks show the failing line and the message."""

import linecache
import pickle

import pytest

from spacex.errors import NotebookError, QueryError, SpacexError, masked

SECRETS = [
    ("https://user:SECRET@example.org/x", "https://***@example.org/x"),
    ("http://proxy:8080/?token=SECRET&a=1", "http://proxy:8080/?token=***&a=1"),
    ("https://example.org/?api_key=SECRET", "https://example.org/?api_key=***"),
    ("SPACEX_POSTGRES_PASSWORD=SECRET", "SPACEX_POSTGRES_PASSWORD=***"),
    ("db://me:${PASSWORD}@host/x", "db://me:${PASSWORD}@host/x"),
    ("db://me:SE${CRET}@host/x", "db://***@host/x"),
    ("a@b.org, monkey=4, http://a/b@c", "a@b.org, monkey=4, http://a/b@c"),
]


@pytest.mark.attack("read passwords and tokens in messages", "masked")
@pytest.mark.parametrize(("text", "shown"), SECRETS)
def test_secrets_are_masked_in_every_message(text: str, shown: str) -> None:
    assert masked(text) == shown
    error = SpacexError(text, remedy=text)
    assert (error.message, error.remedy) == (shown, shown)
    assert str(error) == f"{shown} {shown}"
    copied = pickle.loads(pickle.dumps(NotebookError(text, cause="x")))  # noqa: S301 - our own
    assert copied.message == shown


def test_a_notebook_shows_the_failing_line_and_the_message() -> None:
    """IPython runs a cell as `__main__`, and calls `_render_traceback_` of its error."""
    cell = "x = 1\nfail()\n"
    linecache.cache["<cell>"] = (len(cell), None, cell.splitlines(keepends=True), "<cell>")

    def fail() -> None:
        raise QueryError("There is no view 'x'.", "See the views.")

    with pytest.raises(QueryError) as caught:
        exec(compile(cell, "<cell>", "exec"), {"__name__": "__main__", "fail": fail})  # noqa: S102
    assert caught.value._render_traceback_() == [
        "----> 2 fail()",
        "QueryError: There is no view 'x'.",
        "→ See the views.",
    ]
