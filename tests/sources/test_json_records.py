import pytest

from spacex.errors import ResponseError
from spacex.sources.json_records import list_records, page_records
from spacex.sources.record import Unreadable


def test_the_records_of_an_array():
    body = b'[{"id": "a", "mass": 1}, {"id": "b", "mass": 1.5}]'
    records = [{"id": "a", "mass": 1}, {"id": "b", "mass": 1.5}]
    assert list(list_records(body, "here")) == records
    assert list(list_records(b"\xef\xbb\xbf" + body, "here")) == records


@pytest.mark.parametrize(
    ("origin", "message", "remedy"),
    [
        ("https://x.org/gp", "returned truncated JSON: ", "Try again later, or use the stored "),
        ("list.json", "contains JSON without its end: the file is cut: ", "Download the file "),
    ],
)
def test_a_cut_file_is_worded_as_a_file(origin, message, remedy):
    with pytest.raises(ResponseError) as caught:
        list(list_records(b'[{"id": "a"}, {"id"', origin))
    assert caught.value.message.startswith(f"{origin} {message}")
    assert caught.value.remedy.startswith(f"The database is unchanged. {remedy}")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"<!doctype html><html>", "malformed JSON, invalid character (byte 0): …<!doctype html"),
        (b"", "an empty body instead of records."),
        (b'[{"id": "a"}, {"id"', "truncated JSON"),
        (b'[{"id": "a"}', "truncated JSON"),
        (b"[]", "an empty array instead of records: …[]…"),
        (b'{"docs": []}', "no array of records: Expected `array`, got `object`: …{"),
        (b"null", "no array of records: Expected `array`, got `null`: …null…"),
        (b'"launches"', "no array of records: Expected `array`, got `str`"),
        (b"[{}] trailing", "malformed JSON, trailing characters"),
        (b"[1, 2]", "a record that is not an object: Expected `object`, got `int`: …1…"),
        (b"[null, 2]", "a record that is not an object: Expected `object`, got `null`: …null…"),
        (b"[[]]", "a record that is not an object: Expected `object`, got `array`: …[]…"),
        (b'[{"mass": NaN}]', 'malformed JSON, invalid character (byte 10): …[{"mass": NaN}]…'),
        (b'[{"mass": Infinity}]', "malformed JSON, invalid character (byte 10)"),
        (b'[{"mass": -Infinity}]', "malformed JSON, invalid character"),
        (b'[{"mass": 1' + 5000 * b"0" + b"}]", "Integer value out of range"),
        (b'[{"name": "caf\xe9"}]', "text that is not UTF-8:"),
        (b'[{"name": "\\ud800"}]', 'half a character, \\ud83d or the like: …{"name": "\\ufffd"}…'),
        (b'[{"a":' + 100_000 * b"[" + 100_000 * b"]" + b"}]", "JSON that is nested too deeply"),
    ],
    ids=lambda value: repr(value[:30]),
)
def test_an_invalid_response_raises_with_position_and_remedy(body, problem):
    with pytest.raises(ResponseError) as caught:
        list(list_records(body, "https://example.org/launches"))
    assert caught.value.message.startswith("https://example.org/launches returned ")
    assert problem in caught.value.message
    assert len(caught.value.message) < 300
    assert "--source snapshot" in caught.value.remedy


def test_the_message_quotes_the_context_of_an_error():
    body = b'[{"name": "' + 200 * b"x" + b'", "mass": NaN}]'
    with pytest.raises(ResponseError, match=r'x", "mass": NaN}\]…'):
        list(list_records(body, "here"))


DAMAGED = [
    ("null", "null instead of an object", "null", {}),
    ("[1]", "a list instead of an object", "[1]", {}),
    ('"b"', "text instead of an object", '"b"', {}),
    ("7", "a number instead of an object", "7", {}),
    (
        '{"id": "b", "name": "x\\ud83d", "mass": 2}',
        "half a character, \\ud83d or the like, in name",
        '{"id": "b", "name": "x\\ufffd", "mass": 2}',
        {"id": "b", "mass": 2},
    ),
    (
        '{"id": "b", "core": {"name": "\\\\\\uDC00"}}',
        "half a character, \\ud83d or the like, in core",
        '{"id": "b", "core": {"name": "\\\\\\ufffd"}}',
        {"id": "b"},
    ),
    ('{"mass": 1' + 5000 * "0" + "}", "Integer value out of range", '{"mass": 1000000', {}),
]


@pytest.mark.parametrize(
    ("text", "reason", "quote", "readable"), DAMAGED, ids=lambda v: f"{v}"[:30]
)
def test_a_record_that_cannot_be_read_costs_itself(text, reason, quote, readable):
    """Escapes of whole characters, and of a backslash before `ud800`, are none of half ones."""
    good = ['{"id": "a\\ud83d\\ude80"}', '{"id": "c\\\\ud800"}']
    array = f"[{good[0]}, {text}, {good[1]}]"
    page = f'{{"count": 3, "next": null, "results": {array}}}'
    for records in (
        list_records(array.encode(), "list.json"),
        page_records(page.encode(), "list.json", "results"),
    ):
        first, bad, last = records
        assert (first, last) == ({"id": "a\U0001f680"}, {"id": "c\\ud800"})
        assert isinstance(bad, Unreadable)
        assert bad.reason.startswith(reason)
        assert bad.reason.endswith("(list.json, record 2)")
        assert bad.quote.startswith(quote)
        assert bad.readable == readable


def test_a_record_that_is_not_utf_8_costs_itself():
    first, bad = list_records(b'[{"id": "a"}, {"id": "caf\xe9"}]', "list.json")
    assert first == {"id": "a"}
    assert isinstance(bad, Unreadable)
    assert bad.reason == "text that is not UTF-8 (list.json, record 2)"
    assert bad.quote == '{"id": "caf\N{REPLACEMENT CHARACTER}"}'


@pytest.mark.parametrize("escapes", ["", r"\n\u00e9"])
def test_a_text_that_is_not_utf_8_is_quoted_around_the_byte(escapes):
    body = b'[{"name": "%s", "id": "%scaf\xe9"}]' % (500 * b"x", escapes.encode())
    with pytest.raises(ResponseError, match="text that is not UTF-8") as error:
        list(list_records(body, "list.json"))
    assert f'"id": "{escapes}caf\N{REPLACEMENT CHARACTER}"' in error.value.message


def test_a_page_without_a_readable_record_is_refused():
    with pytest.raises(ResponseError, match="a record that is not an object"):
        list(page_records(b'{"results": [null, 7]}', "here", "results"))
    assert list(page_records(b'{"results": []}', "here", "results")) == []
