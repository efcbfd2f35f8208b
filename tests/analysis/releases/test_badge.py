"""A badge is a picture with two texts, and loads nothing."""

from xml.etree import ElementTree as ET

from spacex.analysis.releases.badge import badge


def test_a_badge_has_its_texts_as_text() -> None:
    found = ET.fromstring(badge("release", "2026-11-30 <&>"))  # noqa: S314 - our own
    texts = [each.text for each in found.iter() if (each.text or "").strip()]
    assert texts == ["release: 2026-11-30 <&>", "release", "2026-11-30 <&>"]
    assert not [each for each in found.iter() for name in each.attrib if "href" in name]
