"""Has a language model write an answer from retrieved passages, and checks every sentence of it."""

import dataclasses
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from embeddings.language import is_chinese
from embeddings.sentences import sentence_spans
from embeddings.tokens import simplify
from embeddings.types import Encoder, Passage
from qa.citations import citation_from
from qa.claims.check import Evidence, Finding, check
from qa.llm.commands import is_command
from qa.llm.errors import LlmError
from qa.llm.model import LanguageModel
from qa.llm.prompt import NO_ANSWER, messages
from qa.types import Answer, Citation, Claim

_CITED = re.compile(r"\s*[\[【［]\s*\d+(?:\s*[,，、]\s*\d+)*\s*[\]】］]")
_AFTER_END = re.compile(rf"([。！？!?；;.]+[”’」』）)\"']*)((?:{_CITED.pattern})+)")
_DRESS = re.compile(r"^\s*(?:[-*•]\s+|#+\s+|\d+[.、)]\s*(?=\D))|\*\*|`", re.MULTILINE)
_LETTER = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Delta:
    """A language model's next words, not checked yet: the answer at the end says what holds."""

    text: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a passage; ``number`` is the passage's place, from 1."""

    number: int
    passage: Passage
    start: int
    text: str


def write(answer: Answer, encoder: Encoder, llm: LanguageModel) -> Iterator[Delta | Answer]:
    """Yield a model's words as they come, and at last the answer that stands.

    The answer is the model's, checked, or the one given with a note why.

    Args:
        answer: Made of the newspaper's own sentences, with the passages that were read.
        encoder: Tells how near sentences are in meaning.
        llm: The model.
    """
    began = time.perf_counter()
    final = answer
    if answer.passages:
        written = ""
        chinese = is_chinese(answer.question)
        asked = messages(answer.understood or answer.question, answer.passages, chinese)
        try:
            for piece in llm.stream(asked):
                written += piece
                yield Delta(piece)
            final = _checked(written, answer, encoder, llm.model, chinese)
        except LlmError as error:
            final = _extractive(answer, error.chinese, error.english)
    seconds = answer.seconds + time.perf_counter() - began
    stages = {**answer.stages, "write": time.perf_counter() - began}
    yield dataclasses.replace(final, seconds=seconds, stages=stages)


def _extractive(answer: Answer, chinese: str, english: str) -> Answer:
    if answer.abstained:
        note = f"{chinese}；没有可以摘录的原文。 · {english}; there is nothing to quote instead."
    else:
        note = (
            f"{chinese}，以下是原文摘录。 · {english}; this is quoted from the newspaper instead."
        )
    return dataclasses.replace(answer, note=note)


def _checked(written: str, answer: Answer, encoder: Encoder, model: str, chinese: bool) -> Answer:
    """Return the answer that a model wrote as far as it holds, or the one given."""
    if NO_ANSWER in written:
        return _extractive(
            answer,
            "语言模型认为这些段落没有回答",
            "The language model found no answer in the passages",
        )
    claims = _claims(written, len(answer.passages))
    findings = _findings(claims, answer.passages, encoder)
    if not any(finding.quotes for _, finding in findings):
        return _extractive(
            answer,
            "语言模型写的话在报纸里找不到依据",
            "Nothing that the language model wrote is supported by the newspaper",
        )
    return _composed([text for text, _ in claims], findings, answer, model, chinese)


def _claims(written: str, passages: int) -> list[tuple[str, list[int]]]:
    """Cut a text into sentences, each with the passages it cites that exist."""
    plain = _DRESS.sub("", _AFTER_END.sub(r"\2\1", written))
    claims: list[tuple[str, list[int]]] = []
    for start, end in sentence_spans(plain):
        sentence = plain[start:end]
        cited = [int(n) for mark in _CITED.findall(sentence) for n in re.findall(r"\d+", mark)]
        text = _CITED.sub("", sentence).strip()
        if _LETTER.search(text):
            claims.append((text, [n for n in dict.fromkeys(cited) if 1 <= n <= passages]))
    return claims


def _findings(
    claims: list[tuple[str, list[int]]], passages: tuple[Passage, ...], encoder: Encoder
) -> list[tuple[list[_Sentence], Finding]]:
    sentences = [
        _Sentence(number, passage, start, passage.text[start:end])
        for number, passage in enumerate(passages, start=1)
        for start, end in sentence_spans(passage.text)
        if not is_command(passage.text[start:end])
    ]
    if not sentences or not claims:
        return []
    told = encoder.encode_documents([sentence.text for sentence in sentences])
    nearness = encoder.encode_documents([text for text, _ in claims]) @ told.T
    found = []
    for (text, cited), row in zip(claims, nearness, strict=True):
        # Without a citation of its own, a sentence may rest on any passage.
        numbers = cited or range(1, len(passages) + 1)
        places = [i for i, sentence in enumerate(sentences) if sentence.number in numbers]
        chosen = [sentences[i] for i in places]
        used = [passages[n - 1] for n in numbers]
        evidence = Evidence(
            [simplify(sentence.text) for sentence in chosen],
            simplify("\n".join(part for p in used for part in (p.headline or "", *p.authors))),
            [p.date for p in used if p.date],
        )
        finding = check(text, simplify(text), evidence, np.asarray(row)[places].tolist())
        found.append((chosen, finding))
    return found


def _composed(
    texts: list[str],
    findings: list[tuple[list[_Sentence], Finding]],
    answer: Answer,
    model: str,
    chinese: bool,
) -> Answer:
    quoted: list[_Sentence] = []
    claims: list[Claim] = []
    for text, (sentences, finding) in zip(texts, findings, strict=True):
        numbers = []
        for place in finding.quotes:
            if sentences[place] not in quoted:
                quoted.append(sentences[place])
            numbers.append(quoted.index(sentences[place]) + 1)
        claims.append(Claim(text, tuple(numbers), finding.missing))
    citations = tuple(_citation(n, sentence) for n, sentence in enumerate(quoted, start=1))
    exact = answer.exact if any((answer.exact or "\0") in c.quote for c in citations) else None
    doubtful = sum(1 for claim in claims if not claim.citations)
    note = f"由 {model} 撰写，逐句核对过。 · Written by {model}; every sentence was checked."
    if doubtful:
        note += (
            f"标“未证实”的 {doubtful} 句在所引段落里没有依据。 · "
            f"Sentences marked unverified ({doubtful}) are not supported by what they cite."
        )
    return dataclasses.replace(
        answer,
        text=("" if chinese else " ").join(_shown(claim, chinese) for claim in claims),
        exact=exact,
        abstained=False,
        citations=citations,
        items=(),
        claims=tuple(claims),
        note=note,
    )


def _shown(claim: Claim, chinese: bool) -> str:
    if claim.citations:
        return claim.text + "".join(f"[{n}]" for n in claim.citations)
    return f"{claim.text}〔未证实〕" if chinese else f"{claim.text} (unverified)"


def _citation(n: int, sentence: _Sentence) -> Citation:
    passage = sentence.passage
    return citation_from(n, passage, passage.start + sentence.start, sentence.text)
