"""Exceptions whose messages say what happened and what to do next."""

import linecache
import re
from typing import Any

_SECRET = re.compile(
    r"""(://)(?!\w*:\$\{\w+\}@)[^/@\s]+(?=@)  # user and password of a URL, but no ${VARIABLE}
    | ((?:token|password|secret|[?&](?:api_?)?key)=) [^&\s'"]+""",
    re.IGNORECASE | re.VERBOSE,
)


def masked(text: str) -> str:
    """Return a text with `***` in place of credentials of URLs, tokens and passwords."""
    return _SECRET.sub(lambda found: f"{found[1] or found[2]}***", text)


class SpacexError(Exception):
    """An error that the user can act on.

    Attributes:
        message: what happened and where, without secrets.
        remedy: what to do next, or an empty string.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        self.message = masked(message)
        self.remedy = masked(remedy)
        super().__init__(self.message, self.remedy)

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows: the failing line of the cell and the message.

        IPython calls this method in place of its own, which prints the source of every call.
        """
        shown, trace = [f"{type(self).__name__}: {self.message}"], self.__traceback__
        while trace:
            file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
            if trace.tb_frame.f_globals.get("__name__") == "__main__":
                shown.insert(0, f"----> {line} {linecache.getline(file, line).strip()}")
            trace = trace.tb_next
        return [*shown, *([f"→ {self.remedy}"] if self.remedy else [])]


class DataWarning(UserWarning):
    """The data are simulated, stale, or shown at another instant than the present."""


class SettingsError(SpacexError):
    """A setting or parameter has an invalid value."""


class ServiceUnavailableError(SpacexError):
    """The service is unreachable or overloaded; a later attempt may succeed.

    Attributes:
        status: HTTP status of the response; 0 if there was none.
        wait_s: delay the service asked for, s; None if it did not ask for one.
        was_reached: whether the request may have reached the service.
    """

    def __init__(
        self,
        message: str,
        remedy: str = "",
        *,
        status: int = 0,
        wait_s: float | None = None,
        was_reached: bool = False,
    ) -> None:
        super().__init__(message, remedy)
        self.status = status
        self.wait_s = wait_s
        self.was_reached = was_reached


class ResponseError(SpacexError):
    """The response violates the API's contract; retrying does not help.

    Attributes:
        status: HTTP status of the response; 0 if the status is not the problem.
    """

    def __init__(self, message: str, remedy: str = "", *, status: int = 0) -> None:
        super().__init__(message, remedy)
        self.status = status


class SnapshotError(SpacexError):
    """A snapshot is missing or does not match its sidecar."""


class StorageError(SpacexError):
    """A file cannot be written: the disk is full or permission is denied."""


class DataError(SpacexError):
    """The data are not fit to be published."""


class ImplausibleListError(DataError):
    """A GP list lacks more satellites, or has more new ones, than is plausible.

    Attributes:
        finding: what was found, a `spacex.warehouse.checks.Finding`.
    """

    def __init__(self, message: str, remedy: str, finding: Any) -> None:
        self.finding = finding
        super().__init__(message, remedy)


class DatabaseError(SpacexError):
    """The database is missing, damaged, locked, or has another schema version."""


class QueryError(DatabaseError):
    """A SQL statement is wrong, or names a view, table or column that does not exist."""


class UnusableDatabaseError(DatabaseError):
    """The database is damaged or of an older schema version: the next run rebuilds it."""


class DamagedDatabaseError(UnusableDatabaseError):
    """The published database does not match its digest, which is found when it is copied."""


class PrefectError(SpacexError):
    """Prefect failed, rather than the flow it runs.

    Attributes:
        server: address of the Prefect server; empty for a temporary server.
    """

    def __init__(self, message: str, remedy: str = "", server: str = "") -> None:
        super().__init__(message, remedy)
        self.server = server


class NotebookError(SpacexError):
    """A notebook received unknown parameters, or one of its cells failed.

    Attributes:
        cause: name of the exception raised in the cell; empty if there was none.
    """

    def __init__(self, message: str, remedy: str = "", cause: str = "") -> None:
        super().__init__(message, remedy)
        self.args = (self.message, self.remedy, cause)  # to unpickle in another process
        self.cause = cause
