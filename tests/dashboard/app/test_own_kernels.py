"""The page's handler keeps nothing of a visitor but the kernel's owner."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from voila.request_info_handler import RequestInfoSocketHandler
from voila.tornado.handler import TornadoVoilaHandler

from spacex.dashboard.app.own_kernels import PageHandler


@pytest.mark.attack("fill memory by opening pages with long addresses", "not kept")
def test_the_address_of_a_page_is_not_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async def page(_: object, __: object) -> AsyncIterator[str]:
        payload = {"QUERY_STRING": "x" * 30_000}
        RequestInfoSocketHandler.send_updates({"kernel_id": "k", "payload": payload})
        yield '{"kernelId": "k"}'

    assigned: list[tuple[str, str]] = []

    class Page(PageHandler):
        kernel_manager = SimpleNamespace(assign=lambda *pair: assigned.append(pair))
        current_user = SimpleNamespace(username="visitor")

        def __init__(self) -> None:
            self._database = tmp_path / "none.db"

    async def read() -> None:
        assert [html async for html in Page().get_generator()] == ['{"kernelId": "k"}']

    monkeypatch.setattr(TornadoVoilaHandler, "get_generator", page)
    asyncio.run(read())
    assert assigned == [("k", "visitor")]
    assert RequestInfoSocketHandler._cache == {}
