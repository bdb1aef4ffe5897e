"""What can keep an engine from running. Each error's `code` is that of the `Fault` it becomes."""

from __future__ import annotations


class EngineError(RuntimeError):
    """Root of all engine errors."""

    code = "internal"


class EngineMissing(EngineError, ImportError):  # noqa: N818  reads as the fault it becomes
    """The engine's package is not installed, or the name is not in the table."""

    code = "engine-missing"


class ModelMissing(EngineError, FileNotFoundError):  # noqa: N818
    """A file of the model is not there."""

    code = "model-missing"


class ServerAway(EngineError, ConnectionError):  # noqa: N818
    """The recognition server the settings name does not answer."""

    code = "server-away"


class ModelCorrupt(EngineError, ValueError):  # noqa: N818
    """A file of the model is not what the engine needs; loading it could end the process."""

    code = "model-corrupt"
