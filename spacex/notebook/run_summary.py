"""Summary tables of a run, before it is published."""

from collections.abc import Sequence

import pandas as pd

from spacex.extract.run_folder import Manifest
from spacex.transform import TidyTable
from spacex.units import counted

_ORIGINS = {
    "fetched": "fetched now",
    "not modified": "not modified since, as its service confirmed",
    "stored": "stored earlier",
    "sample": "of the bundled sample",
}


def snapshots(manifest: Manifest) -> pd.DataFrame:
    """Return the snapshots of a run, one per row; an endpoint may have several."""
    return pd.DataFrame(
        {
            "source": item.snapshot.source,
            "endpoint": item.snapshot.endpoint,
            "origin": item.origin,
            "record_count": item.snapshot.record_count,
            "size_kb": item.snapshot.byte_count / 1e3,
            "retrieved_utc": item.snapshot.retrieved_utc,
            "checked_utc": item.checked_utc,
            "url": item.snapshot.url,
        }
        for item in manifest.extracted
    )


def extracted(manifest: Manifest) -> str:
    """Return in a sentence what a run is built from."""
    frame = snapshots(manifest)
    origins = frame["origin"].value_counts()
    found = [f"{origins[name]} {words}" for name, words in _ORIGINS.items() if name in origins]
    total = f"{counted(frame['record_count'].sum(), 'record')} in {counted(len(frame), 'snapshot')}"
    if len(found) == 1:
        return f"{total}, all {_ORIGINS[origins.index[0]]}."
    return f"{total}: {', '.join(found)}."


def transformed(tables: Sequence[TidyTable]) -> str:
    """Return in a sentence what became of the records of a run."""
    counts = row_counts(tables)
    total = counts.sum(numeric_only=True)
    others = ("rejected", "duplicate", "superseded", "out of scope")
    fates = (f"{total['rows_' + name.replace(' ', '_')]:,} {name}" for name in others)
    return (
        f"Of {counted(total['rows_in'], 'row')} of {counted(len(counts), 'table')}, "
        f"{total['rows_loaded']:,} are loaded: {', '.join(fates)}."
    )


def snapshot_changes(manifest: Manifest, published: pd.DataFrame) -> pd.DataFrame:
    """Compare the snapshots of a run with those last published, by endpoint.

    Args:
        manifest: the run.
        published: `spacex.analysis.queries.published_snapshots`.
    """
    key = ["source", "endpoint"]
    current = snapshots(manifest).assign(
        sha256=[item.snapshot.sha256 for item in manifest.extracted]
    )
    current = current.groupby(key, sort=False).agg({"record_count": "sum", "sha256": "last"})
    before = published.set_index(key).reindex(current.index)
    records_before = before["record_count"].astype("Int64")
    return pd.DataFrame(
        {
            "records_before": records_before,
            "records": current["record_count"],
            "change": current["record_count"] - records_before,
            "same_bytes": before["sha256"] == current["sha256"],
        }
    ).reset_index()


def row_counts(tables: Sequence[TidyTable]) -> pd.DataFrame:
    """Count the fates of the records of each table, by source.

    in = loaded + rejected + duplicate + superseded + out of scope.
    """
    return pd.DataFrame(tidy.counts for tidy in tables)


def rejects(tables: Sequence[TidyTable]) -> pd.DataFrame:
    """Return the rejected values, one reason per row."""
    return pd.DataFrame(vars(reject) for tidy in tables for reject in tidy.rejects)


def null_shares(tables: Sequence[TidyTable]) -> pd.DataFrame:
    """Return the share of nulls, in percent, of each column that has any; highest first."""
    shares = pd.DataFrame(
        {
            "table_name": tidy.table.name,
            "column_name": name,
            "null_pct": 100 * tidy.frame[name].isna().mean(),
        }
        for tidy in tables
        for name in tidy.frame.columns
    )
    return shares[shares["null_pct"] > 0].sort_values("null_pct", ascending=False)
