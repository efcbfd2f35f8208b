"""The date of each source's data: that of its newest flown launch or newest orbit, not its request.

A single record that is later than the others does not count. For launches,
`spacex.analysis.cadence.source_coverage` has the rule; of the epochs, the newest counts that 1 % of
the satellites, and at least two, have reached.
"""

from pathlib import Path

import pandas as pd

from spacex.analysis.cadence import source_coverage
from spacex.analysis.queries import freshness, query
from spacex.units import utc_instant, utc_now

_EPOCHS = """
    SELECT source, substr(min(epoch_utc), 1, 19) || 'Z' AS epoch_utc FROM (
        SELECT source, epoch_utc,
               percent_rank() OVER newest AS share, row_number() OVER newest AS position
        FROM starlink WHERE epoch_utc IS NOT NULL
        WINDOW newest AS (PARTITION BY source ORDER BY epoch_utc DESC))
    WHERE share <= 0.01 OR position <= 2 GROUP BY source"""


def data_dates(database: Path | str) -> pd.DataFrame:
    """Return the date of the data of each source.

    Returns:
        `source`; `data_utc`, the instant of its newest flown launch or newest epoch, whichever is
        later, or of its retrieval if it has neither; `checked_utc`, when its data were last known
        to be current; and `age_days` of the data.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    sources = freshness(database).set_index("source")[["checked_utc", "retrieved_utc"]]
    launches = source_coverage(database).set_index("source")["newest_launch_utc"]
    epochs = query(database, _EPOCHS).set_index("source")["epoch_utc"]
    epochs = epochs.where(epochs <= sources["checked_utc"].reindex(epochs.index))
    newest = pd.concat([launches, epochs], axis=1).max(axis=1, skipna=True)
    data_utc = newest.reindex(sources.index).fillna(sources["retrieved_utc"])
    now = utc_now()
    age_days = [(now - utc_instant(each)).total_seconds() / 86400 for each in data_utc]
    found = pd.DataFrame(
        {"data_utc": data_utc, "checked_utc": sources["checked_utc"], "age_days": age_days}
    )
    return found.rename_axis("source").reset_index()
