"""One published edition, which the tests share: few lives, of a database with hostile names."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from spacex.dashboard.static_edition import edition as writing
from spacex.dashboard.static_edition.lives import Lives
from spacex.settings import Settings
from tests import stages
from tests.dashboard.browser import HOSTILE, changed

LAUNCHES, BOOSTERS, SATELLITES = 3, 2, 4


class Stopped(BaseException):
    """Stands for a kill."""


@dataclass(frozen=True)
class Edition:
    """A published edition.

    Attributes:
        folder: its folder, in which a first publication was killed.
        settings: those of its database.
        found: what was published.
    """

    folder: Path
    settings: Settings
    found: writing.Published

    def publish(self) -> writing.Published:
        """Publish it again."""
        return writing.publish(self.settings, self.folder)


def few(lives: Lives) -> Lives:
    """Return the newest lives only, which are soon written."""
    return Lives(
        dict(list(lives.launches.items())[-LAUNCHES:]),
        dict(list(lives.boosters.items())[-BOOSTERS:]),
        lives.satellites[-SATELLITES:],
    )


@pytest.fixture(scope="session")
def edition(sampled: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edition]:
    """An edition, written after a first attempt was killed."""
    folder = tmp_path_factory.mktemp("edition")
    hostile = changed(
        sampled.database,
        folder,
        ("UPDATE starlink SET object_name = object_name || ' ' || ?", HOSTILE),
        ("UPDATE launches SET name = name || ' ' || ?, details = ?", HOSTILE, HOSTILE),
        ("UPDATE rockets SET name = name || ' ' || ?", HOSTILE),
    )
    data = folder / "data"
    data.mkdir()
    shutil.move(hostile, data / "starlink.db")
    settings = stages.at(sampled, data_dir=data)
    read = Lives.read
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Lives, "read", lambda database: few(read(database)))
        target = folder / "edition"

        def stop_at_lives(what: str) -> None:
            if "launch" in what:
                raise Stopped

        with pytest.raises(Stopped):
            writing.publish(settings, target, stop_at_lives)
        yield Edition(target, settings, writing.publish(settings, target))
