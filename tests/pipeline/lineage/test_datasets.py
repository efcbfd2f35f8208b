"""The names of datasets, and the facets that are made of the manifest and the mappings."""

import re
from pathlib import Path
from typing import Any

import pytest
from openlineage.client.naming.dataset import LocalFileSystem

from spacex.extract.run_folder import ExtractedSnapshot, Manifest, Origin
from spacex.extract.sidecar import Snapshot
from spacex.pipeline.lineage import datasets
from spacex.schema import TABLES
from spacex.sources import SERVICES
from spacex.sources.lineage import fields_by_column

RAW, DATABASE = Path("/data/raw"), Path("/data/star link.db")
GP = "https://celestrak.org/NORAD/elements/gp.php?GROUP=starlink&FORMAT=json"
PAGES = "https://ll.thespacedevs.com/2.3.0/launches/previous/"


def snapshot(url: str, source: str, endpoint: str, file: str = "x.json.gz") -> Snapshot:
    return Snapshot(
        source=source,
        endpoint=endpoint,
        url=url,
        status=200,
        retrieved_utc="2026-11-30T05:17:00Z",
        sha256="1" * 64,
        byte_count=100,
        record_count=3,
        etag=None,
        licence="none",
        file=file,
        file_sha256="" if file == "early.json.gz" else "2" * 64,
    )


def manifest(*extracted: tuple[Snapshot, Origin]) -> Manifest:
    return Manifest(
        run_id="one",
        source="",
        mode="auto",
        is_simulated=False,
        note="",
        extracted=tuple(
            ExtractedSnapshot(snapshot=each, origin=origin, checked_utc=each.retrieved_utc)
            for each, origin in extracted
        ),
    )


def names(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(each["namespace"], each["name"]) for each in found]


@pytest.mark.parametrize(
    ("url", "source", "name"),
    [
        (GP, "celestrak", ("https://celestrak.org", GP.removeprefix("https://celestrak.org"))),
        (
            f"{PAGES}?limit=100&offset=200",
            "launchlibrary",
            ("https://ll.thespacedevs.com", "/2.3.0/launches/previous/"),
        ),
        (
            "http://me:SECRET@localhost:8080/v4/rockets?key=SECRET",
            "spacexdata",
            ("http://localhost:8080", "/v4/rockets?key=***"),
        ),
        ("https://example.org", "spacexdata", ("https://example.org", "/")),
        ("sample:cores", "sample", ("sample", "cores")),
    ],
)
def test_the_name_of_an_endpoint_is_its_address_without_secrets(url, source, name):
    found = manifest((snapshot(url, source, "any"), "fetched"))
    assert names(datasets.endpoints(found)) == [name]
    namespace, path = name
    if "SECRET" not in url and source == "celestrak":
        assert namespace + path == url


def test_endpoints_that_the_run_has_not_asked_are_left_out_and_others_told_once():
    page, other = (snapshot(f"{PAGES}?offset={n}", "launchlibrary", "launches") for n in (0, 100))
    stored = snapshot(GP, "celestrak", "starlink")
    found = manifest((page, "not modified"), (other, "fetched"), (stored, "stored"))
    assert names(datasets.endpoints(found)) == [
        ("https://ll.thespacedevs.com", "/2.3.0/launches/previous/")
    ]


def test_a_snapshot_is_a_file_with_the_digest_of_the_file_and_its_address():
    early = snapshot("https://me:SECRET@example.org/x", "spacexdata", "rockets", "early.json.gz")
    found = datasets.snapshots(
        manifest((snapshot(GP, "celestrak", "starlink"), "stored"), (early, "stored")), RAW
    )
    file = LocalFileSystem("/data/raw/celestrak/starlink/x.json.gz")
    assert names(found)[0] == (file.get_namespace(), file.get_name())
    assert [each["facets"]["version"]["datasetVersion"] for each in found] == [
        f"sha256:{'2' * 64}",
        f"sha256:{'1' * 64}",  # that of the body, the only one there was
    ]
    assert [each["facets"]["dataSource"]["uri"] for each in found] == [
        GP,
        "https://***@example.org/x",
    ]


