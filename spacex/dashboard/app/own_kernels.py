"""A kernel belongs to the visitor whose page it serves.

Jupyter gives each browser a random name in a signed cookie. Only the browser that got a page may
use, ask for or shut down its kernel; to all others the kernel does not exist, even if they know
its id.
"""

from collections.abc import AsyncIterator
from hmac import compare_digest
from pathlib import Path

from jupyter_server.auth import Authorizer, User
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.web import HTTPError
from voila.request_info_handler import RequestInfoSocketHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from spacex.dashboard.app.kernel_messages import check_shape
from spacex.dashboard.app.server import KERNEL_ID
from spacex.dashboard.ui.first_view import without_outdated
from spacex.files import fingerprint

UNREADABLE = 1007
"""Code that closes a websocket after an invalid message."""


class OwnKernels(Authorizer):
    """Authorizes visitors for the kernels of their own pages, and for nothing else."""

    def is_authorized(
        self,
        handler: JupyterHandler,
        user: User,
        action: str,  # noqa: ARG002 - Jupyter's
        resource: str,
    ) -> bool:
        """Return whether a visitor may use a kernel.

        Args:
            handler: the request's handler, whose path has the kernel's id.
            user: the visitor.
            action: not considered.
            resource: must be "kernels".

        Raises:
            HTTPError: the kernel does not exist, or belongs to another visitor (404).
        """
        owner: str | None = handler.kernel_manager.owner(handler.path_kwargs["kernel_id"])  # type: ignore[attr-defined]
        if owner is None or not compare_digest(owner, user.username):
            raise HTTPError(404)
        return resource == "kernels"


class PageHandler(TornadoVoilaHandler):  # type: ignore[misc]
    """Sends the page, and assigns its kernel to the visitor."""

    def initialize(self, database: Path, **voila: object) -> None:
        """Set the database file, and what Voila needs."""
        super().initialize(**voila)
        self._database = database

    @property
    def content_security_policy(self) -> str:
        """Return the policy; older browsers do not count websockets as of this origin."""
        host = self.request.host
        ours: str = super().content_security_policy
        return ours.replace("connect-src 'self'", f"connect-src 'self' ws://{host} wss://{host}")

    async def prepare(self) -> None:
        """Start no kernel for what a foreign page embeds, such as an image.

        Raises:
            HTTPError: the browser requests something other than a page (403).
        """
        await super().prepare()
        if self.request.headers.get("Sec-Fetch-Dest", "document") != "document":
            raise HTTPError(403)

    async def head(self) -> None:
        """Send the type of the page; start no kernel, of which a monitor has no use."""
        self.set_header("Content-Type", "text/html; charset=utf-8")

    async def get_generator(self, path: str | None = None) -> AsyncIterator[str]:
        """Yield the parts of the page."""
        async for html in super().get_generator(path):
            if found := KERNEL_ID.search(html):
                self.kernel_manager.assign(found[1], self.current_user.username)
                # Voila keeps each page's query for a handler that is not served here.
                RequestInfoSocketHandler._cache.pop(found[1], None)  # noqa: SLF001
            yield without_outdated(html, str(fingerprint(self._database)))


class KernelStatusHandler(KernelHandler):
    """Tells a visitor whether the kernel of a page is running."""

    SUPPORTED_METHODS = ("GET",)


class ChannelsHandler(VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """Connects a page to its kernel until it sends something unreadable."""

    def on_message(self, ws_message: str | bytes) -> None:
        """Pass a message to the kernel."""
        try:
            self._check_count(ws_message)
            check_shape(ws_message, is_v1=bool(self.selected_subprotocol))
            super().on_message(ws_message)
        except Exception as error:  # noqa: BLE001 - Jupyter fails in many ways
            kind = type(error).__name__
            self.log.error("A visitor sent an unreadable message (%s).", kind)  # noqa: TRY400
            self.close(UNREADABLE)

    def _check_count(self, message: str | bytes) -> None:
        """Check the number of parts that a message announces; Jupyter makes room for all of them.

        Raises:
            ValueError: the message is too short for them.
        """
        if isinstance(message, bytes):
            first = message[:8] if self.selected_subprotocol else message[3::-1]
            if int.from_bytes(first, "little") > len(message):
                raise ValueError(first)


class ShutdownHandler(VoilaShutdownKernelHandler):  # type: ignore[misc]
    """Shuts down the kernel of a page that is being closed."""

    @authorized("write", "kernels")  # type: ignore[untyped-decorator]
    async def post(self, kernel_id: str) -> None:
        """Shut down the kernel."""
        await super().post(kernel_id)

    def check_xsrf_cookie(self) -> None:
        """Require no token: Voila's page has none, and foreign pages send no cookie."""
