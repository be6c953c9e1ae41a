"""Every word the page says, in both languages."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]

NAME = "问报 Wenbao"
LANGUAGES: tuple[tuple[str, Language], ...] = (("中文", "zh"), ("English", "en"))


@dataclass(frozen=True, slots=True)
class Wording:
    """The page in one language; ``{…}`` in a field is filled in where it is used."""

    language: Language
    tag: str
    claim: str
    articles: str
    switch: str

    conversation: str
    welcome: str
    question: str
    placeholder: str
    send: str
    clear: str
    examples: str
    searching: str
    apology: str

    sure: str
    fairly_sure: str
    unsure: str
    confidence: str
    jump: str

    sources: str
    sources_empty: str
    sources_hint: str
    quotes: str
    photo: str
    file: str
    retrieved: str
    nothing: str
    nearest: str
    nearest_hint: str
    list_comma: str


ZH = Wording(
    language="zh",
    tag="zh-CN",
    claim="向报纸提问，回答句句有出处",
    articles="收录 {count} 篇文章",
    switch="界面语言",
    conversation="对话",
    welcome="想从报纸里知道什么？",
    question="问题",
    placeholder="输入问题，按回车提问",
    send="提问",
    clear="清空",
    examples="可以这样问",
    searching="正在翻阅……",
    apology="抱歉，程序出了意外的错误，这个问题没能回答。详情已写入日志。",
    sure="把握较大",
    fairly_sure="把握中等",
    unsure="把握较小",
    confidence="{words} · {percent}%",
    jump="查看出处 {n}",
    sources="出处",
    sources_empty="还没有出处",
    sources_hint="提问以后，这里列出回答所依据的文章，引用的原句会标亮。",
    quotes="本回答引用了 {count} 处原文",
    photo="图片",
    file="文件",
    retrieved="另外检索到、但未引用（{count}）",
    nothing="报纸里没有找到答案",
    nearest="最接近的文章",
    nearest_hint="仅供参考，不是依据",
    list_comma="、",
)

EN = Wording(
    language="en",
    tag="en",
    claim="Ask the newspaper; every answer quotes its source",
    articles="{count} articles",
    switch="Language of the page",
    conversation="Conversation",
    welcome="What would you like to know from the newspaper?",
    question="Question",
    placeholder="Type your question",
    send="Ask",
    clear="Clear",
    examples="Questions to try",
    searching="Looking it up…",
    apology="Sorry, something went wrong in the program and this question was not answered. "
    "Details are in the log.",
    sure="High confidence",
    fairly_sure="Medium confidence",
    unsure="Low confidence",
    confidence="{words} · {percent}%",
    jump="Show source {n}",
    sources="Sources",
    sources_empty="No sources yet",
    sources_hint="Ask a question, and the articles behind the answer appear here with the "
    "quoted words highlighted.",
    quotes="Passages quoted in this answer: {count}",
    photo="Photo",
    file="File",
    retrieved="Also retrieved, not cited ({count})",
    nothing="The newspaper has nothing on this",
    nearest="Nearest articles",
    nearest_hint="for orientation only, not evidence",
    list_comma=", ",
)


def wording(language: Language) -> Wording:
    """Return the words of a language."""
    return EN if language == "en" else ZH


def preferred(accept_language: str) -> Language:
    """Return the language that an ``Accept-Language`` header likes best; Chinese when in doubt.

    Of several languages that are liked equally the first counts.
    """
    best, chosen = 0.0, ZH.language
    for part in accept_language.split(","):
        tag, _, quality = part.strip().lower().partition(";q=")
        language = tag.partition("-")[0]
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        if weight > best and language in (ZH.language, EN.language):
            best, chosen = weight, EN.language if language == EN.language else ZH.language
    return chosen
