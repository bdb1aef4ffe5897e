"""`lory words`: what typing taught goes out as text, comes in again, and is forgotten."""

from __future__ import annotations

import io
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


BAD_LINES = [
    "小鹿",
    "小鹿\txyz",
    "小鹿\txiao'lu\tmany",
    "小鹿\txiao'lu\tnan",
    "小鹿\txiao'lu\t1\t2",
]


@pytest.mark.parametrize("line", BAD_LINES)
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


def imported(path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    path.write_bytes(content)
    capsys.readouterr()
    status = main(["words", "import", str(path)])
    return status, capsys.readouterr().err


@pytest.mark.parametrize(
    ("encoding", "named"), [("gb18030", "GB18030"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16")]
)
def test_a_list_in_another_encoding_is_refused_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str, named: str
) -> None:
    content = "小鹿\txiao'lu\n".encode(encoding)
    status, told = imported(tmp_path / "w.txt", content, capsys)
    assert status == 1 and named in told and "w.txt" in told
    assert export(capsys) == ""


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = b"\xef\xbb\xbf" + "小鹿\txiao'lu\t3\r\n".encode()
    assert imported(tmp_path / "w.txt", content, capsys)[0] == 0
    assert export(capsys) == "小鹿\txiao'lu\t3\n"


def test_standard_input_is_read_as_a_file_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = io.TextIOWrapper(io.BytesIO("\ufeff小鹿\txiao'lu\t3\n".encode()), encoding="latin-1")
    monkeypatch.setattr("sys.stdin", given)
    assert main(["words", "import", "-"]) == 0
    assert export(capsys) == "小鹿\txiao'lu\t3\n"


@pytest.mark.parametrize(
    "word",
    ["\u200b", "小\u200b鹿", "\x07", "\u202e鹿小", "\u2028", "\ue000", "\u3164", "\u2800"],
)
def test_a_word_that_cannot_be_seen_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], word: str
) -> None:
    status, told = imported(tmp_path / "w.txt", f"{word}\txiao'lu\n".encode(), capsys)
    assert status == 1 and "line 1" in told and "cannot be seen" in told


@pytest.mark.parametrize("line", ["小鹿,xiao lu,3", "小鹿，xiao lu", "小鹿 xiao lu", "\txiao'lu"])
def test_another_form_is_refused_with_the_one_that_is_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    status, told = imported(tmp_path / "w.txt", line.encode(), capsys)
    assert status == 1 and "word TAB pinyin" in told


@pytest.mark.parametrize(
    "line",
    ["\u3000小鹿\txiao'lu", "小鹿 \txiao'lu ", "小鹿\txiǎo'lù", "小鹿\txiao’lu", "小鹿\tXiao3'lu4"],
)
def test_pinyin_as_dictionaries_write_it_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    assert imported(tmp_path / "w.txt", f"{line}\n".encode(), capsys)[0] == 0
    assert export(capsys) == "小鹿\txiao'lu\t2\n"


def test_what_chooses_a_form_is_refused_after_hanzi_and_kept_after_emoji(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert imported(tmp_path / "w.txt", "小鹿\ufe0f\txiao'lu\n".encode(), capsys)[0] == 1
    assert imported(tmp_path / "w.txt", "❤\ufe0f\txin\n".encode(), capsys)[0] == 0
