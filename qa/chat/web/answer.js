// One answer as a message: the exact words, the quoted text with its references, confidence.

import { h } from "./dom.js";
import { chipsOf } from "./filters.js";
import { haveOwnQuotes, itemList } from "./items.js";
import { nameOf } from "./naming.js";
import { judging } from "./judging.js";
import { quoteTip } from "./tip.js";
import { current, languageOf, t, tell } from "./words.js";

/** From these confidences on, they are called high and medium. */
const SURE = 0.75;
const FAIRLY_SURE = 0.45;

const WORD_JOINER = "\u2060"; // no line may begin with a reference

/**
 * What came of a turn.
 * @param {Object} turn question, line, failure
 * @param {{cite, near, retry, keep, ask}} on what readers do with it
 */
export function answer(turn, on) {
  if (turn.failure) return failure(turn, on);
  if (!turn.line) return pending(turn);
  return turn.line.abstained ? abstention(turn, on) : quoted(turn, on);
}

/** While an answer is on its way: a model's words are shown as what they are, unchecked. */
function pending({ pending: under }) {
  return h(
    "div.wb-pending",
    { role: "status" },
    h("span.wb-dots", { "aria-hidden": "true" }),
    h("span.wb-doing", {}, t(under?.text ? "writing" : "searching")),
    under && h("button.wb-quiet-button.wb-stop", { type: "button", onclick: under.stop }, t("stop")),
    h("p.wb-text", { lang: "zh", "aria-live": "off", hidden: !under?.text }, under?.text),
  );
}

/** Show the words that came so far. The rest stays: somebody may be about to press the button. */
export function showWords(shown, words) {
  const doing = shown.querySelector(".wb-doing");
  // Once only, for it is read aloud.
  if (doing.textContent !== t("writing")) doing.textContent = t("writing");
  const text = shown.querySelector(".wb-text");
  text.textContent = words;
  text.hidden = false;
}

function failure(turn, on) {
  return h(
    "div.wb-failure",
    { role: "alert" },
    h("p", {}, tell(turn.failure)),
    h("button.wb-quiet-button", { type: "button", onclick: () => on.retry(turn) }, t("retry")),
  );
}

function quoted(turn, on) {
  const { line } = turn;
  return h(
    "div.wb-answer",
    {},
    understanding(turn, on),
    found(turn, on),
    line.accounts?.length > 1 && accounts(turn, on),
    confidence(line.confidence),
    judging(turn, on),
  );
}

/**
 * What was searched where it is not what was asked. Filters that were read from the question can
 * be taken back: the question as it was searched has none of them. Those that the reader set for
 * it stay.
 */
function understanding(turn, on) {
  const { understood = "", filters } = turn.line;
  const chips = chipsOf(filters);
  const isOther = understood.trim() && understood.trim() !== turn.question.trim();
  if (!isOther && !chips.length) return null;
  return h(
    "div.wb-understood.wb-small",
    {},
    isOther && h("p", {}, t("understood", { question: understood })),
    chips.length > 0 && [
      h("span", {}, `${t("understood_filters")}: `),
      chips.map(({ name }) => h("span.wb-chip", {}, name)),
      isOther && [
        " ",
        h(
          "button.wb-link.wb-without",
          { type: "button", onclick: () => on.ask(understood, turn) },
          t("without_understood"),
        ),
      ],
    ],
  );
}

function abstention(turn, on) {
  const { line } = turn;
  const nearest = new Map();
  for (const passage of line.passages) {
    if (!nearest.has(passage.article_id)) nearest.set(passage.article_id, passage);
  }
  return h(
    "div.wb-abstained",
    {},
    understanding(turn, on),
    h("p.wb-abstained-title", {}, h("span", { "aria-hidden": "true" }, "∅ "), t("abstained")),
    h("p.wb-text", { lang: languageOf(line.answer) }, line.answer),
    line.note && h("p.wb-small.wb-note", {}, line.note),
    nearest.size > 0 && [
      h("p.wb-small", {}, t("nearest"), "（", t("nearest_hint"), "）"),
      h(
        "ul.wb-near-list",
        {},
        [...nearest.values()].slice(0, 3).map((passage) =>
          h(
            "li",
            {},
            h(
              "button.wb-link",
              { type: "button", lang: "zh", onclick: () => on.near(turn, passage) },
              nameOf(passage.headline, passage.text),
            ),
            passage.date && h("span.wb-small", {}, ` ${passage.date}`),
          ),
        ),
      ),
    ],
    judging(turn, on),
  );
}

