"""The honest no: in the user's language, and never taken for a yes. Who gets it: test_claims."""

import pytest

from appliance.skills.skill import Said
from appliance.skills.unable import UNABLE, Unable
from ui.strings import Language


@pytest.mark.parametrize("ability", UNABLE, ids=lambda ability: ability.name)
def test_no_honest_answer_sounds_like_consent(ability):
    for answer in ability.answer:
        assert not answer.startswith(("好", "行", "没问题", "OK", "Sure", "Okay"))


def test_the_answer_is_in_the_language_of_the_interface():
    weather = next(one for one in UNABLE if one.name == "weather")
    assert Unable().claim(Said("今天天气怎么样", Language.EN)).reply == weather.answer.en
    assert Unable().claim(Said("how's the weather", Language.ZH)).reply == weather.answer.zh
