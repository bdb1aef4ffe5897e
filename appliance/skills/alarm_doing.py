"""What is asked of alarms is done: the row first, then the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from appliance.alarms import telling
from appliance.alarms.alarm import Alarm, State
from appliance.alarms.finding import matching, retimed
from appliance.alarms.keeper import Keeper
from appliance.skills.box import Box
from appliance.skills.skill import Then
from appliance.understanding.alarms.requests import (
    Cancel,
    Change,
    Choose,
    Extend,
    Kind,
    ListThem,
    Missed,
    Missing,
    Pause,
    Refuse,
    Remaining,
    Rename,
    Request,
    Resume,
    Set,
    SkipNext,
    Snooze,
    Which,
)
from appliance.understanding.alarms.sayings import said_back
from appliance.understanding.saying_times import say_duration
from appliance.understanding.settled import Impossible
from ui.strings import Language, Text

Act = Callable[[Alarm, Callable[[Alarm | None], object]], None]

_TEXTS = {
    "undone": Text("闹钟已取消。", "The alarm is cancelled."),
    "not-kept": Text(
        "没有设：存储出错，或者已经太多了。",
        "It is not set: the storage failed, or there are too many.",
    ),
    "not-changed": Text(
        "没有改成：它已经不在了，或者存储出错。", "Not changed: it is gone, or the storage failed."
    ),
    "locked": Text(
        "锁着，没有动闹钟：按住 * 解锁。", "It is locked, nothing was changed: hold * to unlock."
    ),
    "none": Text("没有这样的闹钟或计时。", "There is no such alarm or timer."),
    "which": Text("哪一个？", "Which one?"),
    "left-as-is": Text("好，都没有动。", "All right, nothing was changed."),
    "cancelled": Text("取消了：{name}。", "Cancelled: {name}."),
    "all-cancelled": Text("{count}个都取消了。", "All {count} are cancelled."),
    "paused": Text("停下了：{name}，还剩{left}。", "Paused: {name}, {left} left."),
    "off": Text("关了：{name}。", "Off: {name}."),
    "resumed": Text("继续：{name}，还剩{left}。", "Goes on: {name}, {left} left."),
    "on": Text("开了：{name}。", "On: {name}."),
    "renamed": Text("改名了：{name}。", "Renamed: {name}."),
    "skipped": Text("跳过一次，下一次是{name}。", "Skipped once; next: {name}."),
    "not-repeated": Text("它只响一次，没有可跳过的。", "It rings once: there is nothing to skip."),
    "extended": Text("好，{name}还剩{left}。", "Done: {name}, {left} left."),
    "snoozed": Text("好，{length}后再响。", "Again in {length}."),
    "nothing-rings": Text("现在没有在响的。", "Nothing rings now."),
    "when": Text("告诉我几点，比如“{example}”。", 'Tell me when, for example "{example}".'),
    "glass-only": Text("没有喇叭，到时只会闪屏。", "There is no speaker: it will only flash."),
}
_EXAMPLES = {
    Kind.ALARM: Text("明早七点叫我", "wake me at 7 tomorrow"),
    Kind.TIMER: Text("计时五分钟", "timer for five minutes"),
    Kind.REMINDER: Text("下午三点提醒我开会", "remind me at 3 pm to call"),
}
_USUAL_SNOOZE = 600


@dataclass(frozen=True, slots=True)
class Doing:
    """One request in work. `heard_back` is what was understood, in words."""

    box: Box
    keeper: Keeper
    language: Language
    then: Then

    def do(self, request: Request) -> None:
        """Do it; `then` is told once it is done."""
        match request:
            case Set():
                self._set(request)
            case Choose(choices):
                self._choose(choices)
            case Missing():
                self._ask_when(request)
            case Refuse():
                self.then(self._said(request))
            case ListThem(which):
                found = self._found(replace(which, every=True))
                # Never deny what is there because it was called by another name.
                found = found or self._found(replace(which, every=True, kind=None))
                notes = self.keeper.notes
                self.then(telling.listed(found, notes, self.keeper.now, self._code))
            case Missed():
                self.then(telling.missed(self.keeper.notes, self.keeper.now, self._code))
                self.keeper.seen()
            case Snooze(seconds):
                self._snooze(seconds or _USUAL_SNOOZE)
            case Cancel(which):
                self._cancel(which)
            case Remaining(which):
                self._tell_remaining(which)
            case Extend(which, seconds):
                self._change(
                    which, lambda it, kept: self.keeper.extend(it, seconds, kept), "extended"
                )
            case Pause(which):
                self._change(which, self.keeper.pause, "paused", off="off")
            case Resume(which):
                self._change(which, self.keeper.resume, "resumed", off="on")
            case Rename(which, text):
                self._change(which, lambda it, kept: self.keeper.rename(it, text, kept), "renamed")
            case SkipNext(which):
                self._skip(which)
            case Change(which, to):
                self._move(which, to)

    # ------------------------------------------------------------ setting

    def _set(self, request: Set) -> None:
        now = self.keeper.now
        if request.seconds is None and request.due is None and request.rule is None:
            self.then(self._said(Refuse(request.kind, Impossible.UNSET)))
            return
        self.keeper.set(request, lambda alarm: self._was_set(request, alarm, now.wall is None))

    def _was_set(self, request: Set, alarm: Alarm | None, unsure: bool) -> None:
        if alarm is None:
            self.then(self._say("not-kept"))
            return
        self.box.offer_undo(
            lambda: self.keeper.take_back(alarm, lambda done: self._taken_back(done))
        )
        lines = [self._said(request)]
        if unsure and alarm.needs_wall:
            lines.append(telling.not_trusted(self._code))
        if not self.box.has_speaker:
            lines.append(self._say("glass-only"))
        self.then("\n".join(lines))

    def _taken_back(self, done: bool) -> None:
        self.box.tell(self._say("undone" if done else "not-changed"))

    def _choose(self, choices: Sequence[Set]) -> None:
        names = [self._said(choice).rstrip("。.") for choice in choices]

        def chosen(number: int | None) -> None:
            if number is None:
                self.then(self._say("left-as-is"))
            elif self._is_over(choices[number]):
                self.then(self._said(Refuse(choices[number].kind, Impossible.PAST)))
            else:
                self._set(choices[number])

        self.box.choose(self._said(Choose(tuple(choices))), names, chosen)

    def _is_over(self, choice: Set) -> bool:
        """The question may have stood open for long."""
        now = self.keeper.now.wall
        return now is not None and choice.due is not None and choice.due <= now

    def _ask_when(self, request: Missing) -> None:
        example = _EXAMPLES[request.kind].of(self.language)
        self.then(f"{self._said(request)}\n{self._say('when', example=example)}")

    # ------------------------------------------------------------ those that are set

    def _found(self, which: Which) -> list[Alarm]:
        return matching(which, self.keeper.all, self.keeper.now)

    def _one(self, which: Which, then: Callable[[Alarm], object]) -> None:
        """The one that is meant; asked for on the glass where several fit."""
        found = self._found(which)
        if not found:
            self.then(self._say("none"))
        elif len(found) == 1:
            then(found[0])
        else:
            rows = [telling.row_of(alarm, self.keeper.now, self._code) for alarm in found]

            def chosen(number: int | None) -> None:
                if number is None:
                    self.then(self._say("left-as-is"))
                else:
                    then(found[number])

            self.box.choose(self._say("which"), rows, chosen)

    def _cancel(self, which: Which) -> None:
        found = self._found(which)
        if which.every and found:
            self._take_away(found)
        else:
            self._one(which, lambda alarm: self._take_away([alarm]))

    def _take_away(self, alarms: list[Alarm]) -> None:
        if not self.keeper.guard():
            self.then(self._say("locked"))
            return
        one = self._name(alarms[0])
        said = (
            self._say("cancelled", name=one)
            if len(alarms) == 1
            else self._say("all-cancelled", count=len(alarms))
        )
        self.keeper.cancel(
            alarms, lambda done: self.then(said if done else self._say("not-changed"))
        )

    def _tell_remaining(self, which: Which) -> None:
        found = self._found(which)
        if not found:
            self.then(self._say("none"))
            return
        now = self.keeper.now
        shown = found[: telling.MOST_LISTED]
        self.then("\n".join(telling.remaining(alarm, now, self._code) for alarm in shown))

    def _change(self, which: Which, act: Act, key: str, off: str = "") -> None:
        def done(alarm: Alarm | None) -> None:
            if alarm is None:
                self._not_changed()
                return
            used = off if off and not alarm.counts_down else key
            left = say_duration(max(0, round(alarm.remaining(self.keeper.now) or 0.0)), self._code)
            self.then(self._say(used, name=self._name(alarm), left=left))

        self._one(which, lambda alarm: act(alarm, done))

    def _skip(self, which: Which) -> None:
        def skipped(alarm: Alarm | None) -> None:
            if alarm is None:
                self.then(self._say("not-repeated" if self.keeper.guard() else "locked"))
            else:
                row = telling.name_of(replace(alarm, rule=None), self.keeper.now, self._code)
                self.then(self._say("skipped", name=row))

        self._one(
            replace(which, day=None),
            lambda alarm: self.keeper.skip(alarm, which.day, skipped),
        )

    def _move(self, which: Which, to: Set | Choose | Missing | Refuse) -> None:
        if isinstance(to, Refuse):
            self.do(to)
            return

        def move(alarm: Alarm) -> None:
            target = retimed(alarm, to)
            if target is None:
                self.do(to)
                return
            self.keeper.move(alarm, target, lambda moved: self._was_moved(target, moved))

        self._one(which, move)

    def _was_moved(self, target: Set, moved: Alarm | None) -> None:
        if moved is not None:
            self.then(self._said(target))
        else:
            self._not_changed()

    def _not_changed(self) -> None:
        self.then(self._say("not-changed" if self.keeper.guard() else "locked"))

    def _snooze(self, seconds: int) -> None:
        """Of what rings; what was said over it has stopped its sound already."""
        if not any(alarm.state is State.RINGING for alarm in self.keeper.all):
            self.then(self._say("nothing-rings"))
            return
        self.box.alerts.snooze(max(1, round(seconds / 60)))
        self.then(self._say("snoozed", length=say_duration(seconds, self._code)))

    # ------------------------------------------------------------ words

    @property
    def _code(self) -> str:
        return self.language.value

    def _name(self, alarm: Alarm) -> str:
        return telling.name_of(alarm, self.keeper.now, self._code)

    def _said(self, request: Request) -> str:
        return said_back(request, self._code, self.keeper.now.wall)

    def _say(self, key: str, **fields: object) -> str:
        return _TEXTS[key].of(self.language).format(**fields)
