"""librime 1.8 (Debian's) through its C interface: T9 by digit algebra over luna_pinyin."""

from __future__ import annotations

import ctypes
import ctypes.util
import tempfile
from pathlib import Path
from types import TracebackType
from typing import ClassVar

SHARED = Path("/usr/share/rime-data")
SCHEMA_ID = "lory_t9"
SCHEMA = """\
schema: {schema_id: lory_t9, name: T9, version: "1"}
switches:
  - {name: ascii_mode, reset: 0}
  - {name: simplification, reset: 1}
engine:
  processors: [speller, selector, navigator, express_editor]
  segmentors: [abc_segmentor, fallback_segmentor]
  translators: [script_translator]
  filters: [simplifier, uniquifier]
speller:
  alphabet: "zyxwvutsrqponmlkjihgfedcba23456789"
  delimiter: " '"
  algebra:
    - erase/^xx$/
    - derive/^([jqxy])u$/$1v/
    - derive/^([nl])ue$/$1ve/
    - derive/[abc]/2/
    - derive/[def]/3/
    - derive/[ghi]/4/
    - derive/[jkl]/5/
    - derive/[mno]/6/
    - derive/[pqrs]/7/
    - derive/[tuv]/8/
    - derive/[wxyz]/9/
translator: {dictionary: luna_pinyin, prism: lory_t9, enable_user_dict: false}
simplifier: {option_name: simplification}
"""
DEFAULT = 'config_version: "1"\nschema_list: [{schema: lory_t9}]\nmenu: {page_size: 9}\n'


class RimeMissingError(Exception):
    """librime or Debian's data for it is not installed."""


class _Traits(ctypes.Structure):
    _fields_: ClassVar = [
        ("data_size", ctypes.c_int),
        ("shared_data_dir", ctypes.c_char_p),
        ("user_data_dir", ctypes.c_char_p),
        ("distribution_name", ctypes.c_char_p),
        ("distribution_code_name", ctypes.c_char_p),
        ("distribution_version", ctypes.c_char_p),
        ("app_name", ctypes.c_char_p),
        ("modules", ctypes.POINTER(ctypes.c_char_p)),
        ("min_log_level", ctypes.c_int),
        ("log_dir", ctypes.c_char_p),
        ("prebuilt_data_dir", ctypes.c_char_p),
        ("staging_dir", ctypes.c_char_p),
    ]


class _Composition(ctypes.Structure):
    _fields_: ClassVar = [
        ("length", ctypes.c_int),
        ("cursor_pos", ctypes.c_int),
        ("sel_start", ctypes.c_int),
        ("sel_end", ctypes.c_int),
        ("preedit", ctypes.c_char_p),
    ]


class _Candidate(ctypes.Structure):
    _fields_: ClassVar = [
        ("text", ctypes.c_char_p),
        ("comment", ctypes.c_char_p),
        ("reserved", ctypes.c_void_p),
    ]


class _Menu(ctypes.Structure):
    _fields_: ClassVar = [
        ("page_size", ctypes.c_int),
        ("page_no", ctypes.c_int),
        ("is_last_page", ctypes.c_int),
        ("highlighted_candidate_index", ctypes.c_int),
        ("num_candidates", ctypes.c_int),
        ("candidates", ctypes.POINTER(_Candidate)),
        ("select_keys", ctypes.c_char_p),
    ]


class _Context(ctypes.Structure):
    _fields_: ClassVar = [
        ("data_size", ctypes.c_int),
        ("composition", _Composition),
        ("menu", _Menu),
        ("commit_text_preview", ctypes.c_char_p),
        ("select_labels", ctypes.POINTER(ctypes.c_char_p)),
    ]


def _sized(structure: ctypes.Structure) -> int:
    """What librime wants in `data_size`: the size without that field."""
    return ctypes.sizeof(structure) - ctypes.sizeof(ctypes.c_int)


class Rime:
    """One session. Raises RimeMissingError where librime or its data is absent."""

    def __init__(self) -> None:
        name = ctypes.util.find_library("rime")
        if name is None or not (SHARED / "luna_pinyin.dict.yaml").exists():
            raise RimeMissingError("librime1 and rime-data-luna-pinyin")
        self._folder = tempfile.TemporaryDirectory(prefix="lory-rime-")
        user = Path(self._folder.name)
        (user / f"{SCHEMA_ID}.schema.yaml").write_text(SCHEMA, encoding="utf-8")
        (user / "default.yaml").write_text(DEFAULT, encoding="utf-8")
        self._rime = rime = ctypes.CDLL(name)
        rime.RimeCreateSession.restype = ctypes.c_size_t
        for function in ("RimeProcessKey", "RimeGetContext", "RimeClearComposition"):
            getattr(rime, function).argtypes = None
        self._traits = traits = _Traits()
        traits.data_size = _sized(traits)
        traits.shared_data_dir = str(SHARED).encode()
        traits.user_data_dir = str(user).encode()
        traits.distribution_name = traits.distribution_code_name = b"lory"
        traits.distribution_version = b"1"
        traits.app_name = b"rime.lory"
        traits.min_log_level = 3
        traits.log_dir = str(user).encode()
        rime.RimeSetup(ctypes.byref(traits))
        rime.RimeInitialize(ctypes.byref(traits))
        if rime.RimeStartMaintenance(1):
            rime.RimeJoinMaintenanceThread()
        self._session = ctypes.c_size_t(rime.RimeCreateSession())
        if not rime.RimeSelectSchema(self._session, SCHEMA_ID.encode()):
            raise RimeMissingError("librime could not build the T9 schema")
        self.version = Path(name).name

    def __enter__(self) -> Rime:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._rime.RimeDestroySession(self._session)
        self._rime.RimeFinalize()
        self._folder.cleanup()

    def press(self, key: str) -> None:
        """One digit key."""
        self._rime.RimeProcessKey(self._session, ord(key), 0)

    def top(self) -> str:
        """The first candidate; "" when there is none."""
        context = _Context()
        context.data_size = _sized(context)
        if not self._rime.RimeGetContext(self._session, ctypes.byref(context)):
            return ""
        menu = context.menu
        text = menu.candidates[0].text if menu.num_candidates else b""
        preview = context.commit_text_preview or text
        self._rime.RimeFreeContext(ctypes.byref(context))
        return bytes(preview or b"").decode("utf-8")

    def clear(self) -> None:
        """Drop the composition."""
        self._rime.RimeClearComposition(self._session)
