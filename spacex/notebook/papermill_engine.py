"""The papermill engine `spacex`, found by the entry point in `pyproject.toml`."""

from collections.abc import Callable
from typing import Any

from spacex.notebook.kernel_options import USUAL, KernelOptions
from spacex.notebook.kernels import kernel


def __getattr__(name: str) -> Any:
    """Return `ForkingEngine`, which is created when papermill asks for it.

    Papermill imports this module while it is imported itself; an import of papermill above would
    be circular.
    """
    if name != "ForkingEngine":
        raise AttributeError(name)
    globals()[name] = _engine()
    return globals()[name]


def _engine() -> type:
    from papermill.clientwrap import PapermillNotebookClient  # noqa: PLC0415 - see __getattr__
    from papermill.engines import Engine  # noqa: PLC0415

    class ForkingEngine(Engine):  # type: ignore[misc]
        """Run notebooks in kernels of `spacex.notebook.kernels`.

        The kernel runs the Python of this environment, whatever kernel the notebook names.
        """

        @classmethod
        def execute_managed_notebook(
            cls,
            nb_man: Any,
            kernel_name: str,  # noqa: ARG003 - papermill passes it
            *,
            options: KernelOptions = USUAL,
            start_timeout: int = 60,
            on_cell_executed: Callable[..., None] | None = None,
            **_: Any,
        ) -> None:
            """Run every cell; papermill stores the outputs."""
            with kernel(options) as manager:
                client = PapermillNotebookClient(
                    nb_man,
                    km=manager,
                    timeout=options.cell_timeout_s,
                    startup_timeout=start_timeout,
                    on_cell_executed=on_cell_executed,
                )
                try:
                    client.execute()
                finally:
                    if client.kc:
                        client.kc.stop_channels()

    return ForkingEngine
