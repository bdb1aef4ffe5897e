"""What can go wrong with a model, as one family: a code for programs, a sentence for people."""

from __future__ import annotations

from typing import ClassVar

from appliance.errors import LoryError


class ModelError(LoryError):
    """Root of the family. `str()` is one English line; `zh` is the short Chinese one."""

    code = "model-error"
    zh: ClassVar[str] = "模型出错"


class CatalogueError(ModelError, ValueError):
    """A catalogue file is not TOML, or does not follow the schema; says the file, line and key."""

    code = "catalogue"
    zh = "模型目录文件有误"


class UnknownModelError(ModelError, LookupError):
    """No model or set of this name."""

    code = "unknown-model"
    zh = "没有这个模型"


class ModelMissingError(ModelError, LookupError):
    """The model is not in the store; says the command that brings it."""

    code = "model-missing"
    zh = "模型未安装"


class ModelCorruptError(ModelError):
    """An installed model's files are not what was installed."""

    code = "model-corrupt"
    zh = "模型文件已损坏"


class NetworkError(ModelError, OSError):
    """The source cannot be reached. What was fetched is kept."""

    code = "no-network"
    zh = "连不上下载源"


class NotAtSourceError(ModelError):
    """The source answers, and does not have the file."""

    code = "not-found"
    zh = "下载源没有这个文件"


class WrongHashError(ModelError):
    """What came is not what the catalogue names. Nothing of it is kept."""

    code = "wrong-hash"
    zh = "校验不符"


class DiskFullError(ModelError, OSError):
    """Not enough room; says how much is needed and where."""

    code = "disk-full"
    zh = "磁盘空间不足"


class StoreWriteError(ModelError, OSError):
    """The store cannot be written, for another reason than room."""

    code = "store-write"
    zh = "模型目录无法写入"


class StoreBusyError(ModelError):
    """Another process is fetching into the same store."""

    code = "busy"
    zh = "另一个程序正在下载模型"


class CancelledError(ModelError):
    """The user stopped it. The next fetch goes on from here."""

    code = "cancelled"
    zh = "已取消"


class ToolMissingError(ModelError):
    """A Python package that fetching or converting needs is not installed; says which."""

    code = "tool-missing"
    zh = "缺少下载或转换工具"


class ConversionError(ModelError):
    """The fetched files are not what the recipe converts."""

    code = "conversion"
    zh = "模型转换失败"


class ImportRefusedError(ModelError, ValueError):
    """What was given to import is no model, or not a whole one."""

    code = "import"
    zh = "无法导入"
