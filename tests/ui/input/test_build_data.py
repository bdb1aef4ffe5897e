"""The build of `t9.bin`, on sources small enough to check by hand."""

from __future__ import annotations

import io
import lzma
import tarfile
from pathlib import Path

import pytest

from ui.input.building import data
from ui.input.composition import Composition
from ui.input.engine import Engine
from ui.input.learning.user import MemoryWords
from ui.input.model import BOS, Model

DICTIONARY = """\
你\tni\t0
好\thao\t0
你好\tni'hao\t0
泥\tni\t0
先\txian\t0
西安\txi'an\t0
行\thang\t-0.3
行\txing\t-0.3
"""
ARPA = """\
\\data\\
ngram 1=9

\\1-grams:
-3.0\t<unk>\t0
-1.0\t你\t-0.3
-1.0\t好\t-0.3
-2.0\t你好\t-0.2
-3.0\t泥\t-0.1
-2.0\t先\t-0.1
-2.5\t西安\t-0.1
-2.0\t行\t-0.1

\\2-grams:
-0.5\t你 好\t-0.1
-1.5\t好 行\t0

\\3-grams:
-0.2\t你 好 行

\\end\\
"""


def archive(path: Path, name: str, text: str) -> None:
    data = text.encode()
    with tarfile.open(path, "w:xz") as file:
        member = tarfile.TarInfo(name)
        member.size = len(data)
        file.addfile(member, io.BytesIO(data))


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    archive(tmp_path / "dict-20220810.tar.xz", "dict_sc.txt", DICTIONARY)
    archive(tmp_path / "lm_sc.arpa-20220810.tar.xz", "lm_sc.arpa", ARPA)
    texts = {
        "tatoeba": "你好\n你好行\n",
        "kdconv": "西安行\n",
        "xpersona": "",
        "multiwoz": "你行\n",
    }
    for name, text in texts.items():
        with lzma.open(tmp_path / f"clauses-{name}.txt.xz", "wt", encoding="utf-8") as file:
            file.write(text)
    return tmp_path


def test_the_same_sources_give_the_same_bytes(sources: Path) -> None:
    assert data.build(sources) == data.build(sources)


def test_what_is_built_can_be_typed_with(sources: Path, tmp_path: Path) -> None:
    path = tmp_path / "small.bin"
    path.write_bytes(data.build(sources))
    engine = Engine(MemoryWords(), data=path)
    composition = Composition(engine)
    for key in "64426":
        composition.type(int(key))
    assert composition.text() == "你好"
    model = Model(path)
    you, good = model.word("你"), model.word("好")
    assert model.costs(BOS, you, [good]) < model.bigram_costs(good, [you])
    assert model.text(you) == "你"


def test_a_hanzi_can_be_typed_by_each_of_its_readings(sources: Path, tmp_path: Path) -> None:
    path = tmp_path / "small.bin"
    path.write_bytes(data.build(sources))
    for keys in ("4264", "9464"):
        composition = Composition(Engine(MemoryWords(), data=path))
        for key in keys:
            composition.type(int(key))
        assert composition.text() == "行"


def test_too_large_a_file_is_refused(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "LARGEST", 100)
    with pytest.raises(ValueError, match="lower NGRAM_BYTES"):
        data.build(sources)


def test_sources_that_lack_a_file_say_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        data.build(tmp_path)
