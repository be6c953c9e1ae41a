// The conversation: questions and answers, the latest last.

import { fill, h, isNarrow } from "./dom.js";
import { answer, showWords } from "./answer.js";
import { chipsOf } from "./filters.js";
import { state } from "./state.js";
import { onLanguage, t } from "./words.js";

/**
 * Make the list of turns.
 * @param {{cite, near, retry, keep, ask}} on what readers do with a turn; it is kept with its
 *   conversation
 */
export function makeThread(on) {
  const list = h("ol.wb-turns", {});
  const starters = h("div.wb-starters", {});
  const element = h("div.wb-thread", { tabindex: "0", role: "log", "aria-live": "polite" }, starters, list);
  let examples = [];
  let left = null; // where toEnd left the page

  function draw() {
    element.setAttribute("aria-label", t("conversation"));
    fill(list, state.conversation.turns.map(item));
    drawStarters();
    toEnd();
  }

  function item(turn) {
    const { conversation } = state;
    const filters = chipsOf(turn.filters, turn.about);
    return h(
      "li.wb-turn",
      {},
      h(
        "div.wb-question",
        {},
        h("p.wb-asked", {}, turn.question),
        filters.length > 0 &&
          h("p.wb-small.wb-asked-with", {}, `${t("asked_with")}: ${filters.map((f) => f.name).join(" · ")}`),
      ),
      answer(turn, { ...on, keep: () => on.keep(turn, conversation) }),
      suggestions(turn),
    );
  }

  function suggestions(turn) {
    const isLast = turn === state.conversation.turns[state.conversation.turns.length - 1];
    if (!isLast || !turn.suggestions?.length) return null;
    return h(
      "div.wb-suggestions",
      {},
      h("p.wb-small", {}, t("follow_ups")),
      turn.suggestions.map(offered),
    );
  }

  const offered = (question) =>
    h("button.wb-example", { type: "button", lang: "zh", onclick: () => on.ask(question) }, question);

  function drawStarters() {
    starters.hidden = state.conversation.turns.length > 0;
    fill(
      starters,
      h("p.wb-welcome", {}, t("welcome")),
      examples.length > 0 && [h("p.wb-small", {}, t("examples")), examples.map(offered)],
    );
  }

  /** Whether what comes next is to be scrolled to: nobody has scrolled away to read. */
  function isAtEnd() {
    if (isNarrow()) return window.scrollY === left;
    return element.scrollHeight - element.scrollTop - element.clientHeight < 80;
  }

  function toEnd() {
    const last = list.lastElementChild;
    if (!last) return;
    element.scrollTop = element.scrollHeight;
    // In one column it is the page that scrolls: to the question, for its answer comes below.
    if (!isNarrow() || !element.isConnected) return;
    last.scrollIntoView({ block: "start" });
    left = window.scrollY;
  }

  onLanguage(draw);
  draw();
  return {
    element,
    draw,
    /** Draw one turn anew, or for the first time. */
    drawTurn(turn) {
      const at = state.conversation.turns.indexOf(turn);
      if (at < 0) return;
      const fresh = item(turn);
      const stale = list.children[at];
      const wasAtEnd = isAtEnd();
      if (stale) stale.replaceWith(fresh);
      else list.append(fresh);
      for (const earlier of list.querySelectorAll(".wb-turn:not(:last-child) .wb-suggestions")) {
        earlier.remove();
      }
      starters.hidden = true;
      if (!stale || wasAtEnd) toEnd();
      return fresh;
    },
    /** Show the words of an answer that comes. */
    drawWords(turn) {
      const shown = list.children[state.conversation.turns.indexOf(turn)];
      const pending = shown?.querySelector(".wb-pending");
      if (!pending) return;
      const wasAtEnd = isAtEnd();
      showWords(pending, turn.pending.text);
      if (wasAtEnd && !isNarrow()) toEnd();
    },
    /** Add suggestions below a turn; what a reader does in it just now is left alone. */
    suggest(turn) {
      const shown = list.children[state.conversation.turns.indexOf(turn)];
      const offer = shown && suggestions(turn);
      if (!offer) return;
      const wasAtEnd = isAtEnd();
      shown.querySelector(".wb-suggestions")?.remove();
      shown.append(offer);
      if (wasAtEnd && !isNarrow()) toEnd();
    },
    offer(questions) {
      examples = questions;
      drawStarters();
    },
  };
}
