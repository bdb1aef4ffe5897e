"""Every fixed word of the interface, in both languages: one table. And what such a text is.

A fault says what is wrong and what to do. Key hints (`keys.*`) are groups parted by two spaces and
fit one line of 120 px, as titles do; toasts fit three. The tests hold that.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple


class Language(Enum):
    """Language of the interface, not of the conversation."""

    ZH = "zh"
    EN = "en"


class Text(NamedTuple):
    """One text in both languages. The choice between them is made by `of`, and nowhere else."""

    zh: str
    en: str

    def of(self, language: Language | str) -> str:
        """In this language, which may also be given as settings write it: `zh` or `en`."""
        return self.zh if language in (Language.ZH, Language.ZH.value) else self.en


_TABLE: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ key hints, one line
    "keys.home": ("2-9打字  按住D说话", "2-9 type  hold D: talk"),
    "keys.empty": ("2-9打字  B模式  A返回", "2-9 type  B mode  A exit"),
    "keys.pinyin": ("0换句  *#选  B切音  D定", "0next  *#pick  Bsplit  Dok"),
    "keys.gap": ("打字  A还原  B切音  D定", "type  Aundo  Bsplit  Dok"),
    "keys.english": ("0换词  #选  B大写  D定", "0next  #pick  Bcaps  Dok"),
    "keys.english-unlisted": ("1逐个字母  B大写  D定", "1spell  Bcaps  Dok"),
    "keys.next-words": ("#联想", "#next"),
    "keys.listening": ("松开D结束  A放弃", "D up: done  A discard"),
    "keys.kept": ("装好就识别  A放弃", "then heard  A discard"),
    "keys.waiting": ("装好就回答  A取回", "then answers  A back"),
    "keys.hands-free": ("说完自停  D完  A放弃", "D: done  A: discard"),
    "keys.review": ("D发送  A放弃  *#修改", "D send  A drop  *# edit"),
    "keys.setting": ("*#调节  长按D还原", "*# set  hold D: reset"),
    "keys.message": ("*#翻页  A返回", "*# scroll  A back"),
    "keys.buses": ("D再看  *#移动  A返回", "D again  *# go  A back"),
    "keys.latency": ("D前一问  *#  A返回", "D earlier  *#  A back"),
    "keys.sound": ("D响一声  A返回", "D: chime  A: back"),
    "keys.alert": ("A或D停  别的键再睡", "A, D stop  else later"),
    "keys.alert-seen": ("A或D知道了", "A or D: seen"),
    "keys.confirm": ("长按D确定  A返回", "hold D: yes  A: no"),
    # ------------------------------------------------------------ hints shown as toasts
    "hint.a-stops": ("按A停止", "A stops it"),
    "hint.full": ("写满了，先发送或删除一些", "Full: send it or delete some"),
    "hint.nothing-to-choose": ("没有可选的词", "Nothing to choose"),
    "hint.nothing-to-undo": ("没有可撤销的", "Nothing to undo"),
    "hint.forgotten": ("忘了「{word}」\nA找回", "Forgot {word}\nA brings it back"),
    "hint.nothing-learnt": ("没学过「{word}」", "Nothing was learnt of {word}"),
    "hint.learnt-again": ("又记得「{word}」了", "{word} is known again"),
    "hint.spelling": ("逐个字母打，A还原", "Spell it; A undoes"),
    "hint.no-answer": ("还没有回答可看", "No answer yet"),
    # ------------------------------------------------------------ the mask after C
    "mask.1": ("深思", "think"),
    "mask.2": ("朗读", "voice"),
    "mask.3": ("模型", "model"),
    "mask.4": ("角色", "role"),
    "mask.5": ("新聊", "new"),
    "mask.6": ("历史", "past"),
    "mask.7": ("音－", "vol-"),
    "mask.8": ("静音", "mute"),
    "mask.9": ("音＋", "vol+"),
    "mask.0": ("自检", "test"),
    "mask.*": ("首", "top"),
    "mask.#": ("尾", "end"),
    "mask.A": ("清空", "clear"),
    "mask.B": ("全角", "wide"),
    "mask.B-english": ("大写", "caps"),
    "mask.C": ("取消", "cancel"),
    "mask.D": ("换行", "line"),
    "mask.D-answered": ("重答", "again"),
    # ------------------------------------------------------------ the syllable bar
    "syllables.retype": ("重打", "retype"),
    # ------------------------------------------------------------ boot and home
    "boot.starting": ("正在启动", "Starting"),
    "home.date": ("{month}月{day}日 {weekday}", "{weekday} {day}/{month}"),
    "home.no-clock": ("离线语音助手", "the offline voice box"),
    "home.llm-missing": ("没有语言模型", "No language model"),
    "home.llm-loading": ("语言模型 {percent}%", "LLM {percent}%"),
    "home.asr-missing": ("没有识别模型", "No speech input"),
    "home.asr-loading": ("语音识别 {percent}%", "Speech input {percent}%"),
    "home.tts-missing": ("没有语音模型", "No voice"),
    "home.tts-loading": ("语音合成 {percent}%", "Voice {percent}%"),
    "home.hot": ("散热中 {celsius}°C", "Cooling down {celsius}°C"),
    "home.battery": ("电量 {percent}%", "Battery {percent}%"),
    "weekday.0": ("星期一", "Mon"),
    "weekday.1": ("星期二", "Tue"),
    "weekday.2": ("星期三", "Wed"),
    "weekday.3": ("星期四", "Thu"),
    "weekday.4": ("星期五", "Fri"),
    "weekday.5": ("星期六", "Sat"),
    "weekday.6": ("星期日", "Sun"),
    # ------------------------------------------------------------ composing
    "symbols.title": ("符号", "Symbols"),
    "emoji.title": ("表情", "Emoji"),
    # ------------------------------------------------------------ a turn
    "thinking.reading": ("读题 {done}/{total}", "Reading {done}/{total}"),
    "thinking.waiting-for-model": ("等模型装好就回答", "Waiting for the model"),
    "wait.packages": ("装软件包 {percent}%", "Packages {percent}%"),
    "wait.llm-engine": ("编译llama.cpp {percent}%", "llama.cpp {percent}%"),
    "wait.model-llm": ("下载语言模型 {percent}%", "LLM download {percent}%"),
    "wait.model-asr": ("下载识别模型 {percent}%", "Speech model {percent}%"),
    "wait.model-tts": ("下载语音模型 {percent}%", "Voice model {percent}%"),
    "thinking.thinking": ("想一想", "Thinking"),
    "answer.footer": ("{first}s · {speed} tok/s", "{first}s · {speed} tok/s"),
    "answer.spent": (
        "没有答案：光是想就到了回答上限。请把问题拆小再问，或关掉深度思考，或在设置里调大回答上限。",
        "No answer: thinking took all its length. Ask for less, turn thinking off, or raise Length "
        "in the settings.",
    ),
    "answer.none": (
        "没有答案：模型什么也没说。请换个说法再问。",
        "No answer: the model said nothing. Ask in other words.",
    ),
    "listening.speak": ("请讲", "Speak"),
    "listening.recognising": ("正在识别", "Recognising"),
    "listening.kept": ("已录下", "Recorded"),
    # ------------------------------------------------------------ faults: what is wrong, what to do
    "fault.title": ("出错了", "Fault"),
    "fault.model-missing": (
        "没有装模型。在有网的机器上运行 lory models fetch，再拷过来。",
        "No model is installed. Run lory models fetch on a machine with a network, then copy it.",
    ),
    "fault.model-corrupt": (
        "模型文件坏了。运行 lory models verify 看是哪个，再重新装。",
        "A model file is damaged. Run lory models verify to find it, then install it again.",
    ),
    "fault.arriving": (
        "要用的软件包还没装好，装好就能用。",
        "Its packages are still being installed; it works as soon as they are there.",
    ),
    "fault.engine-missing": (
        "缺少引擎软件包。运行 lory doctor，看要装什么。",
        "An engine package is missing. Run lory doctor to see what to install.",
    ),
    "fault.engine-foreign": (
        "llama.cpp 是为别的 CPU 编译的。运行 make run（或重装）会重新编译。",
        "llama.cpp is for another CPU. Run make run, or install again.",
    ),
    "fault.out-of-memory": (
        "内存不够。换小一点的模型（C3），或减小上下文。",
        "Not enough memory. Choose a smaller model (C 3) or a smaller context.",
    ),
    "fault.template-refused": (
        "这个模型的对话模板不能用。请换一个模型（C3）。",
        "This model's chat template cannot be used. Choose another model (C 3).",
    ),
    "fault.llm-crashes": (
        "语言模型一再崩溃，更稳的方式也试过了。换个模型（C3），或运行 lory doctor。",
        "The LLM crashes again and again, in leaner ways too. Choose another (C 3) or run "
        "lory doctor.",
    ),
    "fault.asr-crashes": (
        "语音识别一再崩溃。请打字，或运行 lory doctor。",
        "Speech input crashes again and again. Type, or run lory doctor.",
    ),
    "fault.tts-crashes": (
        "朗读一再崩溃，文字照常。请运行 lory doctor。",
        "The voice crashes again and again; answers are shown. Run lory doctor.",
    ),
    "fault.audio-crashes": (
        "声音部分一再崩溃。请打字，检查声卡，再运行 lory doctor。",
        "Sound crashes again and again. Type; check the sound card and run lory doctor.",
    ),
    "fault.adapter-refused": (
        "这个人设的 LoRA 不能用，先按原模型回答。请检查它的文件。",
        "This persona's LoRA cannot be used; the plain model answers. Check its file.",
    ),
    "fault.no-microphone": (
        "没有麦克风。插上后再试，也可以打字。",
        "No microphone. Plug one in and try again, or type.",
    ),
    "fault.no-speaker": (
        "没有喇叭。回答只显示，不朗读。",
        "No speaker. Answers are shown, not spoken.",
    ),
    "fault.other-microphone": (
        "选定的麦克风不在，先用另一个。",
        "The chosen microphone is not there: another one is used.",
    ),
    "fault.other-speaker": (
        "选定的喇叭不在，先用另一个。",
        "The chosen speaker is not there: another one is used.",
    ),
    "fault.device-busy": (
        "声音设备被占用。关掉别的程序再试。",
        "The sound device is in use. Close the other program and try again.",
    ),
    "fault.device-lost": (
        "设备断开了。检查接线，插好会自动恢复。",
        "A device is gone. Check its cable; it recovers by itself.",
    ),
    "fault.server-away": (
        "识别服务器没有应答。看看它开了没有、地址对不对（asr.server）。",
        "No answer from the speech server. Is it on? Is asr.server right?",
    ),
    "fault.silence": (
        "麦克风一点声音也没有。看看它的静音开关。",
        "The microphone gives no sound at all. See its mute switch.",
    ),
    "fault.too-long": (
        "太长了，放不下。删掉一些，或开始新对话（C5）。",
        "Too long to fit. Delete some, or begin a new conversation (C 5).",
    ),
    "config.title": ("设置文件有错", "Settings file"),
    "fault.config": (
        "lory.toml 里有错，这些用默认值：{keys}。改好后重启；细节在日志里。",
        "Wrong in lory.toml, so defaults hold: {keys}. Mend it and restart; the log says more.",
    ),
    "config.files": (
        "这些地方有错，已跳过：{places}。改好后重启；细节在日志里。",
        "Wrong, and left out: {places}. Mend it and restart; the log says more.",
    ),
    "fault.config-unreadable": (
        "lory.toml 读不懂，全部用默认值。改好后重启；细节在日志里。",
        "lory.toml cannot be read: all defaults hold. Mend it and restart; the log says more.",
    ),
    "fault.internal": (
        "内部出错，正在自动恢复。常出现的话请看日志。",
        "An internal error; recovering by itself. If it comes often, see the log.",
    ),
    "fault.storage": (
        "存不了记录：磁盘满或坏了。运行 lory doctor。",
        "Cannot save: the disk is full or damaged. Run lory doctor.",
    ),
    "fault.storage-recovered": (
        "记录文件坏了，已另存一份并重新开始。以前的对话在另存的文件里。",
        "Damaged records were put aside, old talks in them; new ones begin.",
    ),
    "fault.no-pinyin": (
        "t9.bin 缺了或坏了：打不了汉字，英文、说话照常。请重装 lory。",
        "t9.bin is missing or damaged: no Chinese typing. Install lory again.",
    ),
    "fault.user-words-reset": (
        "输入法词库坏了，已另存一份并重新开始。",
        "The learnt words were damaged: put aside, and started afresh.",
    ),
    "fault.user-words-unsaved": (
        "学到、忘掉的词存不了：磁盘满或不可写。打字照常，能写时补存。",
        "Learnt words cannot be saved: disk full or read-only. They are kept until they can.",
    ),
    "fault.user-words-saved": ("之前没存的词都补存好了。", "The words kept unsaved are saved."),
    "fault.worker-died": (
        "语言模型意外退出，正在重新启动。已答的内容留着，稍后可再问。",
        "The language model died and is being restarted. What was said is kept; ask again soon.",
    ),
    "fault.bad-audio": (
        "这个声音文件不能用。请用 WAV 格式（PCM）。",
        "This sound file cannot be used. Use a WAV file (PCM).",
    ),
    "way.no-repack": ("不重排权重", "not repacked"),
    "way.one-thread": ("单线程", "one thread"),
    # ------------------------------------------------------------ leaner ways, and what they cost
    "lean.title": ("换了方式", "Leaner way"),
    "lean.llm.no-repack": (
        "语言模型用最快的方式会崩溃，现在不重排权重：读长问题慢一些，其余照旧。",
        "The LLM crashes in its fastest way. Its weights are no longer repacked: long questions "
        "are read more slowly, all else is as before.",
    ),
    "lean.llm.one-thread": (
        "语言模型用多个线程会崩溃，现在只用一个：回答慢一半以上。运行 lory doctor 看原因。",
        "The LLM crashes with several threads and now uses one: answers take twice as long or "
        "more. lory doctor says why.",
    ),
    "lean.asr.one-thread": (
        "语音识别会崩溃，现在只用一个线程、一个模型：说话时不显示字，识别慢一些。",
        "Speech input crashed. It now uses one thread and one model: no words while you speak, "
        "and slower.",
    ),
    "lean.tts.one-thread": (
        "朗读会崩溃，现在只用一个线程：开口慢一些。",
        "The voice crashed. It now uses one thread: it begins to speak later.",
    ),
    "lean.audio.no-vad": (
        "声音部分会崩溃，现在按音量判断说完没有：吵的地方请用按住说话。",
        "Sound crashed. The end of speech is now told by loudness: hold the talk key in noise.",
    ),
    "lean.audio.no-microphone": (
        "一开麦克风就崩溃，现在不用它：请打字，检查声卡。",
        "Sound crashes with the microphone, which is off now: type, and check the sound card.",
    ),
    # ------------------------------------------------------------ toasts
    "toast.ear-fault": ("语音识别出错，请打字或再试", "Speech input failed: type, or try again"),
    "toast.bus-moved": ("部件在 {bus}，不在设定处", "Parts are on {bus}, not as set"),
    "toast.locked": ("锁着：按住 * 解锁", "Locked: hold * to unlock"),
    "undo.hint": ("0 撤销", "0 undoes"),
    "toast.empty-question": ("还没写问题", "Nothing to send"),
    "toast.no-voice": ("不能朗读：没有语音模型", "Cannot speak: no voice model"),
    "toast.voice-lost": ("朗读断了，文字都在", "The voice broke off: read on"),
    "toast.new-conversation": ("新对话", "New conversation"),
    "toast.question-cut": (
        "问题太长，只用了前{used}字，共{whole}字",
        "Too long: only {used} of {whole} characters used",
    ),
    "toast.turns-dropped": (
        "聊得太长，最早{turns}问不再记得，历史里还在",
        "Long talk: the first {turns} turns are out of mind; see History",
    ),
    "toast.cannot-hear-yet": ("还不能听：{what}", "Cannot listen yet: {what}"),
    "toast.cannot-speak-yet": ("还不能朗读：{what}", "Cannot speak yet: {what}"),
    "toast.can-hear": ("现在能听了，按住D说话", "It can listen now: hold D"),
    "toast.installed": ("都装好了", "Everything is installed"),
    "toast.no-asr": ("不能听：没有识别模型", "Cannot listen: no ASR model"),
    "toast.unproven": ("引擎自检没过，换更稳的方式", "An engine failed its test: a leaner way"),
    "toast.leaner": ("一再崩溃，换更稳的方式再试", "It keeps crashing: trying a leaner way"),
    "toast.swap-llm": ("换入语言模型…", "Swapping in the LLM…"),
    "toast.swap-asr": ("换入语音识别…", "Swapping in hearing…"),
    "toast.swap-tts": ("换入嗓音…", "Swapping in the voice…"),
    "toast.asr-loading": ("语音识别还在装载，稍等", "Speech input is still loading"),
    "toast.box-full": (
        "文本框最多{most}字，后面的放不下",
        "The box holds {most} characters: the rest is cut",
    ),
    "toast.nothing-heard": ("没听到说话", "Nothing was heard"),
    "toast.persona": ("角色：{title}", "Persona: {title}"),
    "toast.clipped": ("声音太大，失真了：离远一点", "Too loud, it clips: move away a little"),
    "toast.talk-limit": ("到了最长时间，先识别这些", "The longest time is over: taking this"),
    "toast.volume": ("音量 {percent}%", "Volume {percent}%"),
    "toast.skill-failed": (
        "技能“{name}”出错了，改由模型回答",
        "Skill {name} failed: the model answers",
    ),
    "toast.switched": ("模型换好了", "The model is changed"),
    "toast.switched-back": ("换不了，用回原来的模型", "It failed: back to the model before"),
    "toast.cannot-think": ("这个模型不分深思浅思", "This model has no thinking mode"),
    "toast.thinking-on": ("深度思考：开", "Thinking mode: on"),
    "toast.thinking-off": ("深度思考：关", "Thinking mode: off"),
    "toast.voice-on": ("朗读：开", "Read aloud: on"),
    "toast.voice-off": ("朗读：关", "Read aloud: off"),
    # ------------------------------------------------------------ pages
    "menu.empty": ("（空）", "(empty)"),
    "speech-model.title": ("听说模型", "Speech models"),
    "speech-model.asr": ("听", "Hear"),
    "speech-model.tts": ("说", "Say"),
    "model.title": ("选模型", "Model"),
    "model.fits": ("放得下", "fits"),
    "model.fits-alone": ("单独放得下", "fits alone"),
    "model.too-big": ("放不下", "does not fit"),
    "model.snapshot": ("不回退", "no rollback"),
    "model.missing": ("未装", "absent"),
    "history.title": ("历史", "History"),
    "history.hint": ("长按D删除", "hold D: delete"),
    "history.continue": ("D接着聊", "D: go on"),
    "delete.title": ("删除对话", "Delete"),
    "history.turns": ("{turns}问", "{turns}"),
    "history.undated": ("无日期", "no date"),
    "setting.reloads-llm": ("返回时重新装载模型", "The model reloads"),
    "setting.restarts": ("重启后生效", "After a restart"),
    "settings.title": ("设置", "Settings"),
    "self-test.title": ("自检", "Self-test"),
    "key-test.leave": ("按住任意键离开", "Hold any key to leave"),
    "key-test.complete": ("全部正常，按住离开", "All work. Hold to leave"),
    "buses.title": ("总线", "Buses"),
    "buses.looking": ("正在看", "looking"),
    "sound.title": ("声音", "Sound"),
    "sound.level": ("音量", "Level"),
    "latency.title": ("上一轮用时", "Last turn"),
    "self-test.display": ("屏幕", "Display"),
    "self-test.keypad": ("键盘", "Keypad"),
    "self-test.microphone": ("麦克风", "Mic"),
    "self-test.speaker": ("喇叭", "Speaker"),
    "self-test.drops": ("丢块 录/放", "Lost in/out"),
    "self-test.to-files": ("写文件", "to files"),
    "self-test.llm": ("对话", "LLM"),
    "self-test.asr": ("识别", "ASR"),
    "self-test.tts": ("语音", "TTS"),
    "self-test.memory": ("空闲内存", "Free memory"),
    "self-test.temperature": ("温度", "Temperature"),
    "latency.nothing": ("没有记录", "not measured"),
    "latency.endpoint_wait": ("等停顿", "Pause"),
    "latency.recognition": ("识别", "Recognised"),
    "latency.review": ("复核", "Review"),
    "latency.first_token": ("首字", "First token"),
    "latency.first_clause": ("首句", "First clause"),
    "latency.first_audio": ("首声", "First sound"),
    "latency.whole": ("到出声", "In all"),
    "latency.prefilled": ("读题", "Prompt read"),
    "latency.decode": ("速度", "Decode"),
    "about.text": (
        "Lory {version}，离线语音盒子：说的、写的都不离开这里。\n代码 Apache-2.0；字体、词库、模型"
        "各有许可，见 NOTICE。",
        "Lory {version}, an offline voice box: nothing you say or type leaves it.\n"
        "Code Apache-2.0; fonts, words and models under their own licences, see NOTICE.",
    ),
    "help.text": (
        "2-9 拼音，长按出数字\n1 标点，0 空格\n长按0符号 长按B表情\n"
        "B 换模式，有字时切音\n切音时9 重打这一音\nD 发送或选定\n长按D 说话\n"
        "A 删除、返回、停止\n*# 光标、选词、滚动\n选词时长按 忘掉它\nC 再按一键：第二功能\n"
        "长按C 菜单",
        "2-9 type, held: digit\n1 marks, 0 space\nhold 0 symbols\n"
        "hold B emoji\nB mode, split pinyin\n9 in split: retype one\nD send or take\n"
        "hold D talk\nA delete, back, stop\n*# caret, pick, scroll\n"
        "picking, held: forget\n"
        "C, key: 2nd function\nhold C menu",
    ),
    # ------------------------------------------------------------ the panel on a PC
    "panel.sink-speaker": ("声音：电脑喇叭", "sound: this computer's speaker"),
    "panel.sink-wav": ("声音：写到 {where}", "sound: written to {where}"),
    "panel.sink-none": ("没有声音", "no sound"),
    "help.title": ("按键", "Keys"),
    "about.title": ("关于 Lory", "About Lory"),
    "facts.title": ("记忆", "Memory"),
    "facts.hint": ("说“记住”就能添加", "Ask me to remember"),
    "facts.forget": ("忘掉这件事", "Forget this"),
    "facts.forget-all": ("全部忘掉", "Forget everything"),
    "facts.all-text": ("忘掉以后找不回来。", "What is forgotten cannot be had back."),
    "lists.title": ("清单", "Lists"),
    "lists.hint": ("如：购物清单加牛奶", "Say: add milk to the list"),
    "lists.remove": ("删掉这一样", "Take it off"),
    "lists.clear": ("清空{list}清单", "Clear {list}"),
    "lists.all-text": ("删掉以后找不回来。", "What is taken off cannot be had back."),
    "words.title": ("学到的词", "Learnt words"),
    "words.hint": ("打字选词，就会学到", "Learns what you pick"),
    "words.count": ("学到{words}个词", "Learnt: {words}"),
    "words.forget": ("忘掉这个词", "Forget this word"),
    "words.forget-all": ("全部忘掉", "Forget everything"),
    "words.all-text": (
        "打字学到的全部忘掉，找不回来。",
        "All that typing taught is forgotten, for good.",
    ),
    "persona.title": ("角色", "Persona"),
    "persona.broken": ("坏了", "broken"),
    "battery.empty": (
        "电池用完了，已保存，正在关机。充电后再开。",
        "The battery is empty: all is saved, shutting down. Charge it first.",
    ),
    "shutdown.title": ("关机", "Shut down"),
    "goodbye.off": ("正在关机", "Shutting down"),
    "goodbye.restart": ("正在重启", "Restarting"),
    "restart.title": ("重启", "Restart"),
    "restart.text": (
        "没说完的话会丢。几十秒后回来。",
        "What is unfinished is lost. Back in a minute.",
    ),
    "shutdown.text": (
        "没说完的话会丢。关好后再断电。",
        "Unfinished words are lost. Cut the power once it is dark.",
    ),
    "voice.sample": ("你好，我用这个声音读给你听。", "Hello, this is how I sound."),
    "value.minutes": ("{minutes}分钟", "{minutes} min"),
    "value.default": ("默认", "default"),
    "value.on": ("开", "on"),
    "value.off": ("关", "off"),
}
TEXTS: Mapping[str, Text] = {key: Text(*both) for key, both in _TABLE.items()}


def text(key: str, language: Language, **fields: object) -> str:
    """The text of a key, `{fields}` filled in. Raises KeyError for an unknown key or field."""
    return TEXTS[key].of(language).format(**fields)
