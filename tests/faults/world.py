"""A small newspaper whose every state is known, and what must hold of its index whatever happens.

Version ``n`` of the newspaper differs from the others in one article, so an opened snapshot tells
which version it is, and a snapshot mixed of two would be none.
"""

import importlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from embeddings import index as index_module
from embeddings.checkup import check_up
from embeddings.encoder import EncoderIdentity
from embeddings.index import LocalIndex
from embeddings.opening import open_live
from embeddings.pointer import read_pointer
from embeddings.rebuild import pipeline
from embeddings.snapshot import names_in
from embeddings.tokens import query_terms
from tests.conftest import BigramEncoder
from tests.faults.supervise import run

TOPICS = {
    "桥": "城东大桥昨日建成通车，全长860米，双向六车道，总投资3.2亿元。",
    "粮": "全市秋粮收购昨日开秤，首日收购稻谷1200吨，每斤1.31元。",
    "馆": "市图书馆新馆开门迎客，首日接待读者3200人次，藏书80万册。",
    "雨": "昨夜全市普降大雨，最大降水量126毫米，转移群众4500人。",
}
QUESTIONS = {
    "桥": "城东大桥全长多少米？",
    "粮": "首日收购稻谷多少吨？",
    "馆": "新馆首日接待读者多少人次？",
    "雨": "最大降水量多少毫米？",
}
CHANGING = "第{version}号台风“海葵{version}”今晨登陆，风力{version}级。"


class TopicEncoder(BigramEncoder):
    """Costs nothing; every process has the same."""


def use_small_encoder() -> None:
    """Make this process and its children encode without a model, and load what takes time."""
    pipeline.load_encoder = index_module.load_encoder = lambda *_: TopicEncoder()  # type: ignore[assignment]
    pipeline.encoder_identity = lambda *_: EncoderIdentity("bigrams", "bigrams-1")  # type: ignore[assignment]
    query_terms("装载词典")
    importlib.import_module("embeddings.readers.plain")


@dataclass
class World:
    """A folder with the newspaper and its index."""

    folder: Path
    version: int = 0
    possible: set[int] = field(default_factory=set)
    """The versions that the live snapshot may be of."""

    @property
    def news(self) -> Path:
        return self.folder / "news"

    @property
    def index(self) -> Path:
        return self.folder / "index"

    def begin(self) -> None:
        """Write the newspaper and build two generations of its index."""
        self.news.mkdir(parents=True)
        for name, text in TOPICS.items():
            (self.news / f"{name}.txt").write_text(f"{text}\n", encoding="utf-8")
        for _ in range(2):
            self.change()
            ended = run(self.rebuild)
            assert ended.value is not None, ended
            self.possible = {self.version}

    def change(self) -> None:
        """Print the next version of the newspaper."""
        self.version += 1
        printed = self.folder / f"printed-{os.getpid()}"
        printed.write_text(f"{CHANGING.format(version=self.version)}\n", encoding="utf-8")
        os.replace(printed, self.news / "风.txt")  # whoever reads meanwhile reads one version

    def rebuild(self) -> str:
        """Rebuild the index, in this process."""
        return pipeline.rebuild([self.news], self.index).snapshot

    def rebuilt_cleanly(self) -> list[str]:
        """Rebuild in a child; return what is not as it should be after that."""
        ended = run(self.rebuild)
        if ended.value is None:
            return [f"the next rebuild failed: {ended}"]
        self.possible = {self.version}
        return self.problems() + self.leftovers()

    def problems(self) -> list[str]:
        """Return what is wrong with the index, as found by a child that opens it."""
        ended = run(lambda: [*self._version_problems(), *self._damage()])
        if ended.value is None:
            return [f"lost: {ended}"]
        found, *problems = ended.value
        if not problems:
            self.possible = {found}
        return list(problems)

    def _version_problems(self) -> list[Any]:
        index = open_live(self.index)
        found = version_of(index)
        problems: list[Any] = [found]
        if found not in self.possible:
            problems.append(f"lost: version {found}, not one of {sorted(self.possible)}")
        return problems + wrong_answers(index, found)

    def _damage(self) -> Iterable[str]:
        for report in check_up(self.index).snapshots:
            for problem in report.problems:
                kind = "lost" if report.is_live else "damaged"
                yield f"{kind}: {report.snapshot}/{problem.file} {problem.english}"

    def leftovers(self) -> list[str]:
        """Return what is in the index folder beside the snapshots that are kept."""
        pointer = read_pointer(self.index)
        assert pointer is not None
        allowed = {"current", "lock", "snapshots"}
        beside = [path.name for path in self.index.iterdir() if path.name not in allowed]
        older = [name for name in names_in(self.index) if name not in pointer.names]
        return [f"leftover: {name}" for name in (*beside, *older)]


def version_of(index: LocalIndex) -> int:
    """Return the one version whose articles an index has, all of them; 0 if it is none."""
    texts = {article.text for article in index.articles()}
    changed = texts - set(TOPICS.values())
    if len(changed) != 1 or len(texts) != len(TOPICS) + 1:
        return 0
    version = int(changed.pop().split("号")[0].removeprefix("第"))
    return version if CHANGING.format(version=version) in texts else 0


def wrong_answers(index: LocalIndex, version: int) -> list[str]:
    """Ask an index all questions; return what is not told by the article that answers."""
    asked = {QUESTIONS[name]: text for name, text in TOPICS.items()}
    asked["几号台风今晨登陆？"] = CHANGING.format(version=version)
    wrong = []
    for question, text in asked.items():
        passages = index.search(question, 5)
        if not passages or passages[0].text != text:
            wrong.append(f"wrong: {question} {passages[:1]}")
        for passage in passages:
            article = index.article(passage.article_id)
            if article is None or article.text[passage.start : passage.end] != passage.text:
                wrong.append(f"wrong: quote of {passage}")
    return wrong
