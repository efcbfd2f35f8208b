"""A run's account of itself before it is published: what came, and what became of it."""

from collections.abc import Sequence

import pandas as pd

from spacex.extract.run_folder import Manifest
from spacex.transform import TidyTable


def answers(manifest: Manifest) -> pd.DataFrame:
    """The answers a run is built from: one row an answer; a list may have several."""
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


def snapshot_changes(manifest: Manifest, published: pd.DataFrame) -> pd.DataFrame:
    """Each list of a run beside the answer it was last published from.

    Args:
        manifest: the run.
        published: `spacex.analysis.queries.published_snapshots`.
    """
    key = ["source", "endpoint"]
    every = answers(manifest).assign(sha256=[item.snapshot.sha256 for item in manifest.extracted])
    now = every.groupby(key, sort=False).agg({"record_count": "sum", "sha256": "last"})
    before = published.set_index(key).reindex(now.index)
    records_before = before["record_count"].astype("Int64")
    return pd.DataFrame(
        {
            "records_before": records_before,
            "records": now["record_count"],
            "change": now["record_count"] - records_before,
            "same_bytes": before["sha256"] == now["sha256"],
        }
    ).reset_index()


def row_counts(tables: Sequence[TidyTable]) -> pd.DataFrame:
    """What became of the rows of each table, by source.

    in = loaded + rejected + duplicate + superseded + out of scope.
    """
    return pd.DataFrame(tidy.counts for tidy in tables)


def rejects(tables: Sequence[TidyTable]) -> pd.DataFrame:
    """Why rows were refused: one row a reason."""
    return pd.DataFrame(vars(reject) for tidy in tables for reject in tidy.rejects)


def null_shares(tables: Sequence[TidyTable]) -> pd.DataFrame:
    """The share of nulls in each column that has some, in percent of the rows; most first."""
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
