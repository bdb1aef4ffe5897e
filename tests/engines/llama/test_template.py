"""Chat templates: reduced to wrappers, hostile ones refused in bounded time."""

from __future__ import annotations

import itertools

import pytest

from appliance.engines.llama.template import FAMILIES, TemplateError, Wrappers, reduce

LOOP = (
    "{% for m in messages %}{{ m.role }}:{{ m.content }};{% endfor %}"
    "{% if add_generation_prompt %}a:{% endif %}"
)
GEMMA = (
    "{{ bos_token }}"
    "{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}"
    "{% for m in messages %}<start_of_turn>{{ 'model' if m.role == 'assistant' else m.role }}\n"
    "{{ m.content | trim }}<end_of_turn>\n{% endfor %}"
    "{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
)
LLAMA3 = (
    "{{ bos_token }}{% for m in messages %}<|start_header_id|>{{ m.role }}<|end_header_id|>\n\n"
    "{{ m.content | trim }}<|eot_id|>{% endfor %}"
    "{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}"
)
MISTRAL_SYSTEM_LAST = (
    "{% set ns = namespace(system='') %}{% for m in messages %}"
    "{% if m.role == 'system' %}{% set ns.system = m.content %}"
    "{% elif m.role == 'user' %}[INST] "
    "{% if loop.last and ns.system %}{{ ns.system }}\n\n{% endif %}"
    "{{ m.content }} [/INST]{% else %} {{ m.content }}</s>{% endif %}{% endfor %}"
)
THINKING = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "<|im_start|>assistant\n{% if enable_thinking is false %}<think>\n\n</think>\n\n{% endif %}"
)
R1 = (
    "{% for m in messages %}{% if m.role == 'assistant' %}<A>"
    "{{ m.content.split('</think>')[-1] }}<E>{% else %}<U>{{ m.content }}{% endif %}{% endfor %}"
    "<A><think>\n"
)


def text(wrappers: Wrappers, turns: int, thinking: bool = False) -> str:
    """A conversation of so many turns, ready to be answered."""
    said = [wrappers.begin, "S", wrappers.after_system]
    for turn in range(turns):
        said += [f"Q{turn}", wrappers.after_question, f"A{turn}", wrappers.after_answer]
    generate = wrappers.generate_thinking if thinking else wrappers.generate
    return "".join([*said, "Q", generate])


@pytest.mark.parametrize(
    "template",
    [LOOP, GEMMA, LLAMA3, MISTRAL_SYSTEM_LAST, THINKING, R1],
    ids=["plain loop", "gemma", "llama3", "mistral", "thinking", "r1"],
)
def test_n_turns_are_a_prefix_of_n_plus_one(template: str) -> None:
    wrappers = reduce(template, "<bos>", "<eos>")
    for turns in range(4):
        shorter = text(wrappers, turns)
        before = shorter[: len(shorter) - len("Q" + wrappers.generate)]
        assert text(wrappers, turns + 1).startswith(before)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_s_turns_are_a_prefix_of_the_next(name: str) -> None:
    wrappers = FAMILIES[name][1]
    for first, second in itertools.pairwise(text(wrappers, turns) for turns in range(4)):
        assert second.startswith(first[: -len("Q" + wrappers.generate)])


def test_the_wrappers_put_together_are_what_the_template_renders() -> None:
    wrappers = reduce(LLAMA3, "<bos>", "")
    assert text(wrappers, 1) == (
        "<bos><|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\nQ0<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\nA0<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\nQ<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n"
    )


def test_a_template_without_a_system_role_gets_it_before_the_first_question() -> None:
    wrappers = reduce(GEMMA, "<bos>", "")
    assert text(wrappers, 0) == (
        "<bos><start_of_turn>user\nS\n\nQ<end_of_turn>\n<start_of_turn>model\n"
    )


