import pytest

from spacex.sources.mapping import Constant, field_getter, reader

RECORD = {
    "id": "a",
    "links": {"patch": {"small": "s.png"}},
    "fairings": None,
    "halves": {"reused": None, "ships": ["x", "y"]},
    "crew": [],
    "nothing": None,
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("id", "a"),
        ("links.patch.small", "s.png"),
        ("nothing", None),
        ("fairings?.reused", None),
        ("fairings?.ships#", None),
        ("halves?.reused", None),
        ("halves?.ships#", 2),
        ("crew#", 0),
        ("nothing#", None),
        ("fairings!", False),
        ("halves!", True),
        ("links.patch!", True),
        (Constant(2), 2),
        ("#", 3),
        (".", RECORD),
        ("^id", "parent"),
    ],
)
def test_a_path_reads_its_field(path, value):
    assert reader(path)(RECORD, {"id": "parent"}, 3) == value


ABSENT = ["ids", "links.patches.small", "links.patch.large", "fairing?.reused", "halves?.reuse"]
ABSENT += ["fairing!", "crews#", "^name"]
IN_NO_RECORD = ["fairings.reused", "id.small", "id#", "halves#", "crew.0"]
ERRORS = dict.fromkeys(ABSENT, KeyError) | dict.fromkeys(IN_NO_RECORD, TypeError)


@pytest.mark.parametrize(("path", "error"), ERRORS.items())
def test_a_missing_field_raises(path, error):
    with pytest.raises(error):
        reader(path)(RECORD, {"id": "parent"}, 0)


@pytest.mark.parametrize("record", [None, 7, "text", [], [1]])
def test_a_value_that_is_not_a_record_raises(record):
    with pytest.raises(TypeError):
        field_getter("id")(record)
