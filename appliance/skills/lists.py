"""Shopping lists and their like: added to, told, crossed off, cleared."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.memory import lists
from appliance.memory.lists import Item
from appliance.skills.box import Box
from appliance.skills.skill import Claim, Said, Skill, Then
from appliance.understanding.list_requests import (
    ENGLISH,
    INTENTS,
    Add,
    Clear,
    Remove,
    Request,
    Show,
    parse,
)
from ui.strings import Text

TOLD = 15
"""Items told at once; the page shows all."""
_ADDED = Text(
    "{list}清单加了{items}，一共{count}样。", "Added {items} to the {list} list: {count} on it."
)
_FULL = Text("{list}清单满了，先删掉一些。", "The {list} list is full: take something off first.")
_ON = Text("{list}清单上有：{items}。", "On the {list} list: {items}.")
_MORE = Text("{items}，还有{more}样", "{items}, and {more} more")
_EMPTY = Text("{list}清单是空的。", "The {list} list is empty.")
_OFF = Text("从{list}清单删掉了{items}。", "Took {items} off the {list} list.")
_NOT_ON = Text("{list}清单上没有{items}。", "There is no {items} on the {list} list.")
_CLEARED = Text("{list}清单清空了，删掉了{count}样。", "The {list} list is cleared: {count} gone.")
_LOST = Text("我的存储出错了，清单没有改。", "My storage failed: the list is unchanged.")
_BACK = {
    Add: Text("{list}清单加上{items}。", "Add {items} to the {list} list."),
    Show: Text("看{list}清单。", "Show the {list} list."),
    Remove: Text("从{list}清单删掉{items}。", "Take {items} off the {list} list."),
    Clear: Text("清空{list}清单。", "Clear the {list} list."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(Claim):
    """Something is wanted of a list."""

    request: Request

    def say(self, form: Text, **fields: object) -> str:
        """One of our texts, with the name of the list."""
        name = self.request.list
        named = Text(name, ENGLISH.get(name, name)).of(self.said.language)
        return form.of(self.said.language).format(list=named, **fields)

    def join(self, texts: list[str]) -> str:
        return Text("、", ", ").of(self.said.language).join(texts)


class Lists(Skill[Wanted]):
    """Intents `add`, `show`, `remove` and `clear`."""

    name = "lists"
    offers = Text("记购物清单", "keep a shopping list")

    def claim(self, said: Said) -> Wanted | None:
        """See `Skill`."""
        request = parse(said.text)
        if request is None:
            return None
        wanted = _wanted(request, said, "")
        items = list(request.items) if isinstance(request, Add | Remove) else []
        back = wanted.say(_BACK[type(request)], items=wanted.join(items))
        return _wanted(request, said, back)

    def answer(self, claim: Wanted, box: Box, then: Then) -> None:
        """See `Skill`."""

        def lost() -> None:
            then(claim.say(_LOST))

        name = claim.request.list
        match claim.request:
            case Add(_, items):
                box.store.fetch(
                    lambda db: lists.add(db, name, items),
                    lambda all_: then(_added(claim, items, all_)),
                    lost,
                )
            case Show():
                box.store.fetch(
                    lambda db: lists.items(db, name), lambda all_: then(_shown(claim, all_)), lost
                )
            case Remove(_, items):
                box.store.fetch(
                    lambda db: lists.remove(db, name, items),
                    lambda gone: then(_removed(claim, items, gone)),
                    lost,
                )
            case Clear():
                box.store.fetch(
                    lambda db: lists.clear(db, name),
                    lambda count: then(claim.say(_CLEARED if count else _EMPTY, count=count)),
                    lost,
                )


def _wanted(request: Request, said: Said, back: str) -> Wanted:
    items = list(request.items) if isinstance(request, Add | Remove) else []
    joined = Text("、", ", ").of(said.language).join(items)
    return Wanted(
        skill=Lists.name,
        intent=INTENTS[type(request)],
        said=said,
        text=joined,
        said_back=back,
        request=request,
    )


def _added(claim: Wanted, wanted: tuple[str, ...], known: list[Item]) -> str:
    there = {item.text for item in known}
    if not there.issuperset(wanted):
        return claim.say(_FULL)
    return claim.say(_ADDED, items=claim.join(list(wanted)), count=len(known))


def _shown(claim: Wanted, known: list[Item]) -> str:
    if not known:
        return claim.say(_EMPTY)
    told = claim.join([item.text for item in known[:TOLD]])
    if len(known) > TOLD:
        told = _MORE.of(claim.said.language).format(items=told, more=len(known) - TOLD)
    return claim.say(_ON, items=told)


def _removed(claim: Wanted, wanted: tuple[str, ...], gone: list[Item]) -> str:
    if not gone:
        return claim.say(_NOT_ON, items=claim.join(list(wanted)))
    return claim.say(_OFF, items=claim.join([item.text for item in gone]))


SKILL = Lists
