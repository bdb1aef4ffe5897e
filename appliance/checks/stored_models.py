"""The models that would run: installed, whole, and how much memory they need together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from appliance.checks.finding import Finding, Level, ok, warn
from appliance.configuration.settings import Settings
from appliance.models.catalogue import AnyModel, Catalogue, LlmModel
from appliance.models.errors import ModelMissingError
from appliance.models.rollback import model_forgets
from appliance.models.store import Store
from appliance.supervision.roster import Roster

DEFAULT_SET = "default"

# What the box is without a model of this role.
_WITHOUT = {
    "llm": (Level.FAIL, "不能回答", "it cannot answer"),
    "asr": (Level.WARN, "听不懂，只能打字", "it cannot understand speech"),
    "tts": (Level.WARN, "不出声", "it stays silent"),
    "vad": (Level.WARN, "听不出一句话何时说完", "it does not hear when you have finished"),
}


def chosen_models(catalogue: Catalogue, store: Store, settings: Settings) -> list[AnyModel]:
    """What would run, role by role; the default set's where nothing of a role is installed.

    Raises:
        ModelError: the settings name a model that no catalogue has, or one of another role.
    """
    roster = Roster(settings, catalogue, store)
    choices: dict[str, Callable[[], AnyModel]] = {
        "llm": roster.llm,
        "asr": roster.asr,
        "tts": roster.tts,
        "vad": roster.vad,
    }
    defaults = {model.role: model for model in reversed(catalogue.expand([DEFAULT_SET]))}
    chosen = []
    for role, choose in choices.items():
        try:
            chosen.append(choose())
        except ModelMissingError:
            if settings.text(f"models.{role}"):
                raise
            chosen.append(defaults[role])
    return chosen


def check_models(models: list[AnyModel], store: Store, by_hash: bool) -> Iterator[Finding]:
    """By size, or, slowly, `by_hash`."""
    for model in models:
        yield _one(model, store, by_hash)


def _one(model: AnyModel, store: Store, by_hash: bool) -> Finding:
    state = store.state(model)
    level, zh, en = _WITHOUT[model.role]
    todo = f"lory models fetch {model.name}"
    if state in ("absent", "partial"):
        return Finding(
            "models",
            level,
            f"没有安装 {model.title}：{zh}",
            f"{model.title} is not installed: {en}",
            todo,
            todo,
        )
    problems = [f"{p.path}: {p.what}" for p in store.verify(model)] if by_hash else []
    if state == "damaged" or problems:
        detail = f" ({'; '.join(problems)})" if problems else ""
        return Finding(
            "models",
            Level.FAIL,
            f"{model.title} 已损坏{detail}",
            f"{model.title} is damaged{detail}",
            todo,
            todo,
        )
    if state == "outdated":
        return warn(
            "models",
            f"{model.title} 有新版本",
            f"{model.title} is an older version than the catalogue names",
            todo,
            todo,
        )
    need = model.memory.total_mb
    zh, en = f"{model.title}，内存 {need} MB", f"{model.title}, {need} MB of memory"
    if isinstance(model, LlmModel) and model_forgets(model, store):
        zh += "；读过的不能回退，靠快照：改字和停止后要多读一些"
        en += "; what it read is taken back by snapshots: changes and stops cost more reading"
    return ok("models", zh, en)
