"""Faults of the machine, its files, the arguments and the settings."""

import gzip
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from filelock import FileLock

from spacex.errors import SnapshotError
from spacex.pipeline.backup import back_up
from spacex.pipeline.restore import restore
from spacex.schema import SCHEMA_VERSION
from spacex.settings import settings
from tests.example_records import omm, omm_json
from tests.faults.fault_setup import SATELLITES, Setup
from tests.faults.outcome import Fault, Inject
from tests.warehouse.other_program import LOGGED, UNFINISHED, killed, other_program


def faults() -> Iterator[Fault]:
    """Yield every fault."""
    for name, inject in _SNAPSHOTS.items():
        yield Fault("Stored snapshots", name, inject, ("--source", "snapshot"))
    for name, (file, body) in _MANUAL_FILES.items():
        yield Fault("Manual files", name, _put_manual_file(file, body))
    for name, inject in _DATABASE.items():
        yield Fault("The database", name, inject)
    for name, inject in _MACHINE.items():
        yield Fault("The machine", name, inject, needs_root="disk" in name)
    for name, arguments in _ARGUMENTS.items():
        yield Fault("Arguments", name, lambda _: None, arguments)
    for name, (setting, value) in _SETTINGS.items():
        yield Fault("Settings", name, _set(setting, value))


def _snapshot(setup: Setup) -> Path:
    return max((setup.data_dir / "raw" / "spacexdata" / "launches").glob("*.gz"))


def _sidecar(setup: Setup) -> Path:
    return next(_snapshot(setup).parent.glob("*.meta.json"))


def _head(setup: Setup) -> Path:
    return _snapshot(setup).with_name("head.json")


def _database(setup: Setup) -> Path:
    return setup.database


def _overwrite(path: Callable[[Setup], Path], content: bytes) -> Inject:
    return lambda setup: path(setup).write_bytes(content)


