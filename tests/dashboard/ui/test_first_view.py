"""The HTML of widgets that a visitor sees before the scripts have come."""

from html.parser import HTMLParser

import ipywidgets
import pytest

from spacex.dashboard.ui.first_view import first_view, without_outdated
from spacex.dashboard.ui.markup import Markup, Node, tag
from spacex.dashboard.ui.static_tree import node_html, part_html, part_of

HOSTILE = "\"'><script>alert(1)</script>&amp;"


class Reader(HTMLParser):
    """Reads HTML back into a tree of elements, as a browser would."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[Node] = [["root", {}]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node: Node = [tag, {name: value or "" for name, value in attrs}]
        self._last().append(node)
        if tag != "input":
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self._last()[0] == tag
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self._last().append(data)

    def _last(self) -> list[object]:
        last = self.open[-1]
        assert isinstance(last, list)
        return last


def read(html: str) -> Node:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1
    return reader.open[0][2]


def test_a_tree_is_read_back_as_it_was() -> None:
    tree = tag("p", HOSTILE, tag("a", "& <b>", href="?page=now&x=1", title=HOSTILE), class_="lead")
    assert read(node_html(tree)) == tree


@pytest.mark.parametrize("name", ["script", "style", "iframe", "object", "embed", "link", "base"])
def test_an_element_that_could_act_is_left_out(name: str) -> None:
    assert node_html(tag("p", "before", tag(name, "x"), "after")) == "<p>beforeafter</p>"


@pytest.mark.attack(
    "have text of the data act as markup in what is shown before the scripts", "left out, or text"
)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("onclick", "alert(1)"),
        ("style", "color: red"),
        ("srcdoc", "<p>"),
        ("href", "javascript:alert(1)"),
        ("src", " JavaScript:alert(1)"),
        ("href", "data:text/html,x"),
    ],
)
def test_an_attribute_that_could_act_is_left_out(name: str, value: str) -> None:
    assert node_html(["a", {name: value}, "x"]) == "<a>x</a>"


@pytest.mark.parametrize("address", ["?page=fleet", "https://a.example/", "reports/", "#page"])
def test_a_link_stays(address: str) -> None:
    assert node_html(["a", {"href": address}, "x"]) == f'<a href="{address}">x</a>'


def test_controls_cannot_be_used_and_folds_are_open() -> None:
    assert node_html(tag("input", value="Berlin")) == '<input value="Berlin" disabled="">'
    assert node_html(tag("button", "Go")) == '<button disabled="">Go</button>'
    assert (
        node_html(tag("details", "x", data_fold=True))
        == '<details data-fold="" open="">x</details>'
    )
    assert node_html(tag("details", "x")) == "<details>x</details>"


def test_widgets_are_nested_with_their_classes_and_charts_left_empty() -> None:
    text, other = Markup(tag("p", "a"), "b"), ipywidgets.IntSlider()
    text.add_class("head")
    other.add_class("chart")
    box = ipywidgets.Box([text, ipywidgets.Box([other])])
    inner = ["div", {"class": ""}, ["div", {"class": "chart"}]]
    head = ["div", {"class": "head markup"}, ["p", {}, "a"], "b"]
    assert read(part_html(part_of(box))) == ["div", {"class": ""}, head, inner]


def test_a_first_view_of_another_state_is_left_out() -> None:
    view = first_view(Markup(tag("p", "figures")), '(1, "2")')
    page = f"<main>{view}<script></script></main>"
    assert without_outdated(page, '(1, "2")') == page
    assert without_outdated(page, '(1, "3")') == "<main><script></script></main>"
