"""The dialogue on a bench: a real conductor between fakes of all that stands around it."""

from datetime import datetime
from types import SimpleNamespace

from appliance import messages as m
from appliance.alerts import Alerts
from appliance.configuration.settings import Settings
from appliance.dialogue.conductor import Conductor
from appliance.dialogue.ground import Ground, Knowledge
from appliance.front.answer_glass import AnswerGlass
from appliance.front.skill_box import SkillBox
from appliance.memory.facts import Fact
from appliance.personas.persona import Persona
from appliance.supervision.arrivals import Arrival
from appliance.timers import Timers
from appliance.workers.supervisor import Status
from ui.input.editing.editor import Editor


class FakeTeam:
    """Stands in for the four processes: what they were told is kept, what they are is set."""

    def __init__(self):
        self.sent = []
        self.statuses = dict.fromkeys(("audio", "asr", "tts", "llm"), Status.READY)
        self.busy = set()
        self.finished = set()
        self.crashed = set()
        self.restarted = []
        self.deaf = set()  # those that no process runs of
        self.awaits = ("numpy", Arrival(0.34))
        self.members = {name: self._member(name) for name in self.statuses}

    def _member(self, name):
        def again():
            self.restarted.append(name)

        return SimpleNamespace(fault=None, restart=again, retry=again)

    def send(self, name, message):
        if name in self.deaf:
            return False
        self.sent.append((name, message))
        return True

    def status(self, name):
        return self.statuses[name]

    def ready(self, name):
        return self.statuses[name] is Status.READY

    def coming(self, name):
        return self.statuses[name] not in (Status.STOPPED, Status.REFUSED)

    def awaited(self, name):
        return self.awaits

    def try_again(self, name):
        return name in self.crashed

    def replan(self):
        pass

    def stop_turn(self, turn):
        for name in self.statuses:
            self.send(name, m.Stop(turn))

    def done(self, turn):
        self.finished.add(turn)

    def occupy(self, name):
        self.busy.add(name)

    def release(self, name):
        self.busy.discard(name)

    def told(self, name, kind):
        return [message for to, message in self.sent if to == name and isinstance(message, kind)]


class FakeMemory:
    def __init__(self):
        self.kept = []
        self.stored = {}
        self.history = ()

    def keep(self, answer):
        self.kept.append(answer)

    def store_setting(self, key, value):
        self.stored[key] = value

    def new_conversation(self):
        self.history = ()


class FakeCast:
    def __init__(self):
        self.persona = Persona(title="小鹿", prompt="你是小鹿。")

    def prompt(self):
        return self.persona.prompt_in("zh")

    def sampling(self):
        return None


class FakeRecollection:
    """What a question recalls is set; callbacks are kept until `deliver` while it is slow."""

    def __init__(self):
        self.recalled = ""
        self.slow = False
        self.waiting = []

    def recall(self, question, then):
        self._hand(lambda: then(self.recalled))

    def remember(self, text, then, lost):
        self._hand(lambda: then(Fact(1, 0.0, text)))

    def _hand(self, call):
        self.waiting.append(call)
        if not self.slow:
            self.deliver()

    def deliver(self):
        while self.waiting:
            self.waiting.pop(0)()


class Box:
    """The conductor, on a clock that stands; what it sends, keeps and hears is in reach."""

    def __init__(self, engine, settings=None):
        self.now = 100.0
        self.team = FakeTeam()
        self.memory = FakeMemory()
        self.faults = []
        self.editor = Editor(engine, lambda: self.now)
        self.cast = FakeCast()
        self.recollection = FakeRecollection()
        self.settings = Settings(settings or {})
        self.settings.keeper = self.memory
        self.timers = Timers(lambda: self.now)
        self.alerts = Alerts(self.team, self.settings, self.timers, lambda: None)
        knowledge = Knowledge(
            self.cast,
            self.memory,
            self.recollection,
            lambda: datetime(2026, 11, 24, 8, 30).astimezone(),
        )
        ground = Ground.of(self.team, self.settings, self.timers)
        self.conductor = Conductor(ground, knowledge, self.editor, self.alerts, engine.split)
        self.looks = True
        self._glass = AnswerGlass()
        ground.teller.audience = self
        shell = SimpleNamespace(settings=self.settings, conductor=self.conductor)
        self.conductor.reflexes.start(SkillBox(shell, None))
        self.hear("audio", m.AudioDevices("mic", 16000, "speaker", 48000, "speaker"))

    def changed(self):
        """Draw: the window on the answer keeps up."""
        self._glass.reader(self.conductor.view().answer)

    @property
    def reader(self):
        """The window on the answer."""
        return self._glass.reader(self.conductor.view().answer)

    def show_fault(self, code):
        self.faults.append(code)

    def hear(self, name, message):
        self.conductor.reports.on_message(name, message)

    def become(self, name, *statuses):
        """A worker goes through these."""
        for status in statuses:
            self.team.statuses[name] = status
            self.conductor.reports.on_status(name, status)

    def ask(self, question="长城有多长？"):
        self.conductor.submit(question)
        return self.team.told("llm", m.Ask)[-1].turn

    def answer(self, turn, *pieces, reason="stop"):
        for count, piece in enumerate(pieces, 1):
            self.hear("llm", m.Token(turn, piece, count))
        self.hear("llm", m.Answered(turn, reason, b"", 20, 8, len(pieces), 0.2, 0.5))

    def speak(self, text):
        """Talk, and let ASR find this text."""
        self.conductor.talk()
        turn = self.team.told("audio", m.Listen)[-1].turn
        self.conductor.talk_end()
        self.hear("audio", m.SpeechEnded(turn, 1.2, True, "key"))
        self.hear("asr", m.Transcript(turn, text, 1.2, 0.4))
