"""Errors for people: what happened, and what to do next."""


class SpacexError(Exception):
    """A failure a person can act on.

    Attributes:
        message: what happened, and where.
        remedy: what to do next; may be empty.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class SettingsError(SpacexError):
    """A setting or a parameter has a value that makes no sense."""


class ServiceUnavailableError(SpacexError):
    """The service cannot be reached or cannot answer now: an outage, worth another try later.

    Attributes:
        status: the HTTP status it answered with; 0 if none came.
        wait_s: how long it asks to be left alone, s; None if it does not say.
        was_reached: whether the request may have reached it.
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
    """The service answered, but not with what it promises: no outage, not to be papered over.

    Attributes:
        status: the HTTP status it answered with; 0 if that is not what is wrong.
    """

    def __init__(self, message: str, remedy: str = "", *, status: int = 0) -> None:
        super().__init__(message, remedy)
        self.status = status


class SnapshotError(SpacexError):
    """A stored answer is missing, or is not what its sidecar says."""


class StorageError(SpacexError):
    """A file cannot be written: the disk is full, or the folder forbids it."""


class DataError(SpacexError):
    """The data cannot be published as they are."""


class DatabaseError(SpacexError):
    """The database is missing, damaged, of another schema version, or in use."""


class PrefectError(SpacexError):
    """Prefect, which runs the flow, failed: not what the flow does.

    Attributes:
        server: address of the server that was asked for; empty if it was a temporary one.
    """

    def __init__(self, message: str, remedy: str = "", server: str = "") -> None:
        super().__init__(message, remedy)
        self.server = server


class NotebookError(SpacexError):
    """A notebook was given parameters it does not have, or one of its cells failed.

    Attributes:
        cause: name of the exception in the cell; empty if it was none.
    """

    def __init__(self, message: str, remedy: str = "", cause: str = "") -> None:
        super().__init__(message, remedy)
        self.args = (message, remedy, cause)  # what makes the same error in another process
        self.cause = cause