def _truncate(path: Callable[[Setup], Path]) -> Inject:
    return lambda setup: os.truncate(path(setup), path(setup).stat().st_size // 2)


def _remove(path: Callable[[Setup], Path]) -> Inject:
    return lambda setup: path(setup).unlink()


def _overwrite_page(setup: Setup) -> None:
    with setup.database.open("r+b") as file:
        file.seek(2**16)
        file.write(b"\xff" * 4096)


def _flip_unnoticed(setup: Setup) -> None:
    """Change a byte as a disk does, without a write that changes the time of the file."""
    times = setup.database.stat()
    content = bytearray(setup.database.read_bytes())
    content[content.index(b"International designator")] ^= 1
    setup.database.write_bytes(content)
    os.utime(setup.database, ns=(times.st_atime_ns, times.st_mtime_ns))
    setup.patch.setattr(
        "spacex.pipeline.stages.sleep", lambda seconds: setup.clock.advance(seconds=seconds)
    )


def _link_database(setup: Setup) -> None:
    """Put a link in place of the database, to another folder."""
    elsewhere = setup.data_dir.with_name("another disk")
    elsewhere.mkdir()
    for name in ("starlink.db", "starlink.db.sha256"):
        (setup.data_dir / name).rename(elsewhere / name)
    setup.database.symlink_to(elsewhere / "starlink.db")


def _link_to_nothing(setup: Setup) -> None:
    link = setup.data_dir.with_name("link")
    link.symlink_to(setup.data_dir.with_name("gone"))
    setup.set(data_dir=link)


def _set_schema_version(version: int) -> Inject:
    def inject(setup: Setup) -> None:
        with closing(sqlite3.connect(setup.database)) as connection:
            connection.execute(f"PRAGMA user_version = {version}")

    return inject


def _add_trigger(setup: Setup) -> None:
    with closing(sqlite3.connect(setup.database)) as connection:
        connection.execute("CREATE TRIGGER t AFTER INSERT ON starlink BEGIN SELECT 1; END")


def _edit_list(setup: Setup) -> None:
    with closing(sqlite3.connect(setup.database)) as connection, connection:
        connection.execute("UPDATE _observations SET listed = '[1, 2]'")


def _replace_with_folder(setup: Setup) -> None:
    setup.database.unlink()
    setup.database.mkdir()


def _open_reader(setup: Setup) -> Callable[[], None]:
    reader = sqlite3.connect(f"file:{setup.database}?mode=ro", uri=True)
    assert reader.execute("SELECT * FROM starlink").fetchone()
    return reader.close


def _kill_program(*statements: str) -> Inject:
    return lambda setup: killed(setup.database, *statements)


def _leave_other_log(setup: Setup) -> None:
    other = shutil.copy(setup.database, setup.data_dir / "other.db")
    killed(Path(other), *LOGGED)
    other_log = setup.data_dir / "other.db-wal"
    other_log.replace(setup.database.with_name("starlink.db-wal"))


def _open_writer(setup: Setup) -> Callable[[], None]:
    stack = ExitStack()
    stack.enter_context(other_program(setup.database, *LOGGED))
    return stack.close


def _lock(setup: Setup) -> Callable[[], None]:
    lock = FileLock(setup.database.with_name("starlink.db.lock"), thread_local=False)
    lock.acquire()
    return lock.release


def _mount(folder: Path, size: str) -> Callable[[], object]:
    """Mount an empty file system of this size; return what unmounts it."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder]
    subprocess.run(mount, check=True)
    return lambda: subprocess.run(["umount", folder], check=True)


def _move_data(size: str) -> Inject:
    """Move the data to a file system of this size."""

    def inject(setup: Setup) -> Callable[[], object]:
        moved = setup.data_dir.with_name("moved")
        setup.data_dir.rename(moved)
        unmount = _mount(setup.data_dir, size)
        subprocess.run(["cp", "-a", f"{moved}/.", setup.data_dir], check=True)
        return unmount

    return inject


def _fill_disk(free_kb: int) -> Inject:
    """Fill the disk of the data, but for this much, once the run has checked it."""

    def inject(setup: Setup) -> Callable[[], object]:
        def fill(_: object) -> None:
            disk = os.statvfs(setup.data_dir)
            with (setup.data_dir / "filler").open("wb") as filler:
                os.posix_fallocate(
                    filler.fileno(), 0, disk.f_bavail * disk.f_bsize - free_kb * 1024
                )

        setup.patch.setattr("spacex.pipeline.disk_space.check_space", fill)
        return _move_data("200m")(setup)

    return inject


def _small_disk(variable: str) -> Inject:
    """Set a variable to a folder on a file system that is too small."""

    def inject(setup: Setup) -> Callable[[], object]:
        folder = setup.data_dir.with_name("small")
        setup.patch.setenv(variable, str(folder))
        return _mount(folder, "1m")

    return inject


def _forbid_writing(setup: Setup) -> Callable[[], None]:
    """Make all data read-only; root, who may write nevertheless, becomes another user."""
    for path in [setup.data_dir, *setup.data_dir.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    setup.data_dir.parent.chmod(0o755)
    if os.geteuid() == 0:
        os.seteuid(65534)
        return lambda: os.seteuid(0)
    return lambda: None


def _restore(setup: Setup) -> None:
    """Restore a backup once the run has requested its data."""
    archive = back_up(settings(), setup.data_dir.with_name("backup.tar.gz")).path

    def restore_first(*_: object) -> None:
        restore(settings(), archive)
        raise SnapshotError("The run has no manifest.")

    setup.patch.setattr("spacex.pipeline.stages.transform", restore_first)


def _put_manual_file(name: str, body: bytes) -> Inject:
    def inject(setup: Setup) -> None:
        folder = setup.data_dir / "drop-in"
        folder.mkdir()
        (folder / name).write_bytes(body)

    return inject


def _set(setting: str, value: str) -> Inject:
    return lambda setup: setup.set(**{setting: value})


_SNAPSHOTS: dict[str, Inject] = {
    "snapshot missing": _remove(_snapshot),
    "snapshot truncated": _truncate(_snapshot),
    "snapshot not compressed": _overwrite(_snapshot, b"something else"),
    "sidecar missing": _remove(_sidecar),
    "sidecar truncated": _truncate(_sidecar),
    "sidecar empty": _overwrite(_sidecar, b""),
    "head of the chain empty": _overwrite(_head, b""),
}
_LIST = omm_json(*(omm(100_000 + number) for number in reversed(range(SATELLITES))))
_CUT_TLE = "\n".join(
    f"STARLINK-10{number:04}\n"
    f"1 A{number:04}U 26001A   26329.25000000 -.00000595  00000-0 -21000-4 0  999\n"
    f"2 A{number:04}  53.0500 120.5000 0001500  80.2500  30.1250 15.06000000  100"[
        : 53 if number == 0 else None
    ]
    for number in range(SATELLITES)
)
"""A list with Alpha-5 numbers, in which a line is cut within the mean motion."""
_DEBRIS = omm(50_000, OBJECT_NAME="STARLINK-1 DEB"), omm(72_000, OBJECT_NAME="STARLINK STACK")
_MANUAL_FILES: dict[str, tuple[str, bytes]] = {
    "older GP list": ("starlink_2026-11-24.json", _LIST),
    "text": ("README.txt", b"These are my lists."),
    "half of a file, which is not finished": ("starlink_2026-11-24.json.part", _LIST[:1000]),
    "JSON of something else": ("other.json", b'[{"a": 1}]'),
    "damaged gzip": ("starlink_2026-11-25.json.gz", gzip.compress(_LIST)[:-9]),
    "UTF-16": ("starlink_2026-11-25.json", _LIST.decode().encode("utf-16")),
    "byte order mark": ("starlink_2026-11-24.json", b"\xef\xbb\xbf" + _LIST),
    "CSV with semicolons": ("starlink.csv", b"OBJECT_NAME;NORAD_CAT_ID\nSTARLINK-1;44713\n"),
    "OMM in KVN": ("starlink.kvn", b"OBJECT_NAME = STARLINK-1\nOBJECT_ID = 2019-074A\n"),
    "OMM in XML": ("starlink.xml", b"<ndm><omm><OBJECT_NAME>STARLINK-1</OBJECT_NAME></omm></ndm>"),
    "CSV with a footer that may be cut": (
        "starlink.csv",
        b"OBJECT_NAME,OBJECT_ID,EPOCH\nSTARLINK-1,2019-074A,2026-11-25\nTOTAL,2025\n",
    ),
    "line of a TLE cut off": ("starlink_2026-11-26.tle", _CUT_TLE.encode()),
    "debris": ("starlink_2026-11-24.json", omm_json(*_DEBRIS, *json.loads(_LIST))),
    "list without Starlink": ("oneweb.json", omm_json(omm(OBJECT_NAME="ONEWEB-0012"))),
    "invalid date in the name": ("starlink_2026-13-45.json", _LIST),
    "name that is no one date": ("starlink_2026-11-25_2026-110.json", _LIST),
    "name of another date": ("starlink_2026-10-01.json", _LIST),
    "half of the fleet": (
        "starlink_2026-11-26.json",
        omm_json(*(omm(100_000 + number) for number in range(SATELLITES // 2))),
    ),
}
_DATABASE: dict[str, Inject] = {
    "header overwritten": _overwrite(_database, b"no database" * 1000),
    "page overwritten": _overwrite_page,
    "byte changed by the disk": _flip_unnoticed,
    "link to another folder": _link_database,
    "file truncated": _truncate(_database),
    "older schema version": _set_schema_version(SCHEMA_VERSION - 1),
    "newer schema version": _set_schema_version(SCHEMA_VERSION + 1),
    "trigger of another program": _add_trigger,
    "GP list edited by hand": _edit_list,
    "folder in place of the file": _replace_with_folder,
    "open in a reader": _open_reader,
    "locked by another run": _lock,
    "log left by a killed program": _kill_program(*LOGGED),
    "journal left by a killed program": _kill_program(*UNFINISHED),
    "log of another database": _leave_other_log,
    "open for writing in another program": _open_writer,
}
_MACHINE: dict[str, Inject] = {
    "disk almost full": _move_data("20m"),
    "disk of Prefect almost full": _small_disk("PREFECT_HOME"),
    "disk of temporary files almost full": _small_disk("TMPDIR"),
    "disk full during extract": _fill_disk(0),
    "disk full during transform": _fill_disk(200),
    "disk full during load": _fill_disk(900),
    "no write permission": _forbid_writing,
    "proxy that is down": lambda setup: setup.patch.setenv("HTTP_PROXY", "http://127.0.0.1:1"),
    "invalid proxy": lambda setup: setup.patch.setenv("HTTPS_PROXY", "user:password@proxy:3128"),
    "data folder that is a file": lambda setup: setup.set(data_dir="/dev/null"),
    "data folder that is a link to nothing": _link_to_nothing,
    "backup restored during the run": _restore,
    "clock set back five days": lambda setup: setup.clock.set("2026-11-20"),
}
_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "unknown endpoint": ("--only", "rokets"),
    "invalid URL": ("--base-url", "ftp://example.org"),
    "invalid date": ("--as-of", "yesterday"),
    "date before the first snapshot": ("--as-of", "2006-01-01"),
    "past date, with requests": ("--as-of", "2026-11-01", "--source", "api"),
}
_SETTINGS: dict[str, tuple[str, str]] = {
    "not a number": ("attempts", "many"),
    "number out of range": ("attempts", "0"),
    "infinite number": ("read_timeout_s", "1e400"),
    "no cron schedule": ("schedule", "every day"),
    "misspelt name": ("atempts", "5"),
    "invalid URL": ("base_url", "spacex"),
    "unknown service": ("sources", "spacetrack"),
    "no service": ("sources", ","),
}
