"""What goes wrong on the machine itself: the disk, the stored files, the database, the clock."""

import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from filelock import FileLock

from spacex.schema import SCHEMA_VERSION
from tests.faults.outcome import Fault
from tests.faults.world import World

SNAPSHOT = ("--source", "snapshot")


def faults() -> Iterator[Fault]:
    """Every fault of the machine."""
    for name, befall in _STORED.items():
        yield Fault("Stored answers", name, befall, SNAPSHOT)
    for name, befall in _DATABASE.items():
        yield Fault("The database", name, befall)
    for name, befall in _MACHINE.items():
        yield Fault("The machine", name, befall, needs_root="disk" in name)
    for name, arguments in _ASKED.items():
        yield Fault("What is asked for", name, lambda _: None, arguments)
    for name, (setting, value) in _SETTINGS.items():
        yield Fault("Settings", name, _set(setting, value))


def _answer(world: World) -> Path:
    return world.stored("spacexdata", "launches")


def _sidecar(world: World) -> Path:
    return next(_answer(world).parent.glob("*.meta.json"))


def _write(path: Callable[[World], Path], content: bytes) -> Callable[[World], object]:
    return lambda world: path(world).write_bytes(content)


def _cut(path: Callable[[World], Path]) -> Callable[[World], object]:
    return lambda world: os.truncate(path(world), path(world).stat().st_size // 2)


def _remove(path: Callable[[World], Path]) -> Callable[[World], object]:
    return lambda world: path(world).unlink()


_STORED: dict[str, Callable[[World], object]] = {
    "an answer is missing": _remove(_answer),
    "an answer is cut short": _cut(_answer),
    "an answer is something else": _write(_answer, b"something else"),
    "a sidecar is missing": _remove(_sidecar),
    "a sidecar is cut short": _cut(_sidecar),
    "a sidecar is empty": _write(_sidecar, b""),
}


def _at_64k(world: World) -> None:
    with world.database.open("r+b") as file:
        file.seek(2**16)
        file.write(b"\xff" * 4096)


def _schema(version: int) -> Callable[[World], object]:
    def befall(world: World) -> None:
        with closing(sqlite3.connect(world.database)) as connection:
            connection.execute(f"PRAGMA user_version = {version}")

    return befall


def _folder(world: World) -> None:
    world.database.unlink()
    world.database.mkdir()


def _read(world: World) -> Callable[[], None]:
    reader = sqlite3.connect(f"file:{world.database}?mode=ro", uri=True)
    cursor = reader.execute("SELECT * FROM starlink")
    assert cursor.fetchone()
    return reader.close


def _lock(world: World) -> Callable[[], None]:
    lock = FileLock(world.database.with_name("starlink.db.lock"), thread_local=False)
    lock.acquire()
    return lock.release


def _there(world: World) -> Path:
    return world.database


_DATABASE: dict[str, Callable[[World], object]] = {
    "its head is damaged": _write(_there, b"no database" * 1000),
    "a page of it is damaged": _at_64k,
    "it is cut short": _cut(_there),
    "it is of an older version": _schema(SCHEMA_VERSION - 1),
    "it is of a newer version": _schema(SCHEMA_VERSION + 1),
    "a folder stands in its place": _folder,
    "somebody is reading it": _read,
    "somebody is writing it": _lock,
}


def _full_disk(left_kb: int) -> Callable[[World], object]:
    """The data on a file system of their own that has so much left."""

    def befall(world: World) -> Callable[[], object]:
        aside = world.data_dir.with_name("aside")
        world.data_dir.rename(aside)
        world.data_dir.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=20m", "none", world.data_dir]
        subprocess.run(mount, check=True)
        subprocess.run(["cp", "-a", f"{aside}/.", world.data_dir], check=True)
        disk = os.statvfs(world.data_dir)
        (world.data_dir / "more").write_bytes(bytes(disk.f_bavail * disk.f_bsize - left_kb * 1024))
        return lambda: subprocess.run(["umount", world.data_dir], check=True)

    return befall


def _forbidden(world: World) -> Callable[[], None]:
    """Nothing of the data may be written; root, to whom nothing is forbidden, is somebody else."""
    for path in [world.data_dir, *world.data_dir.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    world.data_dir.parent.chmod(0o755)
    if os.geteuid() == 0:
        os.seteuid(65534)
        return lambda: os.seteuid(0)
    return lambda: None


def _clock_set_back(world: World) -> None:
    world.clock.set("2026-11-20")


_MACHINE: dict[str, Callable[[World], object]] = {
    "its disk is full as answers come": _full_disk(0),
    "its disk is full as tables are made": _full_disk(200),
    "its disk is full as the database is written": _full_disk(900),
    "nothing may be written": _forbidden,
    "its clock is set back five days": _clock_set_back,
}
_ASKED: dict[str, tuple[str, ...]] = {
    "a list there is not": ("--only", "rokets"),
    "an address that is none": ("--base-url", "ftp://example.org"),
    "a day that is none": ("--as-of", "yesterday"),
    "a day before there was anything": ("--as-of", "2006-01-01"),
    "the past, from the services": ("--as-of", "2026-11-01", "--source", "api"),
}


def _set(setting: str, value: str) -> Callable[[World], object]:
    return lambda world: world.set(**{setting: value})


_SETTINGS: dict[str, tuple[str, str]] = {
    "a number that is none": ("attempts", "many"),
    "a number beyond its limits": ("attempts", "0"),
    "an address that is none": ("base_url", "spacex"),
    "a service there is not": ("sources", "spacetrack"),
}