def test_a_system_prompt_that_would_wander_is_folded_into_the_first_question() -> None:
    assert text(reduce(MISTRAL_SYSTEM_LAST), 1) == "[INST] S\n\nQ0 [/INST] A0</s>[INST] Q [/INST]"


def test_thinking_changes_only_what_opens_the_answer() -> None:
    wrappers = reduce(THINKING)
    assert wrappers.can_think
    assert wrappers.generate == wrappers.generate_thinking + "<think>\n\n</think>\n\n"
    assert wrappers.after_question == wrappers.generate_thinking
    assert not reduce(LLAMA3).can_think


IN_THE_WILD = {
    "the day": "{{ 'Today: ' + strftime_now('%d %B %Y') + '\\n' }}" + LOOP,
    "the day taken apart": (
        "{% set day = strftime_now('%Y-%m-%d').split('-') %}{{ day[0] }}/{{ day[2] | int }} " + LOOP
    ),
    "a day of its own": (
        "{% if not date_string is defined %}{% if strftime_now is defined %}"
        "{% set date_string = strftime_now('%d %b %Y') %}{% else %}"
        "{% set date_string = '26 Jul 2024' %}{% endif %}{% endif %}{{ date_string }}" + LOOP
    ),
    "generation": (
        "{% for m in messages %}{% if m.role == 'assistant' %}a:"
        "{% generation %}{{ m.content }}{% endgeneration %};{% else %}{{ m.role }}:{{ m.content }};"
        "{% endif %}{% endfor %}{% if add_generation_prompt %}a:{% endif %}"
    ),
    "tools as JSON": "{% if tools is not none %}{{ tools | tojson }}{% endif %}" + LOOP,
    "tools one by one": "{% for tool in tools %}{{ tool.name | tojson(indent=2) }}{% endfor %}"
    + LOOP,
    "tools counted": "{% if tools | length > 0 or documents | length %}T{% endif %}" + LOOP,
    "documents": "{% if documents %}{{ documents | tojson }}{% endif %}" + LOOP,
    "what nobody has": "{{ builtin.tools.names }}{{ now().year }}" + LOOP,
    "content in parts": (
        "{% for m in messages %}{{ m.role }}:{% for part in m.content %}"
        "{% if part.type == 'text' %}{{ part.text }}{% endif %}{% endfor %};{% endfor %}"
        "{% if add_generation_prompt %}assistant:{% endif %}"
    ),
    "content in parts or not": (
        "{% macro say(content) %}{% if content is string %}{{ content }}{% else %}"
        "{% for part in content %}{{ part['text'] }}{% endfor %}{% endif %}{% endmacro %}"
        "{% for m in messages %}{{ m.role }}:{{ say(m.content) }};{% endfor %}"
        "{% if add_generation_prompt %}assistant:{% endif %}"
    ),
    "no system role": (
        "{% for m in messages %}{% if m.role not in ['user', 'assistant'] %}"
        "{{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}"
        "{{ m.role }}:{{ m.content }};{% endfor %}"
        "{% if add_generation_prompt %}assistant:{% endif %}"
    ),
    "strictly in turn": (
        "{% if messages[0].role == 'system' %}"
        "{% set rest = messages[1:] %}{{ messages[0].content }}"
        "{% else %}{% set rest = messages %}{% endif %}{% for m in rest %}"
        "{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('in turn!') }}"
        "{% endif %}[{{ m.role }}]{{ m.content }}{% endfor %}"
        "{% if add_generation_prompt %}[assistant]{% endif %}"
    ),
    "loop controls": (
        "{% for m in messages %}{% if not m.content %}{% continue %}{% endif %}"
        "{{ m.role }}:{{ m.content }};{% if loop.index > 99 %}{% break %}{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}assistant:{% endif %}"
    ),
    "a list that grows": (
        "{% set ns = namespace(all=[], out='') %}{% for m in messages %}"
        "{% set ns.all = ns.all + [m] %}{% endfor %}{% for m in ns.all %}"
        "{% do [] %}{% set ns.out = ns.out ~ m['role'] ~ ':' ~ m.get('content', '') ~ ';' %}"
        "{% endfor %}{{ ns.out }}{% if add_generation_prompt %}assistant:{% endif %}"
    ),
}


