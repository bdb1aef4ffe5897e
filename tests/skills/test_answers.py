"""What the skills that compute or act answer; who is asked: test_claims."""

from datetime import datetime

import pytest

from appliance.configuration.settings import Settings
from appliance.memory import conversations
from appliance.memory.storage import open_database
from appliance.messages import Exchange
from appliance.skills.registry import Skills
from appliance.skills.skill import Said
from ui.keymap import Intent
from ui.strings import Language

NOW = datetime(2026, 11, 24, 8, 30)


class Store:
    """Runs every job at once; `broken`: the disk refuses."""

    def __init__(self, path):
        self.db, _ = open_database(path, conversations.SCHEMA)
        self.broken = False

    def fetch(self, job, then, lost=lambda: None):
        if self.broken:
            lost()
        else:
            then(job(self.db))


class FakeBox:
    def __init__(self, path):
        self.settings = Settings()
        self.store = Store(path)
        self.opened = []

    def open(self, intent):
        self.opened.append(intent)


@pytest.fixture
def box(tmp_path):
    box = FakeBox(tmp_path / "lory.db")
    yield box
    box.store.db.close()


def ask(box, text, language=Language.ZH, history=()):
    skills, answers = Skills(), []
    claim = skills.claim(Said(text, language, NOW, history))
    assert claim is not None, text
    assert claim.said_back, text
    skills.answer(claim, box, answers.append)
    return answers[0]


TOLD = [
    ("明天星期几", "明天是2026年11月25日，星期三。"),
    ("今天是几月几号星期几", "今天是2026年11月24日，星期二。"),
    ("今年是哪一年", "今年是2026年。"),
    ("现在几点啦", "现在是8点30分。"),
    ("距离春节还有多少天", "离春节（2027年2月6日，星期六）还有74天。"),
    ("今天农历几号", "今天是农历十月十六。"),
    ("今年是什么年", "2026年是农历丙午年，马年（从春节算起），属马。"),
    ("今天是今年的第几周", "今天是2026年的第48周（周一开始）。"),
    ("三加五等于多少", "3 + 5 = 8。"),
    ("一百除以七", "100 ÷ 7 = 100/7 ≈ 14.285714。"),
    ("三分之一加四分之一等于多少", "1/3 + 1/4 = 7/12 ≈ 0.583333。"),
    ("八百块打八折多少钱", "800 × 0.8 = 640。"),
    ("三百六十块钱三个人平分每人多少", "360 ÷ 3 = 120。"),
    ("根号二等于多少", "√2 ≈ 1.414214。"),
    ("括号三加五括号乘以二等于多少", "(3 + 5) × 2 = 16。"),
    ("十除以零等于多少", "不能除以零。"),
    ("10^100^100等于多少", "这个数太大了，超过4000位，我不算。"),
    ("五斤等于多少公斤", "5斤 = 2.5公斤。"),
    ("一亩地有多少平方米", "1亩 ≈ 666.666667平方米。"),
    ("三十七摄氏度等于多少华氏度", "37摄氏度 = 98.6华氏度。"),
    ("六尺是多少米", "6尺 = 2米。"),
]


@pytest.mark.parametrize(("text", "answer"), TOLD)
def test_what_can_be_computed_is_computed_and_says_of_what(box, text, answer):
    assert ask(box, text) == answer


def test_five_hundred_digits_are_bounded_and_told(box):
    assert ask(box, "9" * 500 + "乘以" + "8" * 500).endswith("（共1000位）。")


def test_festivals_are_dated_and_the_free_days_are_not_invented(box):
    assert "2027年10月1日" in ask(box, "国庆放几天假")
    assert "不知道" in ask(box, "国庆放几天假")


def test_volume_goes_by_a_step_and_to_a_share_and_the_end_is_told(box):
    assert ask(box, "大点声") == "音量90%。"
    assert ask(box, "把音量调到百分之五十") == "音量50%。"
    assert box.settings.number("audio.volume") == 0.5
    ask(box, "音量调到最大")
    assert ask(box, "大点声") == "音量已经最大。"


def test_what_makes_it_louder_ends_the_mute(box):
    assert ask(box, "静音") == "已静音。"
    ask(box, "大点声")
    assert not box.settings.flag("audio.muted")


def test_the_language_changes_and_the_answer_is_in_the_new_one(box):
    assert ask(box, "切换到英文") == "The interface is in English now."
    assert box.settings.text("ui.language") == "en"


def test_models_and_personas_are_chosen_on_their_pages(box):
    ask(box, "换个模型")
    ask(box, "换个角色")
    assert box.opened == [Intent.MODEL_MENU, Intent.PERSONA_MENU]


def test_what_was_said_is_said_again(box):
    assert ask(box, "再说一遍", history=(Exchange("你好", "你好呀。"),)) == "你好呀。"
    assert ask(box, "再说一遍") == "我还没有说过什么。"


def test_what_it_can_do_is_what_the_skills_that_stand_offer(box):
    told = ask(box, "你能做什么")
    assert "购物清单" in told and "算数" in told


def test_how_the_box_is_is_read_and_told(box):
    for text in ("内存还剩多少", "存储空间还有多少", "你开机多久了", "电池还剩多少", "你热不热"):
        assert ask(box, text)


def test_chance_draws_from_what_was_named(box):
    assert ask(box, "帮我在火锅和烧烤里选一个") in ("选火锅。", "选烧烤。")
    assert ask(box, "抛硬币") in ("正面。", "反面。")
    assert ask(box, "掷个骰子") in {f"掷出了{points}点。" for points in range(1, 7)}


def test_a_list_is_kept_told_and_cleared(box):
    assert ask(box, "购物清单里加上鸡蛋和面包") == "购物清单加了鸡蛋、面包，一共2样。"
    assert ask(box, "购物清单上有什么") == "购物清单上有：鸡蛋、面包。"
    assert ask(box, "把鸡蛋从购物清单里删掉") == "从购物清单删掉了鸡蛋。"
    assert ask(box, "清空购物清单") == "购物清单清空了，删掉了1样。"
    assert ask(box, "购物清单上有什么") == "购物清单是空的。"


def test_a_disk_that_refuses_is_told_and_never_taken_for_done(box):
    box.store.broken = True
    assert ask(box, "把牛奶加到购物清单") == "我的存储出错了，清单没有改。"
