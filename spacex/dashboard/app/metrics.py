"""`/metrics`: runs, rows, data age, requests, visitors and memory, for Prometheus."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import psutil
from jupyter_server.base.handlers import JupyterHandler
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    SummaryMetricFamily,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from spacex import __version__
from spacex.analysis import queries
from spacex.analysis.data_age import data_ages
from spacex.dashboard.app.known_methods import HeadAsGet
from spacex.errors import SpacexError
from spacex.extract.fetch import ledger_path
from spacex.extract.request_ledger import Ledger
from spacex.extract.snapshots import SnapshotStore
from spacex.notebook.run_index import last_ended
from spacex.settings import Settings
from spacex.sources import SERVICES
from spacex.units import utc_instant

_FATES = ("loaded", "rejected", "duplicate", "superseded", "out_of_scope")


class MetricsHandler(HeadAsGet, JupyterHandler):
    """Sends the metrics in the format that the client asks for."""

    def initialize(self, settings: Settings) -> None:
        """Set the settings, which name the data folder."""
        self._settings = settings

    async def get(self) -> None:
        """Send the metrics; those of the data are missing while there is no database."""
        kernels = [
            self.kernel_manager.kernel_model(each)["connections"]  # type: ignore[no-untyped-call]
            for each in self.kernel_manager.list_kernel_ids()
        ]
        registry = CollectorRegistry(auto_describe=False)
        registry.register(Metrics(self._settings, len(kernels), sum(map(bool, kernels))))
        try:
            encode, content_type = choose_encoder(self.request.headers.get("Accept", ""))
        except (TypeError, ValueError):  # it names no version
            encode, content_type = choose_encoder("")
        self.set_header("Content-Type", content_type)
        self.finish(await asyncio.to_thread(encode, registry))


@dataclass(frozen=True)
class Metrics(Collector):
    """Reads the metrics when they are asked for.

    Attributes:
        settings: the data folder.
        kernels: number of the dashboard's kernels.
        visitors: number of those to which a page is connected.
    """

    settings: Settings
    kernels: int
    visitors: int

    def collect(self) -> Iterator[Metric]:
        """Yield each metric."""
        yield InfoMetricFamily("spacex", "The software", {"version": __version__})
        yield GaugeMetricFamily(
            "spacex_dashboard_kernels", "Kernels of the dashboard", self.kernels
        )
        yield GaugeMetricFamily(
            "spacex_dashboard_visitors", "Pages of the dashboard that are open", self.visitors
        )
        yield GaugeMetricFamily(
            "spacex_dashboard_memory_bytes", "Memory of the dashboard and its kernels", _memory()
        )
        for metrics in (self._requests, self._failure, self._ages, self._runs, self._rows):
            with suppress(SpacexError):  # `/health` reports it
                yield from metrics()

    def _requests(self) -> Iterator[Metric]:
        requests = CounterMetricFamily(
            "spacex_requests", "Requests to a service", labels=["service"]
        )
        refusals = CounterMetricFamily(
            "spacex_refusals",
            "Requests that a service refused or failed to answer, or that did not reach it",
            labels=["service"],
        )
        store = SnapshotStore(self.settings.raw_dir)
        for path in sorted({ledger_path(store, source) for source in SERVICES.values()}):
            with suppress(SpacexError):  # a damaged ledger; `spacex verify` reports it
                ledger = Ledger(path).read()
                for service, count in ledger.requests.items():
                    requests.add_metric([service], count)
                    refusals.add_metric([service], ledger.refusals.get(service, 0))
        yield from (requests, refusals)

    def _failure(self) -> Iterator[Metric]:
        if record := last_ended(self.settings.runs_dir):
            yield GaugeMetricFamily(
                "spacex_last_run_failed",
                "Whether the run that ended last has failed, crashed or was cancelled",
                bool(record.failure),
            )

    def _ages(self) -> Iterator[Metric]:
        age = GaugeMetricFamily(
            "spacex_data_age_seconds",
            "Age of the data of a source: time since its newest launch, decay or epoch",
            labels=["source"],
        )
        stale = GaugeMetricFamily(
            "spacex_data_stale",
            "Whether the data of a source are missing, older than promised or unchecked",
            labels=["source"],
        )
        for each in data_ages(self.settings):
            if each.age_h is not None:
                age.add_metric([each.source], each.age_h * 3600)
            stale.add_metric([each.source], each.is_stale)
        yield from (age, stale)

    def _runs(self) -> Iterator[Metric]:
        runs = queries.query(
            self.settings.database, "SELECT run_id, loaded_utc FROM _runs ORDER BY loaded_utc"
        )
        durations = [
            (utc_instant(loaded_utc) - started).total_seconds()
            for run_id, loaded_utc in runs.itertuples(index=False)
            if (started := _start(run_id))
        ]
        yield SummaryMetricFamily(
            "spacex_run_duration_seconds",
            "Time from the start of a run to its new database",
            count_value=len(durations),
            sum_value=sum(durations),
        )
        yield GaugeMetricFamily(
            "spacex_last_run_timestamp_seconds",
            "When the database was published",
            utc_instant(runs["loaded_utc"].iloc[-1]).timestamp(),
        )
        if durations:
            yield GaugeMetricFamily(
                "spacex_last_run_duration_seconds",
                "Time from the start of the last run to its database",
                durations[-1],
            )

    def _rows(self) -> Iterator[Metric]:
        rows = GaugeMetricFamily(
            "spacex_last_run_rows",
            "Records of the last run",
            labels=["source", "table", "fate"],
        )
        database = self.settings.database
        counts = queries.row_counts(database, str(queries.run(database)["run_id"]))
        for row in counts.to_dict("records"):
            for fate in _FATES:
                rows.add_metric([row["source"], row["table_name"], fate], row[f"rows_{fate}"])
        yield rows


def _start(run_id: str) -> datetime | None:
    """Return the start of a run, after which runs are named; None if it has another name."""
    try:
        return utc_instant(f"{run_id[:10]}T{run_id[11:26].replace('-', ':', 2).replace('-', '.')}Z")
    except ValueError:
        return None


def _memory() -> int:
    """Return the memory of this process and its descendants, shared pages counted once, B."""
    own = psutil.Process(os.getpid())
    total = 0
    for each in [own, *own.children(recursive=True)]:
        with suppress(psutil.Error):
            found = each.memory_full_info()
            total += getattr(found, "pss", found.uss)
    return total