@pytest.mark.parametrize("name", IN_THE_WILD)
def test_a_template_of_the_wild_is_reduced(name: str) -> None:
    wrappers = reduce(IN_THE_WILD[name], "<bos>", "<eos>")
    for turns in range(4):
        shorter = text(wrappers, turns)
        before = shorter[: len(shorter) - len("Q" + wrappers.generate)]
        assert text(wrappers, turns + 1).startswith(before)


def test_the_wrappers_name_no_day_and_are_the_same_a_day_later() -> None:
    wrappers = reduce(IN_THE_WILD["the day"], "<bos>", "<eos>")
    assert wrappers.begin == "Today: \nsystem:"
    apart = reduce(IN_THE_WILD["the day taken apart"], "", "")
    assert apart == reduce(IN_THE_WILD["the day taken apart"], "", "")


def test_the_marks_of_a_thought_are_taken_from_the_template() -> None:
    template = (
        "{% for m in messages %}<{{ m.role }}>{% if m.reasoning_content %}"
        "<|ponder|>{{ m.reasoning_content }}<|speak|>{% endif %}{{ m.content }}{% endfor %}"
        "{% if add_generation_prompt %}<assistant>{% endif %}"
    )
    assert reduce(template).thought == ("<|ponder|>", "<|speak|>")
    assert reduce(LOOP).thought is None


def test_a_template_whose_turns_differ_is_refused_with_the_best_guess_at_it() -> None:
    numbered = (
        "{% for m in messages %}[{{ loop.index }}]{{ m.role }}:{{ m.content }};{% endfor %}"
        "{% if add_generation_prompt %}assistant:{% endif %}"
    )
    with pytest.raises(TemplateError, match="not the beginning") as refused:
        reduce(numbered)
    assert refused.value.guess is not None
    assert (
        text(refused.value.guess, 1)
        == "[1]system:S;[2]user:Q0;[3]assistant:A0;[4]user:Q;assistant:"
    )


@pytest.mark.parametrize(
    "template",
    [
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}" + LOOP,
        "{% for i in range(10 ** 12) %}x{% endfor %}" + LOOP,
        "{{ 'x' * 10 ** 10 }}" + LOOP,
        "{% for i in range(90000) %}{{ 'xxxxxxxxxxxx' }}{% endfor %}" + LOOP,
        "{{ 9 ** (9 ** 9) }}" + LOOP,
        "{{ ''.__class__.__mro__[1].__subclasses__() }}" + LOOP,
        "{{ messages.__class__.__init__.__globals__ }}" + LOOP,
        "{{ cycler.__init__.__globals__.os.system('true') }}" + LOOP,
        "{% set x = messages.append({'role': 'user', 'content': 'x'}) %}" + LOOP,
        "{% include '/etc/passwd' %}" + LOOP,
        "{% import 'os' as os %}" + LOOP,
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}" + LOOP,
        "{{ raise_exception('no') }}",
        "{% for m in messages %}",
        "{{ 1 / 0 }}",
        "{{ messages[99].content }}",
        "",
        "nothing of what was said",
        "{{ messages[-1].content }}",
        "{% for m in messages | reverse %}{{ m.content }}{% endfor %}",
        LOOP + LOOP,
        "{{ messages | length }}" + LOOP,
        "{% for m in messages %}{{ m.content | upper }}{% endfor %}",
        "x" * 300_000,
    ],
    ids=lambda template: template[:40],
)
def test_a_hostile_or_broken_template_is_refused_with_a_reason(template: str) -> None:
    with pytest.raises(TemplateError) as refused:
        reduce(template, "<bos>", "<eos>")
    assert str(refused.value)
