"""`lory words`: what typing taught goes out as text, comes in again, and is forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.cli import main


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "lory"


@pytest.fixture
def words(tmp_path: Path) -> Path:
    file = tmp_path / "words.txt"
    file.write_text("小鹿\txiao'lu\n鹦鹉笼\tying'wu'long\t5\n", encoding="utf-8")
    return file


def export(capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert main(["words", "export"]) == 0
    return capsys.readouterr().out


def test_a_list_is_imported_and_exported_again(
    words: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["words", "import", str(words)]) == 0
    assert "鹦鹉笼\tying'wu'long\t5\n" in export(capsys)
    copy = tmp_path / "copy.txt"
    assert main(["words", "export", str(copy)]) == 0
    assert main(["words", "forget", "--all"]) == 0
    assert export(capsys) == ""
    assert main(["words", "import", str(copy)]) == 0
    assert copy.read_text(encoding="utf-8") == export(capsys)


def test_a_word_is_forgotten(words: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["words", "import", str(words)])
    assert main(["words", "forget", "小鹿"]) == 0
    assert "小鹿" not in export(capsys)
    assert main(["words", "forget", "小鹿"]) == 1
    assert "小鹿" in capsys.readouterr().err


@pytest.mark.parametrize("line", ["小鹿", "小鹿\txyz", "小鹿\txiao'lu\tmany", "小鹿\txiao'lu\tnan"])
def test_a_bad_line_is_named_and_nothing_is_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    file = tmp_path / "bad.txt"
    file.write_text(f"鹦鹉笼\tying'wu'long\n{line}\n", encoding="utf-8")
    assert main(["words", "import", str(file)]) == 1
    assert "line 2" in capsys.readouterr().err
    assert export(capsys) == ""


def test_what_cannot_be_read_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["words", "import", str(tmp_path / "none.txt")]) == 1
    assert main(["words", "forget"]) == 1
    assert all(line.startswith("lory: ") for line in capsys.readouterr().err.splitlines())


def test_damaged_words_are_moved_aside_and_told(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state.mkdir()
    (state / "ime.db").write_bytes(b"rubbish" * 1000)
    assert main(["words", "export"]) == 0
    assert "damaged" in capsys.readouterr().err
    assert list(state.glob("ime.db.damaged-*"))