/** What was found: a list, or the exact words; then the sentences that say so. */
function found(turn, on) {
  const { line } = turn;
  const note = line.note && h("p.wb-small.wb-note", {}, line.note);
  if (line.items?.length) {
    const list = itemList(line, (citation) => reference(turn, citation, on));
    return [list, !haveOwnQuotes(line) && text(turn, on), note];
  }
  const label = h("span.wb-sr", {}, `${t("exact")}: `);
  return [
    line.exact && h("p.wb-exact", {}, label, h("span", { lang: languageOf(line.exact) }, line.exact)),
    line.claims?.length ? claims(turn, on) : text(turn, on),
    note,
  ];
}

/** What a model wrote: each sentence with the quotes that support it, or marked as unverified. */
function claims(turn, on) {
  const shown = turn.line.claims.map((claim) => {
    const refer = (n) => {
      const citation = turn.line.citations.find((one) => one.n === n);
      return citation && [WORD_JOINER, reference(turn, citation, on)];
    };
    if (claim.citations.length) return [claim.text, claim.citations.map(refer), " "];
    const missing = claim.missing.join(t("list_comma"));
    const why = missing ? t("unverified_words", { words: missing }) : t("unverified_why");
    return [
      h("span.wb-unverified", {}, claim.text),
      h("span.wb-unverified-mark", { lang: current() }, why),
      " ",
    ];
  });
  return h("p.wb-text", { lang: languageOf(turn.line.answer) }, shown);
}

/** The answer's text, the numbers of its own citations as links to the quotes. */
function text(turn, on) {
  const numbers = new Map(turn.line.citations.map((citation) => [String(citation.n), citation]));
  const parts = turn.line.answer.split(/\[(\d+)\]/);
  const shown = parts.map((part, at) => {
    if (at % 2 === 0) return part;
    const citation = numbers.get(part);
    return citation ? [WORD_JOINER, reference(turn, citation, on)] : `[${part}]`;
  });
  return h("p.wb-text", { lang: languageOf(turn.line.answer) }, shown);
}

export function reference(turn, citation, on) {
  const link = h(
    "a.wb-ref",
    {
      href: `#quote-${citation.n}`,
      "aria-label": t("jump", { n: citation.n }),
      onclick: (event) => {
        event.preventDefault();
        on.cite(turn, citation.n);
      },
    },
    `[${citation.n}]`,
  );
  quoteTip(link, citation);
  return link;
}

function confidence(value) {
  const percent = Math.round(100 * value);
  const word = t(value >= SURE ? "sure" : value >= FAIRLY_SURE ? "fairly_sure" : "unsure");
  const level = value >= SURE ? "high" : value >= FAIRLY_SURE ? "medium" : "low";
  const bar = h(
    `span.wb-bar.wb-${level}`,
    {
      role: "meter",
      "aria-label": t("confidence"),
      "aria-valuemin": 0,
      "aria-valuemax": 100,
      "aria-valuenow": percent,
      "aria-valuetext": `${word}, ${percent}%`,
    },
    h("span", { style: `width: ${percent}%` }),
  );
  return h(
    "details.wb-confidence",
    {},
    h("summary", {}, bar, `${word} · ${percent}%`, h("span.wb-what", {}, t("confidence_ask"))),
    h("p", {}, t("confidence_told")),
  );
}

/** What the articles say where they differ, the latest last and named as such. */
function accounts(turn, on) {
  const told = turn.line.accounts;
  const last = told[told.length - 1];
  const isLater = last.date && told.every((a) => a === last || (a.date && a.date < last.date));
  return h(
    "div.wb-accounts",
    { role: "note" },
    h("p.wb-accounts-title", {}, t("accounts")),
    h(
      "ul",
      {},
      told.map((account) => {
        const citation = turn.line.citations.find((c) => c.n === account.n);
        return h(
          "li",
          {},
          h("time", {}, account.date || t("undated")),
          h("strong", { lang: "zh" }, account.exact),
          h("span", { lang: "zh" }, nameOf(account.headline, citation?.quote)),
          citation && reference(turn, citation, on),
        );
      }),
    ),
    h("p", {}, isLater ? t("accounts_later", last) : t("accounts_same")),
  );
}
