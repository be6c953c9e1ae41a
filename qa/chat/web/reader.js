// The reader panel: a whole article, scrolled to what is quoted from it.

import { coverPage, fill, h, isNarrow, onNarrow, showWithin } from "./dom.js";
import { characters, exactSpan, marksOf, pieces } from "./excerpts.js";
import { byline, nameOf, titled } from "./naming.js";
import { Told, get } from "./server.js";
import { hear, state } from "./state.js";
import { onLanguage, t, tell } from "./words.js";

const NEAR = "near";

/**
 * Make a reader panel.
 * @param {{view: string, onClose?: Function, onAskAbout: Function}} options the view that it is in
 * @returns {{element, cite, near, open, step, close, isOpen}} `cite(line, n)` shows a citation,
 *   `near(line, passage)` a passage that was read, `open(id)` an article
 */
export function makeReader({ view, onClose, onAskAbout }) {
  const body = h("div.wb-reader-body", { tabindex: "0", role: "region" });
  const head = h("div.wb-reader-head");
  const element = h("section.wb-reader", { hidden: true }, head, body);
  let shown = null; // {line, n, id, article, gone}
  let calls = 0;
  let uncover = null;

  /** On a phone the panel lies over the page while its view is shown, and is a dialog. */
  function fit() {
    const covers = !element.hidden && isNarrow() && state.view === view;
    if (covers === Boolean(uncover)) return;
    if (!covers) {
      uncover();
      uncover = null;
      for (const name of ["role", "aria-modal", "aria-label"]) element.removeAttribute(name);
      return;
    }
    uncover = coverPage(element);
    element.setAttribute("role", "dialog");
    element.setAttribute("aria-modal", "true");
    element.setAttribute("aria-label", t("reader"));
    body.focus({ preventScroll: true });
  }

  async function display(wanted) {
    const call = (calls += 1);
    const same = shown?.article && shown.id === wanted.id && shown.line === wanted.line;
    shown = { ...wanted, article: same ? shown.article : null };
    element.hidden = false;
    fit();
    if (same) return draw();
    fill(head, h("p.wb-quiet", {}, t("loading")));
    fill(body);
    try {
      shown.article = await get("article", { article_id: wanted.id });
    } catch (error) {
      if (!(error instanceof Told)) throw error;
      shown.problem = error.status === 404 ? null : error.told;
    }
    return call === calls ? draw() : undefined;
  }

  function draw() {
    if (!shown || element.hidden) return;
    const kept = shown.article ? withMarks(shown) : null;
    if (kept) {
      drawHead(shown.article);
      fill(body, paragraphs(characters(shown.article.text), 0, kept.marks, kept.exact));
    } else if (shown.problem) {
      fill(head, controls());
      fill(body, h("p.wb-failure", { role: "alert" }, tell(shown.problem)));
    } else {
      drawKept();
    }
    body.setAttribute("aria-label", t("reader"));
    focusMark();
  }

  /** The marks of the article that is shown; null if its text is not that of the answer. */
  function withMarks({ line, id, article, passage }) {
    if (!line) return { marks: [] };
    const chars = characters(article.text);
    const has = (text, { start, end }) => chars.slice(start, end).join("") === text;
    if (passage) {
      const near = { n: NEAR, start: passage.start, end: passage.end };
      return has(passage.text, passage) ? { marks: [near] } : null;
    }
    const faithful = line.citations
      .filter((citation) => citation.article_id === id)
      .every((citation) => has(citation.quote, citation));
    const exact = exactSpan(line);
    const own = exact?.article_id === id ? exact : null;
    return faithful ? { marks: marksOf(line, id), exact: own } : null;
  }

  /** Without the article: what was read of it when the answer was given. */
  function drawKept() {
    const { line, id } = shown;
    const passages = line ? line.passages.filter((p) => p.article_id === id) : [];
    const exact = line && exactSpan(line);
    if (passages.length) drawHead({ ...passages[0], name: nameOf(passages[0].headline, passages[0].text) });
    else fill(head, controls());
    fill(
      body,
      h("p.wb-notice", { role: "status" }, t("gone")),
      passages.map((passage) =>
        paragraphs(
          characters(passage.text),
          passage.start,
          marksOf(line, id).filter((m) => passage.start <= m.start && m.end <= passage.end),
          exact?.article_id === id ? exact : null,
        ),
      ),
    );
  }

  function drawHead(article) {
    const kicker = article.kicker && h("p.wb-kicker", { lang: "zh" }, article.kicker);
    fill(
      head,
      controls(article),
      kicker,
      titled("h2", article.name, article.kind),
      byline(article),
    );
  }

  function controls(article) {
    const count = shown.line ? shown.line.citations.length : 0;
    const place = shown.line && shown.n ? shown.line.citations.findIndex((c) => c.n === shown.n) : -1;
    return h(
      "div.wb-reader-controls",
      {},
      count > 0 &&
        place >= 0 && [
          stepButton("previous", -1, place === 0),
          h("span.wb-place", {}, t("place", { n: place + 1, count })),
          stepButton("next", 1, place === count - 1),
        ],
      article?.id &&
        h("button.wb-quiet-button.wb-about", { type: "button", onclick: () => onAskAbout(article) }, t("ask_about")),
      onClose &&
        h("button.wb-quiet-button.wb-close", { type: "button", onclick: close }, t("close")),
    );
  }

  function stepButton(word, by, disabled) {
    const act = () => {
      step(by);
      head.querySelector(`.wb-${word}:not(:disabled)`)?.focus();
    };
    return h(`button.wb-quiet-button.wb-${word}`, { type: "button", disabled, onclick: act }, t(word));
  }

  function focusMark() {
    const mark = body.querySelector(shown.n ? `[data-n="${shown.n}"]` : "mark");
    for (const other of body.querySelectorAll("mark.current")) other.classList.remove("current");
    if (!mark) {
      body.scrollTop = 0;
      return;
    }
    for (const part of body.querySelectorAll(`[data-n="${mark.dataset.n}"]`)) {
      part.classList.add("current");
    }
    showWithin(body, mark);
  }

  function step(by) {
    if (!shown?.line || !shown.n) return;
    const { citations } = shown.line;
    const next = citations[citations.findIndex((c) => c.n === shown.n) + by];
    if (!next) return;
    element.dispatchEvent(new CustomEvent("step", { detail: next.n }));
    display({ line: shown.line, n: next.n, id: next.article_id });
  }

  function close() {
    element.hidden = true;
    fit();
    shown = null;
    calls += 1;
    onClose?.();
  }

  onLanguage(draw);
  onNarrow(fit);
  hear("view", fit);
  return {
    element,
    body,
    step,
    close,
    isOpen: () => !element.hidden,
    open: (id) => display({ id, line: null, n: 0 }),
    near: (line, passage) => display({ id: passage.article_id, line, n: 0, passage }),
    cite: (line, n) => {
      const citation = line.citations.find((c) => c.n === n);
      return display({ id: citation.article_id, line, n });
    },
  };
}

/** Text as paragraphs; a quote is one mark in each paragraph that it is in. */
function paragraphs(chars, start, marks, exact) {
  const found = [];
  let from = 0;
  for (let at = 0; at <= chars.length; at += 1) {
    if (at < chars.length && chars[at] !== "\n") continue;
    const part = chars.slice(from, at);
    if (part.length) {
      found.push(h("p", { lang: "zh" }, marked(pieces(part, start + from, marks, exact))));
    }
    from = at + 1;
  }
  return found;
}

/** Pieces as text and marks, the exact answer as a mark within the quote's. */
export function marked(found) {
  const nodes = [];
  let mark = null;
  for (const { text, n, exact } of found) {
    if (!n) {
      nodes.push(text);
      mark = null;
      continue;
    }
    if (!mark || mark.dataset.n !== String(n)) {
      mark = h(n === NEAR ? "mark.wb-near" : "mark.wb-quoted", { "data-n": n });
      nodes.push(mark);
    }
    mark.append(exact ? h("mark.exact", {}, text) : text);
  }
  return nodes;
}
