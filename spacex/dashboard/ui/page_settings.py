"""Settings of a page: choices in the URL query that are no filters, such as the row of a table."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from spacex.dashboard.ui.view import View


@dataclass(frozen=True)
class Setting:
    """A choice in the URL query, empty for the default.

    Attributes:
        name: name in the URL query.
        label: what it is called, in the middle of a sentence.
        accepts: returns whether a value has an effect in a view.
        between: separates several values; empty if there is one.
        is_told_by_panel: whether a panel says itself why a value is ignored; it then gets it once.
    """

    name: str
    label: str
    accepts: Callable[[str, View], bool]
    between: str = ""
    is_told_by_panel: bool = False

    def ignored(self, view: View) -> list[str]:
        """Return the values in a view that have no effect."""
        return [each for each in self._values(view) if not self.accepts(each, view)]

    def accepted(self, view: View) -> str:
        """Return the value in a view without what has no effect."""
        return self.between.join(each for each in self._values(view) if self.accepts(each, view))

    def _values(self, view: View) -> list[str]:
        value = view[self.name]
        return list(filter(None, value.split(self.between) if self.between else [value]))


def one_of(name: str, label: str, values: Collection[str]) -> Setting:
    """Return a setting that has one of some values.

    Args:
        name: name in the URL query.
        label: see `Setting`.
        values: those that it can have.
    """
    return Setting(name, label, lambda value, _: value in values)


def number_within(name: str, label: str, bounds: tuple[float, float]) -> Setting:
    """Return a setting that is a number.

    Args:
        name: name in the URL query.
        label: see `Setting`.
        bounds: the least and the greatest number.
    """
    return Setting(name, label, lambda value, _: _is_within(value, bounds))


def row_number(name: str) -> Setting:
    """Return the setting of the first row shown of a table."""
    return Setting(name, "row", lambda value, _: value.isascii() and value.isdecimal())


def _is_within(text: str, bounds: tuple[float, float]) -> bool:
    try:
        return bounds[0] <= float(text) <= bounds[1]
    except ValueError:
        return False
