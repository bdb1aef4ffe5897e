"""The engines: each proves itself now, and is told with the way it runs in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from appliance.checks.finding import Finding, fail, ok, warn
from appliance.engines.native_build import lacking_here
from appliance.proving.proof import Proof
from appliance.supervision.narrowing import Kept
from appliance.supervision.team import Name

_TITLES: dict[Name, tuple[str, str]] = {
    "llm": ("语言模型引擎 llama.cpp", "llama.cpp"),
    "audio": ("声音 PortAudio 与端点检测", "sound: PortAudio, end of speech"),
    "asr": ("语音识别 sherpa-onnx", "hearing: sherpa-onnx"),
    "tts": ("朗读 sherpa-onnx", "voice: sherpa-onnx"),
}
_WAYS = {
    "no-repack": (
        "不重排权重（读长问题慢一些）",
        "weights not repacked (long questions take longer)",
    ),
    "one-thread": ("只用一个线程（慢一半以上）", "one thread (half as fast or slower)"),
    "no-vad": ("按音量判断说完没有", "the end of speech told by loudness"),
    "no-microphone": ("不用麦克风", "no microphone"),
}
_REBUILD = (
    "重新编译：pip uninstall llama-cpp-python，再运行 make run（服务：systemd/install.sh）；"
    "还不行就在前面加 CMAKE_ARGS=-DGGML_NATIVE=OFF",
    "compile it anew: pip uninstall llama-cpp-python, then make run (service: systemd/install.sh); "
    "if that does not help, with CMAKE_ARGS=-DGGML_NATIVE=OFF before it",
)
_REINSTALL = (
    "重新安装：pip install --force-reinstall sherpa-onnx sounddevice；模型：lory models verify",
    "install it again: pip install --force-reinstall sherpa-onnx sounddevice; the models: "
    "lory models verify",
)


@dataclass(frozen=True, slots=True)
class Engine:
    """`kept`: its way, if leaner. `works`: the leaner way that is proven where this one fails."""

    proof: Proof
    kept: Kept | None = None
    works: str = ""


def check_engines(engines: Mapping[Name, Engine]) -> Iterator[Finding]:
    """What was found of each."""
    if lacking := ", ".join(lacking_here()):
        yield fail(
            "engines",
            f"llama.cpp 是为别的 CPU 编译的：这里没有 {lacking}",
            f"llama.cpp was compiled for another CPU: this one has no {lacking}",
            "运行 make run（服务：systemd/install.sh）会重新编译",
            "make run (service: systemd/install.sh) compiles it anew",
        )
    for name, engine in engines.items():
        if not (name == "llm" and lacking):
            yield _finding(name, engine)


def _finding(name: Name, engine: Engine) -> Finding:
    proof, kept = engine.proof, engine.kept
    zh, en = _TITLES[name]
    if kept is not None:
        way_zh, way_en = _WAYS.get(kept.way, (kept.way, kept.way))
        zh, en = f"{zh}（{way_zh}；因为 {kept.why}）", f"{en} ({way_en}; because of {kept.why})"
    match proof.outcome:
        case "failed" if engine.works:
            way_zh, way_en = _WAYS[engine.works]
            return warn(
                "engines",
                f"{zh}：{proof.detail}；{way_zh}就可以",
                f"{en}: {proof.detail}; it works with {way_en}",
                "Lory 会自己改用；要更快：重新编译或安装",
                "Lory changes to that by itself; to be faster, compile or install it anew",
            )
        case "failed":
            todo = _REBUILD if name == "llm" else _REINSTALL
            return fail("engines", f"{zh}：{proof.detail}", f"{en}: {proof.detail}", *todo)
        case "unfinished":
            detail = proof.detail or "start"
            return warn(
                "engines",
                f"{zh}：没来得及自检完（停在 {detail}）",
                f"{en}: no time to prove it (it was at {detail})",
                "等别的程序忙完再试",
                "try again when other programs are done",
            )
    made = warn if kept is not None else ok
    return made("engines", f"{zh}：自检通过，{proof.detail}", f"{en}: proven, {proof.detail}")
