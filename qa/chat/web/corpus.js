// The view of the corpus: articles by date, section and author, and each of them whole.

import { fill, h, refill } from "./dom.js";
import { makeChart } from "./chart.js";
import { chipsOf, filterFields } from "./filters.js";
import { byline, titled } from "./naming.js";
import { makeReader } from "./reader.js";
import { Told, get } from "./server.js";
import { NO_FILTERS, hear, say, state } from "./state.js";
import { count, onLanguage, t, tell } from "./words.js";

const TYPING = 50;

/** Make the view; it asks for articles when it is first shown. */
export function makeCorpus() {
  const wanted = { ...NO_FILTERS, words: "" };
  const fields = filterFields("wb-corpus", (field, value) => want({ [field]: value }));
  const words = h("input", { type: "search", oninput: typed, maxlength: 200 });
  const wordsLabel = h("span", {});
  const chart = makeChart((bar) =>
    want({ since: bar?.since ?? null, until: bar?.until ?? null }),
  );
  const total = h("p.wb-total", { role: "status", tabindex: "-1" });
  const clear = h("button.wb-link", { type: "button", onclick: reset });
  const list = h("ul.wb-list", {});
  const more = h("button.wb-quiet-button.wb-more", { type: "button", onclick: () => load(true) });
  const reader = makeReader({ view: "corpus", onClose: back, onAskAbout: askAbout });
  const hint = h("p.wb-pick", {});
  const element = h(
    "div.wb-corpus",
    {},
    h(
      "section.wb-browse",
      {},
      h("div.wb-seek", {}, h("label.wb-field.wb-words", {}, wordsLabel, words), fields.element),
      chart.element,
      h("div.wb-total-row", {}, total, clear),
      list,
      more,
    ),
    h("div.wb-side", {}, hint, reader.element),
  );
  let listing = null;
  let problem = null;
  let calls = 0;
  let timer = 0;
  let opened = null;

  function typed() {
    clearTimeout(timer);
    timer = setTimeout(() => want({ words: words.value }), TYPING);
  }

  function want(changes) {
    Object.assign(wanted, changes);
    fields.display(wanted);
    load(false);
  }

  function reset() {
    words.value = "";
    want({ ...NO_FILTERS, words: "" });
  }

  async function load(further) {
    const call = (calls += 1);
    const offset = further ? listing.entries.length : 0;
    let found;
    try {
      const { article_id: _, ...parameters } = wanted;
      found = await get("articles", { ...parameters, offset });
    } catch (error) {
      if (!(error instanceof Told)) throw error;
      if (call !== calls) return;
      problem = error.told;
      drawTotal();
      return;
    }
    if (call !== calls) return;
    problem = null;
    const entries = further ? [...listing.entries, ...found.entries] : found.entries;
    listing = { ...found, entries };
    if (further) list.append(...found.entries.map(item));
    else refill(list, entries.map(item));
    if (!further) list.scrollTop = 0;
    const wasOnMore = document.activeElement === more;
    drawTotal();
    if (wasOnMore && more.hidden) list.children[offset]?.querySelector("button").focus();
  }

  function drawTotal() {
    if (problem) fill(total, tell(problem));
    else if (listing) fill(total, listing.total ? t("found", { count: count(listing.total) }) : t("found_none"));
    more.hidden = !listing || listing.entries.length >= listing.total;
    const wasOnClear = document.activeElement === clear;
    clear.hidden = !wanted.words && chipsOf(wanted).length === 0;
    if (wasOnClear && clear.hidden) total.focus();
    if (listing) chart.display(listing, wanted);
  }

  function item(entry) {
    const button = h(
      "button.wb-entry",
      { type: "button", "data-article": entry.id, onclick: () => open(button, entry.id) },
      titled("span.wb-name", entry.name, entry.kind),
      byline(entry),
      h("span.wb-opening", { lang: "zh" }, entry.opening),
    );
    if (entry.id === opened) button.setAttribute("aria-current", "true");
    return h("li", {}, button);
  }

  function open(button, id) {
    opened = id;
    for (const other of list.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
    button.setAttribute("aria-current", "true");
    hint.hidden = true;
    element.classList.add("reading");
    reader.open(id).then(() => reader.body.focus({ preventScroll: true }));
  }

  function back() {
    element.classList.remove("reading");
    hint.hidden = false;
    list.querySelector("[aria-current]")?.focus({ preventScroll: true });
  }

  function askAbout(article) {
    reader.close();
    say("askAbout", article);
  }

  function draw() {
    element.querySelector(".wb-browse").setAttribute("aria-label", t("view_corpus"));
    list.setAttribute("aria-label", t("view_corpus"));
    wordsLabel.textContent = t("words");
    words.placeholder = t("words_hint");
    more.textContent = t("more");
    clear.textContent = t("reset");
    hint.textContent = t("pick");
    if (listing) refill(list, listing.entries.map(item));
    drawTotal();
  }

  onLanguage(draw);
  draw();
  hear("corpus", () => {
    if (listing) load(false);
  });
  hear("view", () => {
    if (state.view === "corpus" && !listing) load(false);
  });
  return {
    element,
    key(event) {
      if (event.key !== "Escape" || !reader.isOpen()) return false;
      reader.close();
      return true;
    },
  };
}
