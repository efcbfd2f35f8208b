"""The validators of each format accept a release, and reject a damaged one.

That of the Citation File Format needs another version of jsonschema, and that of RO-Crate another
one of rich, and the network. In their place are the schema of the format, and the library that
reads RO-Crates with the terms of its context. `cff-1.2.0.schema.json` is that of the Citation File
Format, by Stephan Druskat and others (CC BY 4.0).
"""

import json
import shutil
from pathlib import Path

import frictionless
import jsonschema
import mlcroissant
import pytest
import yaml
from rocrate.rocrate import ROCrate
from rocrate.vocabs import term_to_uri

pytestmark = pytest.mark.filterwarnings("ignore")

CFF = json.loads(Path(__file__).with_name("cff-1.2.0.schema.json").read_bytes())


@pytest.fixture
def damaged(released, tmp_path):
    """A copy of a release, to be damaged."""
    return shutil.copytree(released.folder, tmp_path / "damaged")


def edit(file: Path, change) -> None:
    """Change the content of a file of JSON."""
    content = json.loads(file.read_bytes())
    change(content)
    file.write_text(json.dumps(content))


def test_frictionless(released, damaged):
    described = "datapackage.json"
    report = frictionless.validate(str(released.folder / described))
    assert report.flatten(["name", "type", "message"]) == []
    assert len(report.tasks) == len([*released.folder.glob("*/*")]) + 1
    for name in ("csv/launches.csv", "parquet/starlink.parquet", "starlink.db"):
        with (damaged / name).open("ab") as file:
            file.write(b"\n")
    found = frictionless.validate(str(damaged / described)).tasks
    assert sorted(task.name for task in found if task.errors) == [
        *("launches.csv", "starlink.db", "starlink.parquet"),
    ]


def test_croissant(released, damaged):
    described = "croissant.json"
    dataset = mlcroissant.Dataset(str(released.folder / described))
    assert (dataset.metadata.ctx.issues.errors, dataset.metadata.ctx.issues.warnings) == (
        set(),
        set(),
    )
    pads = [*dataset.records("launchpads")]
    assert len(pads) > 2
    assert isinstance(pads[0]["launchpads/latitude_deg"], float)
    edit(damaged / described, lambda content: content["distribution"].pop(-2))
    with pytest.raises(mlcroissant.ValidationError, match="parquet"):
        mlcroissant.Dataset(str(damaged / described))


def test_ro_crate(released, damaged):
    crate = ROCrate(released.folder)
    paths = {each.path for each in released.manifest.files} - {"ro-crate-metadata.json"}
    assert {each.id for each in crate.data_entities} == paths | {"manifest.json"}
    assert all((released.folder / each.id).is_file() for each in crate.data_entities)
    entities = json.loads((released.folder / "ro-crate-metadata.json").read_bytes())["@graph"]
    known = {each["@id"] for each in entities}
    for entity in entities:
        for name, value in entity.items():
            assert name[0] == "@" or term_to_uri(name)
            linked = value if isinstance(value, list) else [value]
            ids = {each["@id"] for each in linked if isinstance(each, dict)}
            assert ids <= known | {"https://w3id.org/ro/crate/1.2"}
    edit(damaged / "ro-crate-metadata.json", lambda content: content["@graph"].pop(0))
    with pytest.raises(KeyError, match="descriptor not found"):
        ROCrate(damaged)


def test_citation_file(released):
    content = yaml.safe_load((released.folder / "CITATION.cff").read_bytes())
    validator = jsonschema.Draft7Validator(CFF)
    assert [error.message for error in validator.iter_errors(content)] == []
    del content["authors"]
    (error,) = validator.iter_errors(content)
    assert error.message == "'authors' is a required property"
