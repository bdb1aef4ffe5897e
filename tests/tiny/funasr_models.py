"""Tiny FunASR model folders with random weights, laid out as ModelScope hands them out.

Imports FunASR and torch: only for the environment that has them (`make test-funasr`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DIMENSION = 560  # 80 mel bands, 7 frames stacked
_HANZI = "今天气怎么样明早七点叫我起床你好小鹿打开灯关上一二三四五六"
_FRONTEND = {
    "fs": 16000,
    "window": "hamming",
    "n_mels": 80,
    "frame_length": 25,
    "frame_shift": 10,
    "lfr_m": 7,
    "lfr_n": 6,
    "dither": 0.0,  # the same sound is to give the same text
}


def sense_voice(folder: Path) -> Path:
    """A SenseVoiceSmall of one narrow layer."""
    from funasr.models.sense_voice.model import SenseVoiceSmall

    folder.mkdir()
    size = _sentence_pieces(folder / "chn_jpn_yue_eng_ko_spectok.bpe.model")
    encoder = {
        "output_size": 32,
        "attention_heads": 2,
        "linear_units": 64,
        "num_blocks": 2,
        "tp_blocks": 1,
        "input_layer": "pe",
        "normalize_before": True,
        "kernel_size": 11,
        "sanm_shfit": 0,
        "selfattention_layer_type": "sanm",
    }
    config: dict[str, Any] = {
        "model": "SenseVoiceSmall",
        "model_conf": {"length_normalized_loss": True, "sos": 1, "eos": 2, "ignore_id": -1},
        "encoder": "SenseVoiceEncoderSmall",
        "encoder_conf": encoder,
        "frontend": "WavFrontend",
        "frontend_conf": _FRONTEND,
        "tokenizer": "SentencepiecesTokenizer",
        "tokenizer_conf": {"bpemodel": None, "unk_symbol": "<unk>", "split_with_space": True},
        "dataset_conf": {"dataset": "AudioDataset"},
        "input_size": DIMENSION,
    }
    model = SenseVoiceSmall(
        encoder="SenseVoiceEncoderSmall",
        encoder_conf=encoder,
        input_size=DIMENSION,
        vocab_size=size,
        **config["model_conf"],
    )
    return _lay_out(folder, config, model, {"bpemodel": "chn_jpn_yue_eng_ko_spectok.bpe.model"})


def paraformer(folder: Path) -> Path:
    """A Paraformer of two narrow layers, which has a list of characters and no sentence pieces."""
    from funasr.models.paraformer.model import Paraformer

    folder.mkdir()
    tokens = ["<blank>", "<s>", "</s>", *dict.fromkeys(_HANZI), "<unk>"]
    (folder / "tokens.json").write_text(json.dumps(tokens, ensure_ascii=False), "utf-8")
    (folder / "seg_dict").write_text("".join(f"{it} {it}\n" for it in _HANZI), "utf-8")
    parts: dict[str, Any] = {
        "encoder": "SANMEncoder",
        "encoder_conf": {
            "output_size": 32,
            "attention_heads": 2,
            "linear_units": 64,
            "num_blocks": 2,
            "input_layer": "pe",
            "kernel_size": 11,
            "sanm_shfit": 0,
            "selfattention_layer_type": "sanm",
        },
        "decoder": "ParaformerSANMDecoder",
        "decoder_conf": {
            "attention_heads": 2,
            "linear_units": 64,
            "num_blocks": 1,
            "att_layer_num": 1,
            "kernel_size": 11,
            "sanm_shfit": 0,
        },
        "predictor": "CifPredictorV2",
        "predictor_conf": {"idim": 32, "threshold": 1.0, "l_order": 1, "r_order": 1},
        "model_conf": {"ctc_weight": 0.0, "lsm_weight": 0.1, "predictor_weight": 1.0},
    }
    model = Paraformer(
        **{key: value for key, value in parts.items() if key != "model_conf"},
        **parts["model_conf"],
        input_size=DIMENSION,
        vocab_size=len(tokens),
    )
    config = {
        "model": "Paraformer",
        **parts,
        "frontend": "WavFrontend",
        "frontend_conf": _FRONTEND,
        "tokenizer": "CharTokenizer",
        "tokenizer_conf": {"unk_symbol": "<unk>", "split_with_space": True},
        "input_size": DIMENSION,
    }
    return _lay_out(folder, config, model, {"token_list": "tokens.json", "seg_dict": "seg_dict"})


def _lay_out(folder: Path, config: dict[str, Any], model: Any, tokenizer: dict[str, str]) -> Path:
    import torch
    import yaml

    torch.save({"state_dict": model.state_dict()}, folder / "model.pt")
    (folder / "config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    metas = {
        "init_param": "model.pt",
        "config": "config.yaml",
        "tokenizer_conf": tokenizer,
        "frontend_conf": {"cmvn_file": "am.mvn"},
    }
    described = {
        "framework": "pytorch",
        "task": "auto-speech-recognition",
        "file_path_metas": metas,
    }
    (folder / "configuration.json").write_text(json.dumps(described), "utf-8")
    zeros, ones = (" ".join([value] * DIMENSION) for value in ("0", "1"))
    (folder / "am.mvn").write_text(
        f"<Nnet>\n<Splice> {DIMENSION} {DIMENSION}\n[ 0 ]\n"
        f"<AddShift> {DIMENSION} {DIMENSION}\n<LearnRateCoef> 0 [ {zeros} ]\n"
        f"<Rescale> {DIMENSION} {DIMENSION}\n<LearnRateCoef> 0 [ {ones} ]\n</Nnet>\n",
        "utf-8",
    )
    return folder


def _sentence_pieces(path: Path) -> int:
    """A tokenizer of these characters, SenseVoice's marks among them; how many pieces it has."""
    import sentencepiece

    marks = [f"<|{name}|>" for name in ("zh", "en", "NEUTRAL", "Speech", "withitn", "woitn")]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([_HANZI, *_HANZI]),
        model_prefix=str(path.with_suffix("")),
        model_type="char",
        vocab_size=len(set(_HANZI)) + len(marks) + 4,
        user_defined_symbols=marks,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return int(processor.get_piece_size())
