"""Known articles that pages are made of: those in ``seeds/`` and, where present, shared news.

Headlines of the seeds are their own. Of the news, those that still carry 「原标题：…」 keep that,
written by an editor; for the others one is composed of the opening's rare words, turned round, so
that it shares terms with its article but opens neither it nor any sentence of it.
"""

import json
import math
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import frontmatter
import jieba

_NEWS_START = (
    r"(?=\d{1,2}月\d{1,2}日[，上下晚早至]|近日，|日前，|当地时间|据[^，。]{2,14}(?:报道|消息)"
    r"|新华社|中新[社网]|本报讯|记者从)"
)
_ORIGINAL = re.compile(rf"^\s*原标题[：:]\s*(?P<title>[^。]{{12,34}}?)(?:\s{{4,}}|{_NEWS_START})")
_CUT_SHORT = re.compile(r"(?:[\d年（(“「《、：:｜|丨，,]|网|讯|报|局|员|来源)$")
_DATELINE = re.compile(
    r"^.{0,4}?(?:[^\s，。（(]{2,12}?(?:\d{1,2}月\d{1,2}日)?[电讯]\s*)?[（(【][^（）()【】]{0,30}?"
    r"(?:记者|通讯员)[^（）()【】]{1,40}[）)】]"
    r"|^[^\s，。（(]{2,14}?(?:\d{1,2}月\d{1,2}日)[电讯消息]+[，\s]*|^本报讯\s*"
)
_TAIL = re.compile(
    r"(?:返回搜狐.*|[（(]?(?:责任)?编辑[：:].*|分享让更多人看到.*|[（(]完[）)].*"
    r"|[（(]?(?:来源|本文来源|作者)[：:].*|[（(][^（）()]{0,20}(?:记者|通讯员)[^（）()]{1,20}[）)])$"
)
_NOT_PROSE = re.compile(
    r"主力资金|证星|股票行情|融资融券|[▼⇧↓▲▶□■●◆\ufeff]|https?:|▍|微信|关注我"
    r"|\d{7,}|题：|作者|转自|记者\s*[\u4e00-\u9fff]{2,4}(?:摄|\d|报道)|摄影?[^像]|图源|广告|财经记者"
)
_CREDIT_LEFT = re.compile(r"^.{0,40}?[（(][\u4e00-\u9fff]{2,9}[）)]|^.{0,30}[网报社]讯")
_SENTENCE = re.compile(r"[^。！？]+[。！？][”’」』）]*")
_VERBS = ("推进", "启动", "落地", "见效", "提速", "亮相", "引关注", "有新进展")
_LENGTH = (160, 900)


@dataclass(frozen=True, slots=True)
class Story:
    """An article as known: paragraphs of whole sentences, no byline, no dateline."""

    headline: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(self.paragraphs)

    @property
    def sentences(self) -> list[str]:
        return [s for p in self.paragraphs for s in _SENTENCE.findall(p)]


