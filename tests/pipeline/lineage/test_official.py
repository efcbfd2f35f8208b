"""The check of events finds what is wrong with them."""

import copy
from typing import Any

import pytest

from spacex.pipeline.lineage.events import Traced, error_message, event, facets
from tests.pipeline.lineage.official import in_order, problems

DATASET = {
    "namespace": "file",
    "name": "/data/raw/x.json.gz",
    "facets": facets(version={"datasetVersion": "sha256:0"}, schema={"fields": [{"name": "a"}]}),
    "outputFacets": facets(outputStatistics={"rowCount": 1}),
}
VALID = event(
    "FAIL",
    Traced("2026-11-30T05-17-00-000000Z", "load"),
    outputs=[DATASET],
    errorMessage=error_message("It failed."),
)


def changed(path: str, value: object) -> dict[str, Any]:
    """Return the valid event with another value at a path; without one if the value is None."""
    found = copy.deepcopy(VALID)
    *folders, name = (int(each) if each.isdigit() else each for each in path.split("/"))
    place: Any = found
    for each in folders:
        place = place[each]
    if value is None:
        del place[name]
    else:
        place[name] = value
    return found


def test_the_example_is_valid():
    assert problems(VALID) == []


PARENT = "run/facets/parent"
OUTPUT = "outputs/0"


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("eventType", "ENDED", "event.eventType: 'ENDED' is no EventType"),
        (
            "eventTime",
            "2026-11-30",
            "event.eventTime: Parsed date-time has to contain time: 2026-11-30",
        ),
        ("eventTime", "2026-11-30T05:17:00+01:00", "event.eventTime: not in UTC"),
        ("eventTime", None, "event.eventTime: missing"),
        ("producer", "us", "event.producer: 'us' is no URI"),
        ("producer", None, "event.producer: missing"),
        ("schemaURL", "https://openlineage.io", "event: no schema https://openlineage.io"),
        ("run", None, "event.run: missing"),
        ("run/runId", "first", "event.run.runId: badly formed hexadecimal UUID string"),
        ("job/name", None, "event.job.name: missing"),
        ("job/title", "x", "event.job.title: unknown"),
        ("inputs", {}, "event.inputs: {} is no list"),
        ("inputs", ["x"], "event.inputs[0]: no object"),
        (f"{PARENT}/run", None, "event.run.facets.parent.run: missing"),
        (f"{PARENT}/_producer", None, "event.run.facets.parent._producer: missing"),
        (f"{PARENT}/_schemaURL", "x:y", "event.run.facets.parent: no schema x:y"),
        (
            f"{OUTPUT}/facets/parent",
            VALID["run"]["facets"]["parent"],
            "event.outputs[0].facets.parent: ParentRunFacet is no DatasetFacet",
        ),
        (
            f"{OUTPUT}/outputFacets/outputStatistics/rowCount",
            "1",
            "event.outputs[0].outputFacets.outputStatistics.rowCount: '1' is no int",
        ),
        (
            f"{OUTPUT}/outputFacets/outputStatistics/rowCount",
            True,
            "event.outputs[0].outputFacets.outputStatistics.rowCount: True is no int",
        ),
        (
            f"{OUTPUT}/facets/schema/fields/0/name",
            None,
            "event.outputs[0].facets.schema.fields[0].name: missing",
        ),
    ],
)
def test_what_is_wrong_with_an_event_is_found(path, value, problem):
    assert problems(changed(path, value)) == [problem]


def test_events_in_another_order_are_noticed():
    start, end = event("START", Traced("one")), event("COMPLETE", Traced("one"))
    stage = event("START", Traced("one", "load"))
    assert in_order([start, end])
    assert not in_order([end, start])
    assert not in_order([start, stage])
    assert not in_order([start, end, end])
    assert not in_order([start, start, end])
    assert not in_order([start, end | {"eventTime": "2020-01-01T00:00:00Z"}])
