"""The static edition at the end of a run: its failure is a sentence, never an error."""

import sys
from pathlib import Path

from pydantic import HttpUrl

from spacex.pipeline import edition_step
from spacex.pipeline.edition_step import write_edition
from spacex.pipeline.mail import edition_link
from spacex.settings import Settings
from tests import stages


def test_without_a_folder_nothing_is_written(settings: Settings) -> None:
    assert write_edition(settings) == ""


def test_why_no_edition_was_written_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").touch()
    known = stages.at(settings, publish_dir=tmp_path)
    assert "There is no database" in write_edition(known)
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["photo.jpg"]


def test_an_edition_that_takes_too_long_is_stopped(settings: Settings, tmp_path: Path) -> None:
    known = stages.at(settings, publish_dir=tmp_path)
    assert "took more than" in write_edition(known, timeout_s=0.01)


def test_a_program_that_is_gone_is_told(settings: Settings, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gone"))
    known = stages.at(settings, publish_dir=tmp_path)
    assert "No such file" in edition_step.write_edition(known)


def test_reports_link_to_the_hosted_edition(settings: Settings) -> None:
    assert edition_link(settings) == ""
    known = stages.at(settings, publish_url=HttpUrl("https://example.org/spacex/"))
    assert edition_link(known) == "All pages of the newest run: https://example.org/spacex/"
