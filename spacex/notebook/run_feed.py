"""The feed of runs: how each ended, and what it published.

Why a run failed is not told: the reason may name folders, and whoever reads the dashboard reads the
feeds.
"""

from datetime import timedelta

from spacex.analysis.feeds import FEEDS, RUNS
from spacex.analysis.feeds.atom import Channel, Entry, feed, newest
from spacex.analysis.feeds.writing import write_changed, writing_feeds
from spacex.extract.run_folder import NAMED_FOR_START
from spacex.notebook.run_index import PAGE, Record, read_record, run_folders
from spacex.settings import Settings
from spacex.sources import credits_of
from spacex.units import counted, date_text, utc_instant, utc_text

MOST_RUNS = 100
"""Most runs of the feed; folders of older ones are removed."""
_REPORT = "40_report.html"


def write_run_feed(settings: Settings) -> bool:
    """Write the feed of runs if it changed; return whether it did.

    Raises:
        StorageError: it cannot be written.
    """
    with writing_feeds(settings.feeds_dir, settings.lock_timeout_s):
        return write_changed(settings.feeds_dir / RUNS, _content(settings))


def _content(settings: Settings) -> bytes:
    found = [
        _entry(record, has_report=(folder / _REPORT).is_file())
        for folder in run_folders(settings.runs_dir)
        if NAMED_FOR_START.fullmatch(folder.name) and (record := read_record(folder))
    ]
    declared = FEEDS[RUNS]
    channel = Channel(RUNS, declared.title, declared.about, tuple(credits_of(())))
    return feed(channel, newest(found, MOST_RUNS))


def _entry(record: Record, *, has_report: bool) -> Entry:
    started = _started(record.run_id)
    sample = " of the simulated sample" if record.is_simulated else ""
    lines = [record.published] if record.published else []
    if record.state != "published":
        lines.append(f"The run {record.verb}. The list of runs says why.")
    items = [f"{each.title}: data of {date_text(each.data_utc)}" for each in record.sources]
    if record.row_count is not None:
        rejected = f", {record.reject_count:,} rejected" if record.reject_count else ""
        items.append(f"{counted(record.row_count, 'row')} loaded{rejected}")
    items += [f"{kind}: {number:,}" for kind, number in sorted((record.changes or {}).items())]
    items += [f"{severity}: {message}" for severity, _, message in record.findings or ()]
    return Entry(
        key=f"runs/{record.run_id}",
        title=f"Run{sample} of {started[:16].replace('T', ' ')} UTC: {record.state}",
        updated=utc_text(utc_instant(started) + timedelta(seconds=record.duration_s)),
        lines=tuple(lines),
        items=tuple(items),
        link=f"../reports/{record.run_id}/{_REPORT}" if has_report else f"../reports/{PAGE}",
        categories=(record.state,),
    )


def _started(run_id: str) -> str:
    """Return the start of a run that is named for it."""
    day, hour, minute, second = NAMED_FOR_START.fullmatch(run_id).groups()  # type: ignore[union-attr]
    return f"{day}T{hour}:{minute}:{second}Z"