def test_snapshots_that_the_run_has_stored_have_records_and_size(tmp_path):
    new, old = (snapshot(GP, "celestrak", "starlink", f"{n}.json.gz") for n in ("new", "old"))
    path = tmp_path / new.path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"12345")
    (found,) = datasets.fetched(manifest((old, "not modified"), (new, "fetched")), tmp_path)
    assert found["name"] == str(path)
    statistics = found["outputFacets"]["outputStatistics"]
    assert {name: statistics[name] for name in ("rowCount", "size", "fileCount")} == {
        "rowCount": 3,
        "size": 5,
        "fileCount": 1,
    }


def test_a_table_is_named_in_its_database():
    found = names(datasets.tables(DATABASE, datasets.MAIN, ["launches"]))
    assert found == [("sqlite:///data/star%20link.db", "main.launches")]


def column_lineage(found: dict[str, Any]) -> dict[str, list[tuple[str, ...]]]:
    fields = found["facets"]["columnLineage"]["fields"]
    return {
        column: [
            (each["namespace"], each["name"], each["field"], *_how(each))
            for each in read["inputFields"]
        ]
        for column, read in fields.items()
    }


def _how(found: dict[str, Any]) -> list[str]:
    ((transformation),) = found["transformations"]
    assert transformation["type"] == "DIRECT"
    return [transformation["description"]] if "description" in transformation else []


def staged(*extracted: tuple[Snapshot, Origin], table: str) -> dict[str, Any]:
    (found,) = datasets.staged_tables(manifest(*extracted), DATABASE, RAW, {table: 7})
    return found


def test_a_staged_table_has_the_fields_of_each_column():
    found = staged((snapshot(GP, "celestrak", "starlink"), "stored"), table="starlink")
    lineage = column_lineage(found)
    endpoint = ("https://celestrak.org", GP.removeprefix("https://celestrak.org"))
    assert lineage["norad_cat_id"] == [(*endpoint, "NORAD_CAT_ID")]
    assert lineage["is_decayed"] == [(*endpoint, "DECAY_DATE", "presence of the field")]
    assert "launch_id" not in lineage  # computed
    assert [each["name"] for each in found["facets"]["schema"]["fields"]] == [
        each.name for each in TABLES["starlink"].columns
    ]
    assert found["outputFacets"]["outputStatistics"]["rowCount"] == 7
    assert found["facets"]["version"]["datasetVersion"] == "one"


def test_columns_of_manual_files_alone_are_read_from_the_newest():
    older, newer = (
        snapshot("file:list.tle", "celestrak", "starlink", f"{n}.json.gz") for n in (1, 2)
    )
    of_files = staged((newer, "stored"), (older, "stored"), table="starlink")
    (field,) = column_lineage(of_files)["norad_cat_id"]
    assert field == ("file", "/data/raw/celestrak/starlink/2.json.gz", "NORAD_CAT_ID")
    response = snapshot(GP, "celestrak", "starlink", "0.json.gz")
    of_both = staged((response, "stored"), (newer, "stored"), table="starlink")
    assert column_lineage(of_both)["norad_cat_id"][0][0] == "https://celestrak.org"


def test_a_published_table_takes_what_was_read_from_staging():
    stored = manifest((snapshot(GP, "celestrak", "starlink"), "stored"))
    (found,) = datasets.published_tables(stored, DATABASE, {"starlink": 7})
    lineage = column_lineage(found)
    staging = ("sqlite:///data/star%20link.db", "staging.starlink")
    assert lineage["norad_cat_id"] == [(*staging, "norad_cat_id")]
    assert lineage.keys() == {
        column for table, column in fields_by_column(SERVICES["celestrak"]) if table == "starlink"
    }
    assert found["name"] == "main.starlink"


def test_the_lineage_names_only_columns_of_the_schema():
    for source in SERVICES.values():
        for table, column in fields_by_column(source):
            assert column in {each.name for each in TABLES[table].columns}


def test_a_page_has_its_digest_and_size(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("page")
    found = datasets.page(path)
    version = found["facets"]["version"]["datasetVersion"]
    assert re.fullmatch("sha256:[0-9a-f]{64}", version)
    assert found["outputFacets"]["outputStatistics"]["size"] == 4
