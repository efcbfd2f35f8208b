"""Events of OpenLineage about a run and its stages, as JSON objects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from prefect import __version__ as prefect_version

from spacex import __version__
from spacex.analysis.feeds.atom import TAG
from spacex.errors import masked
from spacex.pipeline.prefect_server import FLOW
from spacex.units import utc_now

Json = dict[str, Any]
Kind = Literal["START", "COMPLETE", "FAIL", "ABORT"]

NAMESPACE = "spacex-insights"
"""The namespace of the jobs."""

PRODUCER = f"{TAG}software/{__version__}"

_SPEC = "https://openlineage.io/spec"
_FACETS = {
    "columnLineage": ("1-2-0", "ColumnLineageDatasetFacet"),
    "dataSource": ("1-0-1", "DatasourceDatasetFacet"),
    "errorMessage": ("1-0-1", "ErrorMessageRunFacet"),
    "executionParameters": ("1-0-0", "ExecutionParametersRunFacet"),
    "jobType": ("2-0-4", "JobTypeJobFacet"),
    "outputStatistics": ("1-0-2", "OutputStatisticsOutputDatasetFacet"),
    "parent": ("1-2-0", "ParentRunFacet"),
    "processing_engine": ("1-1-1", "ProcessingEngineRunFacet"),
    "schema": ("1-2-0", "SchemaDatasetFacet"),
    "version": ("1-0-1", "DatasetVersionDatasetFacet"),
}
"""Name of each facet → version and name of its schema."""


@dataclass(frozen=True)
class Traced:
    """A run, or a stage of it, which OpenLineage calls runs of two jobs.

    Attributes:
        run_id: the id of the run.
        stage: the name of the stage; empty: the run as a whole.
    """

    run_id: str
    stage: str = ""

    @property
    def uuid(self) -> UUID:
        """Its UUID, which is always the same: of version 5, from a URI made of the id."""
        return uuid5(
            NAMESPACE_URL, f"{TAG}runs/{self.run_id}" + f"/{self.stage}" * bool(self.stage)
        )

    @property
    def job(self) -> Json:
        """Its job."""
        return {"namespace": NAMESPACE, "name": f"{FLOW}.{self.stage}" if self.stage else FLOW}


def facets(**contents: Mapping[str, Any]) -> Json:
    """Return facets, each given as its name and its content."""
    return {name: _facet(name, content) for name, content in contents.items()}


def _facet(name: str, content: Mapping[str, Any]) -> Json:
    version, schema = _FACETS[name]
    url = f"{_SPEC}/facets/{version}/{schema}.json#/$defs/{schema}"
    return {"_producer": PRODUCER, "_schemaURL": url, **content}


def event(
    kind: Kind,
    traced: Traced,
    inputs: Sequence[Json] = (),
    outputs: Sequence[Json] = (),
    **run_facets: Mapping[str, Any],
) -> Json:
    """Return an event.

    Args:
        kind: its type.
        traced: the run or stage that it is about.
        inputs: the datasets read, see `spacex.pipeline.lineage.datasets`.
        outputs: the datasets written.
        run_facets: further facets of the run.
    """
    known: dict[str, Mapping[str, Any]] = {
        "processing_engine": {"name": "Prefect", "version": prefect_version}
    }
    if traced.stage:
        whole = Traced(traced.run_id)
        known["parent"] = {"run": {"runId": str(whole.uuid)}, "job": whole.job}
    job_type = {
        "processingType": "BATCH",
        "integration": "PREFECT",
        "jobType": "TASK" if traced.stage else "FLOW",
    }
    return {
        "eventType": kind,
        "eventTime": f"{utc_now():%Y-%m-%dT%H:%M:%S.%fZ}",
        "run": {"runId": str(traced.uuid), "facets": facets(**known, **run_facets)},
        "job": {**traced.job, "facets": facets(jobType=job_type)},
        "inputs": list(inputs),
        "outputs": list(outputs),
        "producer": PRODUCER,
        "schemaURL": f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent",
    }


def error_message(message: str) -> Json:
    """Return the content of the facet that tells, without passwords, why a run or stage failed."""
    return {"message": masked(message), "programmingLanguage": "Python"}


def parameters_of(parameters: Mapping[str, Any]) -> Json:
    """Return the content of the facet that tells the parameters of a run, without passwords."""
    given = [{"key": key, "value": masked(str(value))} for key, value in parameters.items()]
    return {"parameters": given}
