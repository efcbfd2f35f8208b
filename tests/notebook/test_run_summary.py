"""What a run is built from and what became of it, in a sentence."""

import msgspec

from spacex.extract.run_folder import Run
from spacex.notebook.run_summary import extracted, transformed
from spacex.settings import Settings
from tests import stages


def test_a_run_says_where_its_snapshots_come_from(published: Settings) -> None:
    manifest = Run(published.runs_dir, "first").manifest()
    count = sum(each.snapshot.record_count for each in manifest.extracted)
    whole = f"{count:,} records in {len(manifest.extracted)} snapshots"
    assert extracted(manifest) == f"{whole}, all fetched now."
    first, second, *others = manifest.extracted
    mixed = msgspec.structs.replace(
        manifest,
        extracted=(
            msgspec.structs.replace(first, origin="stored"),
            msgspec.structs.replace(second, origin="not modified"),
            *others,
        ),
    )
    assert extracted(mixed) == (
        f"{whole}: {len(others)} fetched now, 1 not modified since, as its service confirmed, "
        "1 stored earlier."
    )


def test_a_run_says_what_became_of_its_rows(published: Settings) -> None:
    manifest = Run(published.runs_dir, "first").manifest()
    _, tables = stages.staged(published, manifest)
    rows = sum(each.rows_in for each in tables)
    assert transformed(tables) == (
        f"Of {rows:,} rows of {len(tables)} tables, {rows:,} are loaded: "
        "0 rejected, 0 duplicate, 0 superseded, 0 out of scope."
    )
