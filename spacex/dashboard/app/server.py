"""The dashboard's server: Voila and its whole configuration."""

import errno
import logging
import os
import re
import shutil
import socket
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from traitlets.config import Config

from spacex.analysis.feeds import FEEDS
from spacex.dashboard import VIEWS_VARIABLE
from spacex.dashboard.app.feed_urls import FOLDER
from spacex.dashboard.ui.assets import VERSION_VARIABLE, write_assets
from spacex.errors import SpacexError
from spacex.files import check_folder
from spacex.notebook.forked_kernel import start_fork_server
from spacex.notebook.temporary_folder import temporary_folder
from spacex.settings import Settings, environment
from spacex.settings.log import FORMATTERS, log_libraries

PORT = 8866
NOTEBOOK = "dashboard.ipynb"
TEMPLATE = "spacex"

MOST_KERNELS = 30
"""Most kernels at a time, those that wait for a visitor included; each takes 50 to 100 MB."""

READY_KERNELS = 2
"""Kernels that wait for a visitor, with the page already rendered."""

IDLE_S = 30 * 60
"""Time without input after which a visitor's kernel is culled, s; the page says so."""

PING_MS = 30_000
"""Interval of WebSocket pings, ms; a page that misses three of them is disconnected.

Jupyter measures from the last pong when it sends the next ping: one interval would be too short.
"""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
        "script-src 'self' blob:; connect-src 'self'; font-src 'self'; "
        "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
}
"""Nothing is loaded from other hosts, and no script is in the page itself. Widgets load their
modules from blobs."""

COOKIE = {"samesite": "Lax", "expires_days": None}
"""The cookie that names a visitor. No request that a foreign page makes carries it, but following a
link does: otherwise the visitor would get another name, and lose the open pages."""

LARGEST_MESSAGE = 64 << 10
"""Most bytes that a page may send in one message; ours send a few hundred."""

COMPRESSION = {"compression_level": 1, "mem_level": 5}
"""How messages to a page are compressed: fast, and with little memory for each page."""

KERNEL_ID = re.compile(r'"kernelId": "([\w-]+)"')
"""Finds the id of a page's kernel in the page."""

MODULES = (
    "spacex.dashboard.pages",
    "spacex.dashboard.app.session",
    "spacex.dashboard.app.own_pages",
    "spacex.settings",
)
"""What a visitor's kernel imports."""

FORKED: dict[str, Any] = {
    "KernelProvisionerFactory": {"default_provisioner_name": "spacex"},
    "ForkingProvisioner": {"modules": list(MODULES), "extensions": ["ipywidgets"]},
}
"""Use the kernels of `spacex.notebook.kernels`, with the dashboard imported."""

PRIVATE: dict[str, Any] = {
    "KernelManager": {
        "transport": "ipc",
        "client_factory": "spacex.notebook.kernels.OwnKernelClient",
    }
}
"""Kernels listen on sockets in a private folder of the server, not on TCP ports."""

NOT_RESTARTED: dict[str, Any] = {"KernelRestarter": {"restart_limit": 0, "time_to_dead": 1.0}}
"""A kernel that died is removed within a second: a new one would not know its page's widgets."""


class DashboardError(SpacexError):
    """The dashboard cannot be served, or its page cannot be shown."""


def serve(settings: Settings, *, ip: str = "127.0.0.1", port: int = PORT) -> None:
    """Serve the dashboard until the process is terminated.

    Args:
        settings: where the database and the notebook are.
        ip: the address to listen on; `0.0.0.0` for all interfaces, as in a container.
        port: the port to listen on.

    Raises:
        DashboardError: the address is in use or not available.
        SettingsError: the data folder cannot be used.
    """
    check_folder(settings.data_dir, "SPACEX_DATA_DIR", is_written=False)
    check_free(ip, port)
    # Tornado mistakes Jupyter's milliseconds for seconds and warns about them.
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    log_libraries(settings.log)
    with TemporaryDirectory(prefix="dashboard-", dir=temporary_folder()) as folder:
        site = Path(folder)
        prepare(site, settings)
        start_fork_server(MODULES)  # it imports the dashboard while Voila is imported below
        # This takes a second, and the command line imports this module.
        from spacex.dashboard.app.voila_app import Application  # noqa: PLC0415

        Application.clear_instance()
        application = Application.instance(config=configuration(site, ip, port, settings.log))
        application.assets, application.spacex = site / "assets", settings
        application.initialize([])
        application.start()


def prepare(site: Path, settings: Settings) -> None:
    """Copy the served files into a folder, and set the environment of the kernels."""
    (site / "page").mkdir()
    shutil.copyfile(settings.notebooks_dir / NOTEBOOK, site / "page" / NOTEBOOK)
    shutil.copytree(Path(__file__).with_name("template"), site / "jupyter")
    extra = (Path(__file__).parent / "static").iterdir()
    os.environ[VERSION_VARIABLE] = write_assets(site / "assets", extra)
    (site / "views").mkdir()
    os.environ[VIEWS_VARIABLE] = str(site / "views")
    os.environ.update(environment(settings))
    os.environ["JUPYTER_PATH"] = os.pathsep.join(
        [str(site / "jupyter"), *filter(None, [os.environ.get("JUPYTER_PATH")])]
    )


def configuration(site: Path, ip: str, port: int, log: str = "text") -> Config:
    """Return the configuration of Voila, its template and its kernels.

    Args:
        site: the folder of the served files.
        ip: the address to listen on.
        port: the port to listen on.
        log: the format of the log, `text` or `json`.
    """
    voila: dict[str, Any] = {
        "ip": ip,
        "port": port,
        "port_retries": 0,
        "open_browser": False,
        "notebook_path": str(site / "page" / NOTEBOOK),
        "root_dir": str(site / "page"),
        "config_file_paths": [],
        "log_level": logging.ERROR,
        "logging_config": {
            "formatters": {"console": FORMATTERS[log]},
            "loggers": {"Application": {"propagate": False}},  # not to the root logger as well
        },
        "authorizer_class": "spacex.dashboard.app.own_kernels.OwnKernels",
        "tornado_settings": {
            "headers": HEADERS,
            "cross_origin_protection": True,
            "websocket_max_message_size": LARGEST_MESSAGE,
            "websocket_compression_options": COMPRESSION,
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
        "extra_labextensions_path": [str(Path(__file__).with_name("labextensions"))],
        "extension_allowlist": [
            "anywidget",
            "spacex-dashboard",
            "@jupyter-widgets/jupyterlab-manager",
            "@voila-dashboards/widgets-manager8",
        ],
        "resources": {
            "assets_version": os.environ.get(VERSION_VARIABLE, ""),
            "feeds": [(f"{FOLDER}/{name}", each) for name, each in FEEDS.items()],
        },
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
        {
            "Voila": voila,
            "VoilaConfiguration": page,
            "IdentityProvider": {"cookie_options": COOKIE},
            "Kernels": kernels,
        }
        | FORKED
        | PRIVATE
        | NOT_RESTARTED
    )


def check_free(ip: str, port: int) -> None:
    """Check that a server can listen on an address.

    Raises:
        DashboardError: the address is in use, or does not belong to this machine.
    """
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ip, port))
        except OSError as error:
            in_use = error.errno == errno.EADDRINUSE
            reason = "is in use" if in_use else f"cannot be used ({error})"
            raise DashboardError(
                f"The address {ip}:{port} {reason}.",
                remedy="Choose another port, or stop the process that uses it.",
            ) from None
