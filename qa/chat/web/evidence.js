// The sources of one answer: a card for each article that it cites, and what else was found.

import { fill, h, isNarrow, show } from "./dom.js";
import { excerpts } from "./excerpts.js";
import { byline, nameOf, placeOf, titled } from "./naming.js";
import { marked } from "./reader.js";
import { onLanguage, t } from "./words.js";

const PREVIEW = 90;

/**
 * Make the panel of sources.
 * @param {{onCite: Function, onNear: Function}} options called with (turn, n), (turn, passage)
 */
export function makeEvidence({ onCite, onNear }) {
  const element = h("section.wb-sources");
  let turn = null;

  function draw() {
    element.setAttribute("aria-label", t("sources"));
    const line = turn?.line;
    const inside = !line ? empty() : line.abstained ? nothing() : evidence();
    const of = line && h("p.wb-of", {}, t("sources_of", { question: turn.question }));
    fill(element, h("h2", {}, t("sources")), of, inside);
  }

  const empty = () =>
    h(
      "div.wb-empty",
      {},
      h("p.wb-empty-title", {}, t("sources_empty")),
      h("p", {}, t("sources_hint")),
    );

  function evidence() {
    const { citations, passages } = turn.line;
    const ids = [...new Set(citations.map((citation) => citation.article_id))];
    const others = passages.filter((passage) => !isQuoted(passage, citations));
    return [
      h("p.wb-count", {}, t("quotes", { count: citations.length })),
      ids.map(card),
      others.length > 0 &&
        h(
          "details.wb-others",
          {},
          h("summary", {}, t("retrieved", { count: others.length })),
          h("ul", {}, others.map((passage) => item(passage, passage.text))),
        ),
    ];
  }

  function card(id) {
    const { line } = turn;
    const citations = line.citations.filter((citation) => citation.article_id === id);
    const about = aboutOf(id, citations[0]);
    const parts = excerpts(line, id).map((part) =>
      h("p", {}, part.before && "……", numbered(part.pieces), part.after && "……"),
    );
    const reprints = line.passages
      .filter((passage) => passage.article_id === id)
      .flatMap((passage) => passage.reprints || []);
    return h(
      "article.wb-card",
      { "data-article": id },
      h(
        "header",
        {},
        h("p.wb-numbers", {}, citations.map((c) => h("span.wb-n", {}, c.n))),
        about.kicker && h("p.wb-kicker", { lang: "zh" }, about.kicker),
        titled("h3", about.name, about.kind),
        byline(about),
      ),
      h("blockquote", { lang: "zh" }, parts),
      reprints.length > 0 &&
        h("p.wb-reprints", {}, t("reprints", { sources: reprintsOf(reprints) })),
      h(
        "button.wb-quiet-button.wb-whole",
        { type: "button", onclick: () => onCite(turn, citations[0].n) },
        t("read_whole"),
      ),
    );
  }

  /** Marked pieces, each quote after its number. */
  function numbered(found) {
    return marked(found).map((node) => {
      const n = node.dataset?.n;
      if (!n) return node;
      const number = h("sup.wb-n", { "aria-hidden": "true" }, n);
      return h("span.wb-quote", { "data-quote": n, tabindex: "-1" }, number, node);
    });
  }

  function aboutOf(id, fallback) {
    const entry = (turn.line.entries || []).find((known) => known.id === id);
    return entry || { ...fallback, name: nameOf(fallback.headline, fallback.quote || fallback.text) };
  }

  function nothing() {
    const best = new Map();
    for (const passage of turn.line.passages) {
      if (!best.has(passage.article_id)) best.set(passage.article_id, passage);
    }
    return [
      h("div.wb-nothing", {}, h("p", {}, t("abstained"))),
      best.size > 0 &&
        h(
          "div.wb-nearest",
          {},
          h("h3", {}, t("nearest"), " ", h("small", {}, t("nearest_hint"))),
          h("ul", {}, [...best.values()].map((p) => item(p, shortened(p.text)))),
        ),
    ];
  }

  function item(passage, text) {
    const about = aboutOf(passage.article_id, passage);
    const open = () => onNear(turn, passage);
    return h(
      "li",
      {},
      h(
        "h4.wb-name",
        { lang: "zh" },
        h("button.wb-link", { type: "button", onclick: open }, titled("span", about.name, about.kind)),
      ),
      byline(about),
      h("p.wb-text", { lang: "zh" }, text),
    );
  }

  onLanguage(draw);
  draw();
  return {
    element,
    display(next) {
      turn = next;
      draw();
    },
    /** Bring the card of a citation into view, and point at its quote. */
    point(n) {
      const quote = element.querySelector(`[data-quote="${n}"]`);
      if (!quote) return;
      for (const other of element.querySelectorAll(".wb-card.current")) {
        other.classList.remove("current");
      }
      quote.closest(".wb-card").classList.add("current");
      if (!isNarrow()) quote.focus({ preventScroll: true });
      show(quote);
    },
  };
}

const reprintsOf = (reprints) =>
  [...new Set(reprints.map((reprint) => placeOf(reprint.source).join(" · ")))].join(t("list_comma"));

const shortened = (text) => {
  const chars = Array.from(text);
  return chars.length <= PREVIEW ? text : `${chars.slice(0, PREVIEW).join("")}…`;
};

const isQuoted = (passage, citations) =>
  citations.some(
    (c) =>
      c.article_id === passage.article_id && c.start < passage.end && passage.start < c.end,
  );
