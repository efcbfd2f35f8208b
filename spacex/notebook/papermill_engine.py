"""Papermill's engine `spacex`: it runs a notebook in a kernel that is forked.

Papermill finds it by the entry point in `pyproject.toml`, and imports it as it is imported itself.
"""

from collections.abc import Callable
from typing import Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine

from spacex.notebook.kernels import kernel


class ForkingEngine(Engine):  # type: ignore[misc]
    """Runs a notebook in a kernel of `spacex.notebook.kernels`.

    It is that of the Python of this environment, whatever the notebook calls its own.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,  # noqa: ARG003 - papermill gives it
        *,
        execution_timeout: int | None = None,
        start_timeout: int = 60,
        on_cell_executed: Callable[..., None] | None = None,
        **_: Any,
    ) -> None:
        """Run each cell; papermill keeps what they show."""
        with kernel() as manager:
            client = PapermillNotebookClient(
                nb_man,
                km=manager,
                timeout=execution_timeout,
                startup_timeout=start_timeout,
                on_cell_executed=on_cell_executed,
            )
            try:
                client.execute()
            finally:
                if client.kc:
                    client.kc.stop_channels()
