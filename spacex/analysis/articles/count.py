"""A count as it is known: exact, from the fewest to the most, or at least."""

from typing import NamedTuple


class Count(NamedTuple):
    """How many there are, as far as known.

    Attributes:
        least: how many are known.
        most: how many there are at most; None if nothing tells.
    """

    least: int
    most: int | None

    @property
    def is_known(self) -> bool:
        """Whether it says anything: "at least 0" does not."""
        return self.least > 0 or self.most is not None

    @property
    def figure(self) -> int | str | None:
        """The value of a key figure; None if the count is not known."""
        if self.least == self.most:
            return self.least
        return str(self) if self.is_known else None

    def __str__(self) -> str:
        """Return the count in words.

        >>> str(Count(3, 3)), str(Count(0, 5)), str(Count(1200, None))
        ('3', '0 to 5', 'at least 1,200')
        """
        if self.most is None:
            return f"at least {self.least:,}"
        return f"{self.least:,}" if self.least == self.most else f"{self.least:,} to {self.most:,}"
