"""Names listed after a role, of which the last may run into the text that follows.

「记者 王天淇 任珊受台风影响」 names two reporters; only words tell where the second ends.
"""

import re
from collections.abc import Iterator

from embeddings.dictionary import word_cutter
from embeddings.readers.bylines import ROLE
from embeddings.readers.names import COMMON_WORD, has_surname, is_chinese_name, split_run
from embeddings.readers.outlets import PLACES
from embeddings.tokens import word_frequency

_LEAD = (
    rf"(?:{PLACES})?报道|近日|日前|昨[日天]|今|近[期年]|当[日天前]|目前|连日|随着|由于|为|在|从|据|受"
    r"|[位处作对关基鉴由属至终]于|[作成因]为|自|当地|于|记者|图[为片]|[/／]|[文图摄]\s*[/／、图摄）)]"
)
"""Words that a report goes on with after a byline that nothing parts from it."""
_BEFORE_LEAD = re.compile(rf"(?P<name>[\u4e00-\u9fff]{{2,4}}?)(?:{_LEAD})")
_ENDS = rf"{ROLE}|摄|视觉|视频|剪辑|题图|供图|未经|编辑|责编|校对|审核|编审|来源|原标题"
"""What no name goes on over."""
_TOKEN = re.compile(
    rf"(?P<token>(?:(?!{_ENDS})[\u4e00-\u9fff])+)"
    rf"(?P<more>[\s、]+(?=[\u4e00-\u9fff]{{2}})(?!{_ENDS}))?"
)
_NOT_CREDITED = re.compile(
    r"(?:从|在|了解|获悉|注意|采访|日前|近日|今日|昨日|走进|来到|致电|调研|调查|独家|实地|随机|现场|梳理"
    r"|问|会|联系|看到|发现|就此)"
)
_BEFORE_NUMBER = re.compile("(?<=[\u4e00-\u9fff]{2})[第近约超逾]$")
_FUNCTION_WORDS = frozenset("向和于都时应经连就对还也再又")
_COMPANY = ("公司", "集团", "方面", "银行", "先生", "女士")
_COMMON_CHARACTER = 5000
"""One this frequent as a word of its own begins the text rather than ending a name."""
_RUN_ON_MAX = 12
_SURE_MAX = 6
"""A longer run of what may be names is text, if a word that leads on stands in it."""


def listed_names(text: str, at: int, parted: bool) -> Iterator[str]:
    """Yield the names listed from ``at``; the last may run into the text that follows.

    Args:
        text: What holds the list. A line break in it ends a list of names that run on.
        at: Where the first name begins.
        parted: Whether a space or a mark stands before it. Where none does, it must end
            clearly: 「记者高兴地说」.
    """
    may_run_on, broken = True, False
    while match := _TOKEN.match(text, at):
        token, after = match["token"], text[match.end("token") :]
        if after[:1].isdigit():
            token = _BEFORE_NUMBER.sub("", token)
        if _NOT_CREDITED.match(token):
            return
        lead = _before_lead(token, after)
        whole = [name for name in split_run(token) if is_chinese_name(name)]
        if "".join(whole) == token and not (lead and len(token) > _SURE_MAX):
            yield from whole
        else:
            cut = lead or (run_on_name(token) if parted else "")
            if cut and may_run_on:
                yield cut
            return
        if not match["more"]:
            return
        broken, before = "\n" in match["more"], broken
        at, parted, may_run_on = match.end(), True, before or not broken


def run_on_name(token: str) -> str:
    """Return the name that a text goes on after without a break, cut off as a word."""
    words: list[str] = word_cutter().lcut(token[:_RUN_ON_MAX])
    if words[0] in _FUNCTION_WORDS:
        return ""
    name = "".join(words[:2]) if len(words[0]) == 1 else words[0]
    name = _longer(token, name)
    if not is_chinese_name(name) or token[len(name) :].startswith(_COMPANY):
        return ""
    return name if word_frequency(name) < COMMON_WORD else ""


def _longer(token: str, name: str) -> str:
    """Return a two-character name with the next, where only so a word follows: 「李佳玫|网络」."""
    if len(name) != 2 or not has_surname(name):
        return name
    after: list[str] = word_cutter().lcut(token[2:_RUN_ON_MAX])
    if not after or len(after[0]) > 1 or word_frequency(after[0]) >= _COMMON_CHARACTER:
        return name
    follows: list[str] = word_cutter().lcut(token[3:_RUN_ON_MAX])
    return token[:3] if follows and len(follows[0]) > 1 else name


def _before_lead(token: str, after: str) -> str:
    match = _BEFORE_LEAD.match(token + after[:1])
    return match["name"] if match and is_chinese_name(match["name"]) else ""
