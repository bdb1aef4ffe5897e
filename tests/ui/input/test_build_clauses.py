"""Conversational texts become clauses, and none of them is close to an evaluation sentence."""

from __future__ import annotations

import json
import lzma
import sys
import zipfile
from pathlib import Path

import pytest

from ui.input.building import clauses
from ui.input.building.clauses import MULTIWOZ, XPERSONA, Evaluation, clauses_of, read_sentences

DEV = Path(__file__).parent / "data" / "t9_dev.tsv"


def test_texts_are_cut_at_whatever_is_not_a_hanzi() -> None:
    assert list(clauses_of(["我要订6张票。TR1149次，谢谢！好"])) == ["我要订", "张票", "谢谢"]


@pytest.mark.parametrize(
    "clause",
    ["你知道这个餐馆在哪里吗", "你知道这个餐馆在哪里", "你知道这家餐馆在哪里吗"],
)
def test_a_clause_close_to_a_sentence_is_found(clause: str) -> None:
    assert Evaluation(["你知道这个餐馆在哪里吗"]).is_close(clause)


@pytest.mark.parametrize("clause", ["你知道", "在哪里吗", "这个餐馆很好吃", ""])
def test_a_clause_that_shares_a_few_words_only_is_kept(clause: str) -> None:
    assert not Evaluation(["你知道这个餐馆在哪里吗"]).is_close(clause)


def test_the_sentences_of_the_development_set_are_its_first_column() -> None:
    sentences = read_sentences(DEV)
    assert len(sentences) == 500
    assert all(
        set(sentence) & set("你我他的是吗在有个") or len(sentence) > 2 for sentence in sentences
    )
    assert all(sentence == "".join(clauses_of([sentence])) for sentence in sentences)


def test_both_texts_are_written_without_what_is_close(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in MULTIWOZ:
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            dialogue = {"log": [{"text": "我想找一家酒店，便宜的。"}, {"text": "好的"}]}
            archive.writestr("x.json", json.dumps({"1": dialogue}))
    for name in XPERSONA:
        dialogues = [{"persona": ["我有两只狗。"], "dialogue": [["你好吗？", "我很好"]]}]
        (tmp_path / name).write_text(json.dumps(dialogues), encoding="utf-8")
    evaluation = tmp_path / "set.tsv"
    evaluation.write_text("# a comment\n我有两只狗\two\t96\tx\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["build_clauses", str(tmp_path), "--without", str(evaluation)])
    clauses.main()
    written = {}
    for name in ("multiwoz", "xpersona"):
        with lzma.open(tmp_path / f"clauses-{name}.txt.xz", "rt", encoding="utf-8") as file:
            written[name] = file.read().split()
    assert written["multiwoz"] == ["我想找一家酒店", "便宜的", "好的"] * 3
    assert written["xpersona"] == ["你好吗", "我很好"] * 2
