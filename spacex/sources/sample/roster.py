"""Which satellites the simulated fleet has: how many of each batch, and which of them decayed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spacex.errors import SettingsError
from spacex.sources.sample.facts import Batch

MOST_SATELLITES = 400_000
"""More would run out of the designators a launch has for its pieces."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Manifest:
    """The satellites, batch by batch.

    Attributes:
        batch: each satellite's batch, as its place in the list of batches.
        piece: each satellite's place in its batch, from 0.
        is_decayed: whether it has re-entered.
    """

    batch: Numbers
    piece: Numbers
    is_decayed: NDArray[np.bool_]


def manifest(
    batches: tuple[Batch, ...], satellites: int | None, rng: np.random.Generator
) -> Manifest:
    """A fleet of so many satellites, shared out as the batches are; the batches' own if None.

    Raises:
        SettingsError: the number is no possible size of a fleet.
    """
    sizes = np.array([batch.satellites_catalogued for batch in batches])
    counts = _share(sizes, sizes.sum() if satellites is None else satellites)
    share_decayed = np.array([batch.decayed_by_2021_10_17 for batch in batches]) / sizes
    decayed = np.rint(counts * share_decayed).astype(np.int64)
    # Which pieces decayed is drawn by lot: pieces fill planes in order, and losses do not.
    lots = [rng.permutation(count) for count in counts]
    return Manifest(
        batch=np.repeat(np.arange(len(batches)), counts),
        piece=np.concatenate([np.arange(count) for count in counts]),
        is_decayed=np.concatenate([lot < lost for lot, lost in zip(lots, decayed, strict=True)]),
    )


def _share(sizes: Numbers, total: int) -> Numbers:
    """Whole numbers in proportion to the sizes, that sum to the total."""
    if not 1 <= total <= MOST_SATELLITES:
        raise SettingsError(
            f"No fleet of {total:,} satellites can be simulated.",
            remedy=f"Choose a number from 1 to {MOST_SATELLITES:,}.",
        )
    bounds = np.rint(np.concatenate([[0], sizes.cumsum()]) * (total / sizes.sum()))
    shares: Numbers = np.diff(bounds).astype(np.int64)
    return shares
