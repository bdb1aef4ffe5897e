"""What can keep an engine from running. Each error's `code` is that of the `Fault` it becomes."""

from __future__ import annotations

from appliance.errors import LoryError


class EngineError(LoryError, RuntimeError):
    """What keeps an engine from loading, hearing, speaking or answering."""


class EngineMissingError(EngineError, ImportError):
    """The engine's package is not installed, or the name is not in the table."""

    code = "engine-missing"


class ModelFileMissingError(EngineError, FileNotFoundError):
    """A file of the model is not there."""

    code = "model-missing"


class ServerAwayError(EngineError, ConnectionError):
    """The recognition server the settings name does not answer."""

    code = "server-away"


class ModelFileCorruptError(EngineError, ValueError):
    """A file of the model is not what the engine needs; loading it could end the process."""

    code = "model-corrupt"
