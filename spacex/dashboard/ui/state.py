"""The visitor's state: the page, its filters and its tables' settings."""

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import parse_qsl, urlencode

Listener = Callable[[], None]

MAX_VALUES = 50
"""Most values that a URL query may have."""

MAX_VALUE_LENGTH = 200
"""Longest value kept, in characters: anyone can write a URL query."""


class State:
    """Names and text values, as in the URL query; a missing name has the default, empty value.

    Args:
        renamed: the current name for each former name, so that old links continue to work.
        renamed_values: the current value for each pair of a current name and a former value.
    """

    def __init__(
        self,
        renamed: Mapping[str, str] | None = None,
        renamed_values: Mapping[tuple[str, str], str] | None = None,
    ) -> None:
        self._renamed = renamed or {}
        self._renamed_values = renamed_values or {}
        self._values: dict[str, str] = {}
        self._listeners: list[Listener] = []

    def __getitem__(self, name: str) -> str:
        return self._values.get(name, "")

    def values(self) -> Mapping[str, str]:
        """Return a copy of all values that are set."""
        return dict(self._values)

    def listen(self, listener: Listener) -> None:
        """Call the listener after every change."""
        self._listeners.append(listener)

    def change(self, changes: Mapping[str, str]) -> None:
        """Set some values and keep the others; call listeners once if anything changed."""
        self._replace({**self._values, **changes})

    def forget(self, names: Iterable[str]) -> None:
        """Unset some values that had no effect; no listener is called."""
        for name in names:
            self._values.pop(name, None)

    def correct(self, name: str, value: str) -> None:
        """Write a value in another way that means the same; no listener is called.

        Args:
            name: its name.
            value: the value; empty to unset it.
        """
        self._values.pop(name, None)
        if value:
            self._values[name] = value

    def read(self, query: str) -> None:
        """Replace all values by those of a URL query, which may contain former names and values.

        Of more than MAX_VALUES values, the others are ignored.
        """
        values = parse_qsl("&".join(query.split("&")[:MAX_VALUES]))
        current = [(self._renamed.get(name, name), value) for name, value in values]
        self._replace({pair[0]: self._renamed_values.get(pair, pair[1]) for pair in current})

    def query(self, **changes: str) -> str:
        """Return the URL query of all values, with changes that are not applied."""
        values = {**self._values, **changes}
        return urlencode({name: value for name, value in values.items() if value})

    def _replace(self, values: Mapping[str, str]) -> None:
        before = self._values
        self._values = {name: value[:MAX_VALUE_LENGTH] for name, value in values.items() if value}
        if self._values != before:
            for listener in self._listeners:
                listener()
