from spacex.sources.lineage import source_fields
from spacex.sources.mapping import Constant, TableMapping
from spacex.sources.source import Endpoint, Source, endpoints

COLUMNS = {
    "launch_id": "id",
    "patch": "links.patch",
    "has_fairings": "fairings!",
    "fairings_reused": "fairings?.reused",
    "crew_count": "crew#",
    "made_up": Constant(1),
}
CORE_COLUMNS = {"launch_id": "^id", "place": "#", "core_id": "core"}
MAPPINGS = (
    TableMapping(table="launches", columns=COLUMNS),
    TableMapping(table="parts", each="cores", columns=CORE_COLUMNS),
    TableMapping(table="parts", each="ships", columns={"core_id": "."}),
)
SOURCE = Source(
    name="made up",
    title="Made up",
    licence="none",
    endpoints=endpoints(Endpoint("launches", MAPPINGS)),
)


def test_source_fields_of_each_column():
    assert source_fields(SOURCE) == {
        ("launches", "launch_id"): "launches[].id",
        ("launches", "patch"): "launches[].links.patch",
        ("launches", "has_fairings"): "launches[].fairings (whether present)",
        ("launches", "fairings_reused"): "launches[].fairings.reused",
        ("launches", "crew_count"): "launches[].crew (number)",
        ("parts", "launch_id"): "launches[].id",
        ("parts", "place"): "position in launches[].cores[]",
        ("parts", "core_id"): "launches[].cores[].core, launches[].ships[]",
    }
