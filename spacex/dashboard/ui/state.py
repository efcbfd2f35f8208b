"""What the visitor has chosen: the page, its filters, and where its tables stand."""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlencode

Listener = Callable[[], None]

LONGEST_VALUE = 200
"""Longest value kept, in characters: the query is written by anyone."""


class State:
    """Names and values, all texts, as they stand in the query of the page's address.

    A name that is not there has the empty value, which means: as it is by default.
    """

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._listeners: list[Listener] = []

    def __getitem__(self, name: str) -> str:
        return self._values.get(name, "")

    def values(self) -> Mapping[str, str]:
        """A copy of everything chosen."""
        return dict(self._values)

    def listen(self, listener: Listener) -> None:
        """Call this whenever something has changed."""
        self._listeners.append(listener)

    def change(self, changes: Mapping[str, str]) -> None:
        """Choose these; what is not named stays as it is. Listeners are called once, if at all."""
        self._become({**self._values, **changes})

    def read(self, query: str) -> None:
        """Take everything from the query of an address."""
        self._become(dict(parse_qsl(query, max_num_fields=50)))

    def query(self, **changes: str) -> str:
        """Everything, as the query of an address; with these changes, which are not made."""
        values = {**self._values, **changes}
        return urlencode({name: value for name, value in values.items() if value})

    def _become(self, values: Mapping[str, str]) -> None:
        before = self._values
        self._values = {name: value[:LONGEST_VALUE] for name, value in values.items() if value}
        if self._values != before:
            for listener in self._listeners:
                listener()
