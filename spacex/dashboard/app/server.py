"""Serving the dashboard: Voila, configured in one place."""

import errno
import logging
import os
import shutil
import socket
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from traitlets.config import Config

from spacex.dashboard.ui.assets import SERVED, write_assets
from spacex.errors import SpacexError
from spacex.notebook.forkserver import fork_server
from spacex.settings import Settings, environment

PORT = 8866
NOTEBOOK = "dashboard.ipynb"
TEMPLATE = "spacex"

MOST_KERNELS = 30
"""Visitors at a time, and the kernels that wait for the next; each takes 50 to 100 MB."""

READY_KERNELS = 2
"""Kernels that wait for a visitor, their page made."""

IDLE_S = 30 * 60
"""Time without a click or key after which a visitor's kernel is ended, s; the page says so."""

PING_MS = 30_000
"""Time between two signs of life on a page's connection, which is ended after three that lack, ms.

Jupyter counts from the last sign of life as it asks for the next: one interval is not enough.
"""

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "connect-src 'self' ws: wss: data: blob:; "
    "font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)
"""Nothing is loaded from another host. Vega compiles its expressions: `unsafe-eval`."""


MODULES = ("spacex.dashboard.pages", "spacex.dashboard.app.session", "spacex.settings")
"""What a visitor's kernel imports."""

FORKED: dict[str, Any] = {
    "KernelProvisionerFactory": {"default_provisioner_name": "spacex"},
    "ForkingProvisioner": {"modules": list(MODULES), "extensions": ["ipywidgets"]},
}
"""Kernels are forked from a process that has imported the dashboard: `spacex.notebook.kernels`."""

PRIVATE: dict[str, Any] = {
    "KernelManager": {
        "transport": "ipc",
        "client_factory": "spacex.notebook.kernels.OwnKernelClient",
    }
}
"""Kernels listen on sockets in a folder of the server's, not on ports of the machine.

The server talks to them as the pipeline does to its own.
"""


class DashboardError(SpacexError):
    """The dashboard cannot be served, or does not show itself."""


def serve(settings: Settings, *, ip: str = "127.0.0.1", port: int = PORT) -> None:
    """Serve the dashboard until the process is told to end.

    Args:
        settings: where the database and the notebook are.
        ip: the address to listen on; `0.0.0.0` for all, as a container needs it.
        port: the port to listen on.

    Raises:
        DashboardError: the address cannot be listened on.
    """
    check_free(ip, port)
    # Tornado takes Jupyter's milliseconds for seconds, and warns of them.
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    with TemporaryDirectory(prefix="spacex-dashboard-") as folder:
        site = Path(folder)
        prepare(site, settings)
        fork_server(*MODULES).start()  # it imports the dashboard while Voila is imported here
        # Imported here: they take a second, and the command line imports this module.
        from spacex.dashboard.app.voila_app import Application  # noqa: PLC0415

        Application.clear_instance()
        application = Application.instance(config=configuration(site, ip, port))
        application.assets, application.database = site / "assets", settings.database.absolute()
        application.initialize([])
        application.start()


def prepare(site: Path, settings: Settings) -> None:
    """Lay out what is served in a folder of its own, and tell the kernels where it is."""
    (site / "page").mkdir()
    shutil.copyfile(settings.notebooks_dir / NOTEBOOK, site / "page" / NOTEBOOK)
    shutil.copytree(Path(__file__).with_name("template"), site / "jupyter")
    version = write_assets(site / "assets")
    os.environ[SERVED] = version
    os.environ.update(environment(settings))
    os.environ["JUPYTER_PATH"] = os.pathsep.join(
        [str(site / "jupyter"), *filter(None, [os.environ.get("JUPYTER_PATH")])]
    )


def configuration(site: Path, ip: str, port: int) -> Config:
    """Everything Voila is told."""
    voila: dict[str, Any] = {
        "ip": ip,
        "port": port,
        "port_retries": 0,
        "open_browser": False,
        "notebook_path": str(site / "page" / NOTEBOOK),
        "root_dir": str(site / "page"),
        "config_file_paths": [],
        "log_level": logging.ERROR,
        "tornado_settings": {
            "headers": {"Content-Security-Policy": POLICY},
            "ws_ping_interval": PING_MS,
            "ws_ping_timeout": 3 * PING_MS,
        },
    }
    page = {
        "template": TEMPLATE,
        "allow_template_override": "NO",
        "allow_theme_override": "NO",
        "strip_sources": True,
        "show_tracebacks": False,
        "file_allowlist": [],
        "extension_allowlist": [
            "anywidget",
            "@jupyter-widgets/jupyterlab-manager",
            "@voila-dashboards/widgets-manager8",
        ],
        "resources": {"assets_version": os.environ.get(SERVED, "")},
        "preheat_kernel": True,
        "default_pool_size": READY_KERNELS,
        "multi_kernel_manager_class": "spacex.dashboard.app.kernel_limit.Kernels",
    }
    kernels = {
        "limit": MOST_KERNELS,
        "cull_idle_timeout": IDLE_S,
        "cull_interval": 60,
        "cull_connected": True,
    }
    return Config(
        {"Voila": voila, "VoilaConfiguration": page, "Kernels": kernels} | FORKED | PRIVATE
    )


def check_free(ip: str, port: int) -> None:
    """Refuse an address that cannot be listened on.

    Raises:
        DashboardError: it is in use, or is not this machine's.
    """
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ip, port))
        except OSError as error:
            why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error})"
            raise DashboardError(
                f"The address {ip}:{port} {why}.",
                remedy="Choose another port, or end what uses it.",
            ) from None
