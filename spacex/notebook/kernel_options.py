"""How the kernel of a notebook runs; apart from `kernels`, which takes long to import."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class KernelOptions:
    """How the kernel of a notebook runs.

    Attributes:
        cell_timeout_s: longest time for one cell, s.
        timeout_s: longest time for all cells, s; None for any.
        folder: its working directory; None for that of this process.
        environment: variables beside those of this process.
    """

    cell_timeout_s: int = 600
    timeout_s: int | None = None
    folder: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


USUAL = KernelOptions()