def seed_stories(seeds: Path) -> list[Story]:
    """The articles of ``seeds/`` that carry their headlines, and those of its page."""
    found: list[Story] = []
    for line in (seeds / "briefs.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        found.append(_story(record["headline"], record["text"].split("\n")))
    post = frontmatter.load(str(seeds / "wentian-launch.md"))
    paragraphs = [p for p in post.content.split("\n") if not p.startswith("#")]
    found.append(_story(str(post.metadata["headline"]), paragraphs))
    return found + _page_stories(seeds / "zhoukou-shifanqu-page.txt")


def _page_stories(path: Path) -> list[Story]:
    headlines = {
        0: "文昌办“数字城管”半年考评居乡办组首位",
        1: "宋力主持党工委（扩大）会议安排重点工作",
        2: "示范区疫情防控推进会要求压实责任",
        3: "示范区跑出片区综合开发建设加速度",
        4: "示范区学校建设务必如期完工",
        6: "示范区纪委督查“白名单”企业防疫",
        7: "中心城区第一个社区少工委在示范区揭牌",
    }
    raw = re.split("\ufffd+", path.read_text(encoding="utf-8"))[1:]
    found: list[Story] = []
    for number, headline in headlines.items():
        body = re.sub(r"\s+", "", raw[number])
        body = re.sub(r"^本报讯（[^）]*）", "", body)
        sentences = _SENTENCE.findall(body)
        found.append(Story(headline, _paragraphs(sentences, random.Random(number))))
    return found


def news_stories(folder: Path, limit: int = 1500) -> list[Story]:
    """News of ``folder`` that reads as prose, in a fixed random order."""
    records = [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    rng = random.Random(20230801)
    rng.shuffle(records)
    frequency = Counter(
        word for record in records[:2000] for word in set(jieba.cut(record["text"][:300]))
    )
    found: list[Story] = []
    leads: set[str] = set()
    for record in records:
        story = _news_story(record["text"], frequency, rng)
        if story is None or story.text[:12] in leads:
            continue
        leads.add(story.text[:12])
        found.append(story)
        if len(found) == limit:
            break
    return found


def _news_story(text: str, frequency: Counter[str], rng: random.Random) -> Story | None:
    original = _ORIGINAL.match(text)
    title = original["title"].strip() if original else None
    if text.lstrip().startswith("原标题") and (title is None or _CUT_SHORT.search(title)):
        return None
    body = text[original.end() :] if original else text
    body = re.sub(r"\s+", "", body)
    if title and re.search(r"记者|转自|文[|｜]", title):
        return None
    body = _DATELINE.sub("", body)
    for _ in range(3):
        body = _TAIL.sub("", body)
    if _NOT_PROSE.search(body):
        return None
    if title and body.startswith(re.sub(r"\s+", "", title)):
        return None
    sentences = _SENTENCE.findall(body)
    kept: list[str] = []
    for sentence in sentences:
        if sum(map(len, kept)) + len(sentence) > rng.randint(*_LENGTH):
            break
        kept.append(sentence)
    if len(kept) < 3 or sum(map(len, kept)) < _LENGTH[0] or max(map(len, kept)) > 260:
        return None
    if re.match(r"[，、：）)”]", kept[0]) or len(kept[0]) < 12 or _CREDIT_LEFT.match(kept[0]):
        return None
    headline = title or _composed(kept, frequency, rng)
    return Story(headline, _paragraphs(kept, rng)) if headline else None


def _composed(sentences: Sequence[str], frequency: Counter[str], rng: random.Random) -> str | None:
    """Rare words of the opening, its later half first, and a verb of no one's."""
    words = [
        word
        for word in jieba.cut("".join(sentences[:2]))
        if len(word) > 1 and re.fullmatch(r"[\u4e00-\u9fff]+", word)
    ]
    rarity = {word: math.log(2001 / (frequency[word] + 1)) for word in dict.fromkeys(words)}
    chosen = sorted(rarity, key=lambda word: -rarity[word])[: rng.randint(4, 6)]
    ordered = [word for word in rarity if word in chosen]
    if len(ordered) < 4:
        return None
    half = len(ordered) // 2
    headline = "".join(ordered[half:]) + rng.choice(("", "：", " ")) + "".join(ordered[:half])
    headline += rng.choice(_VERBS)
    return headline if 10 <= len(headline) <= 30 else None


def _story(headline: str, paragraphs: Sequence[str]) -> Story:
    return Story(headline, tuple(re.sub(r"\s+", "", p) for p in paragraphs if p.strip()))


def _paragraphs(sentences: Sequence[str], rng: random.Random) -> tuple[str, ...]:
    paragraphs: list[str] = []
    at = 0
    while at < len(sentences):
        size = rng.randint(1, 4)
        paragraphs.append("".join(sentences[at : at + size]))
        at += size
    return tuple(paragraphs)
