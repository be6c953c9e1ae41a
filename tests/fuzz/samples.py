"""What fuzzing begins with: a little of everything that people type and send."""

import json

from tests.documents import ARTICLE, docx_of, pdf_of, zip_of
from tests.fuzz.targets import KINDS

WORDS = (
    "谁", "那", "呢", "他", "她们", "哪些", "多少", "几家", "什么时候", "昨天", "上周", "7月中旬",
    "2022年7月18日", "有什么新闻", "还有", "为什么", "时间线", "示范区纪委", "，", "？", "的",
    "百分之", "3.14", "when", "how many", "whose", "「", "」", " ", "\n", "\t", "\u202e", "\u200b",
    "\ufeff", "\u0300", "𠀀", "é", "ﷺ", "१२", "①", "Ⅻ", "<b>", "{{7*7}}", "$x$", "\\", "%", "(",
)  # fmt: skip
"""Pieces of questions: all that the patterns look for, and what no pattern does."""

QUESTIONS = (
    "示范区纪委检查了多少家企业？",
    "发现了几个问题？",
    "那市级呢？",
    "7月中旬有什么新闻？",
    "示范区纪委检查了多少家企业？\0那市级呢？",
    "When did Wentian dock with Tianhe?",
    "氣象部門預計週末有大雨嗎？",
)

_LINE = {
    "question": "问？",
    "answer": "答[1]。",
    "exact": None,
    "abstained": False,
    "confidence": 0.5,
    "citations": [
        {
            "n": 1,
            "quote": "答",
            "article_id": "a",
            "headline": None,
            "authors": ["甲"],
            "date": "2022-07-18",
            "source": "a.txt",
            "start": 0,
            "end": 1,
        }
    ],
    "seconds": 0.1,
}
CONVERSATIONS = (
    json.dumps(_LINE),
    f"{json.dumps(_LINE)}\n{json.dumps(_LINE)}\n",
    json.dumps(_LINE | {"topic": "\ud800"}),
)
NAMES = ("报纸.txt", "../../etc/passwd", "C:\\x\\y.pdf", ".hidden", "a" * 300 + ".jsonl", "..", "")

_HTML = f"<html><body><h1>大桥通车</h1><p>{ARTICLE}</p></body></html>"
_CONTENT = {
    "txt": ARTICLE.encode(),
    "md": f"---\ntitle: 大桥\ndate: 2022-07-18\n---\n# 大桥通车\n\n{ARTICLE}".encode(),
    "jsonl": json.dumps({"title": "大桥", "text": ARTICLE, "date": "2022-07-18"}).encode(),
    "csv": f"标题,正文,日期\n大桥,{ARTICLE},2022-07-18\n".encode(),
    "html": _HTML.encode(),
    "docx": docx_of([ARTICLE]),
    "pdf": pdf_of(ARTICLE),
    "zip": zip_of({"a.txt": ARTICLE.encode(), "b/c.html": _HTML.encode()}),
}
FILES = tuple(bytes([n]) + _CONTENT[kind] for n, kind in enumerate(KINDS))

SAMPLES: dict[str, tuple[bytes, ...]] = {
    "question": tuple(text.encode() for text in QUESTIONS),
    "conversation": tuple(text.encode() for text in CONVERSATIONS),
    "name": tuple(text.encode() for text in NAMES),
    "reader": FILES,
}
