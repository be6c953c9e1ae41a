// The view that asks: the conversation, its sources beside it, and the article that is read.

import { h, isNarrow } from "./dom.js";
import { makeBox } from "./box.js";
import { makeEvidence } from "./evidence.js";
import { makeFilters } from "./filters.js";
import { makeHistory } from "./history.js";
import { makeReader } from "./reader.js";
import { Told, get, post, stream } from "./server.js";
import { active, go, hear, narrow, say, state } from "./state.js";
import { begun, forget, freshId, isSettled, keep, load, setCurrent } from "./store.js";
import { makeThread } from "./thread.js";

const POLL = 400;
const LOOK_BACK = 10;
const STOPPED = { chinese: "已停止。", english: "Stopped." };
const CUT_OFF = {
  chinese: "回答中断了。请重试。",
  english: "The answer was cut off. Try again.",
};
const UNEXPECTED = {
  chinese: "页面出了意外的错误，这个问题没能回答。请重试，或刷新页面。",
  english:
    "Something went wrong in the page, and this question was not answered. Try again, or reload the page.",
};

/** What a reader is told of an error. */
function failureOf(error) {
  if (error.name === "AbortError") return STOPPED;
  if (error instanceof Told) return error.told;
  console.error(error);
  return UNEXPECTED;
}

/** The last turns before a question in their text form; what was read matters if none is cited. */
function historyOf(turns) {
  const lines = turns.filter((turn) => turn.line).map((turn) => turn.line);
  const text = ({ passages, entries: _, accounts: __, ...line }) =>
    `${JSON.stringify(line.citations.length ? line : { ...line, passages })}\n`;
  return lines.slice(-LOOK_BACK).map(text).join("");
}

/** Make the view. */
export function makeAsking() {
  const evidence = makeEvidence({ onCite: cite, onNear: near });
  const reader = makeReader({ view: "ask", onClose: closed, onAskAbout: askAbout });
  const thread = makeThread({ cite, near, retry, keep: save, ask });
  const box = makeBox(ask);
  const history = makeHistory({ onBegin: begin, onOpen: open, onDrop: drop });
  const side = h("div.wb-side", {}, evidence.element, reader.element);
  const element = h(
    "div.wb-asking",
    {},
    history.element,
    h("div.wb-talk", {}, thread.element, makeFilters(), box.element),
    side,
  );
  // The conversations that wait for an answer, by id: a copy that is kept lacks the question.
  const underWay = new Map();
  let waiting = Promise.resolve();
  let opener = null;
  let late = null; // the turn whose answer came while an article was read

  /** Ask a question, with the filters that are set now or those of an earlier turn. */
  function ask(question, { filters, about } = state) {
    const turn = {
      id: freshId(),
      question,
      filters: active(filters),
      about,
      line: null,
      failure: null,
      vote: null,
    };
    state.conversation.turns.push(turn);
    thread.drawTurn(turn);
    enqueue(turn);
    focusBox();
  }

  /** Ready for the next question; on a phone that would bring up the keyboard each time. */
  function focusBox() {
    if (!isNarrow()) box.focus();
  }

  function retry(turn) {
    turn.failure = null;
    thread.drawTurn(turn);
    enqueue(turn);
  }

  /** Answer turns one after another: each is asked with those before it. */
  function enqueue(turn) {
    const { conversation } = state;
    // Whoever asks goes on from what was read; an article that is opened later is left open.
    if (reader.isOpen()) reader.close();
    underWay.set(conversation.id, conversation);
    const next = () => settle(turn, conversation);
    waiting = waiting.then(next, next); // an error is that of one question, not of the next
  }

  async function settle(turn, conversation) {
    if (!underWay.has(conversation.id)) return; // it was deleted
    const before = conversation.turns.slice(0, conversation.turns.indexOf(turn));
    try {
      const asked = { question: turn.question, history: historyOf(before), filters: turn.filters };
      await listen(turn, asked);
    } catch (error) {
      turn.failure = failureOf(error);
    }
    if (conversation.turns.every(isSettled)) underWay.delete(conversation.id);
    save(turn, conversation);
    say("conversations");
    if (conversation !== state.conversation) return;
    thread.drawTurn(turn);
    if (turn.line && reader.isOpen()) late = turn;
    else if (turn.line) choose(turn);
    suggest(turn, conversation);
  }

  /** Show what is found and said while it comes; at the end there is the line, or an error. */
  async function listen(turn, asked) {
    const stopping = new AbortController();
    turn.pending = { found: 0, text: "", stop: () => stopping.abort() };
    thread.drawTurn(turn);
    try {
      for await (const event of stream("ask", asked, { signal: stopping.signal })) {
        if (event.error) throw new Told(event.error);
        if (event.line) turn.line = event.line;
        turn.pending.found = event.found ?? turn.pending.found;
        turn.pending.text += event.delta ?? "";
        if (event.delta) thread.drawWords(turn);
      }
    } finally {
      delete turn.pending;
    }
    if (!turn.line) throw new Told(CUT_OFF);
  }

  async function suggest(turn, conversation) {
    const { line } = turn;
    if (!line) return;
    const found = [...line.citations, ...line.passages];
    const ids = [...new Set(found.map((one) => one.article_id))].slice(0, 20);
    const asked = conversation.turns.map((earlier) => earlier.question).slice(-50);
    try {
      const response = await post("follow-ups", { article_ids: ids, asked, filters: turn.filters });
      turn.suggestions = (await response.json()).questions;
    } catch (error) {
      if (!(error instanceof Told)) throw error;
    }
    if (conversation === state.conversation) thread.suggest(turn);
  }

  function choose(turn) {
    if (state.chosen === turn) return;
    late = null;
    state.chosen = turn;
    if (reader.isOpen()) reader.close();
    evidence.display(turn);
  }

  function cite(turn, n) {
    opener = document.activeElement;
    choose(turn);
    element.classList.add("reading");
    reader.cite(turn.line, n);
    evidence.point(n);
  }

  function near(turn, passage) {
    opener = document.activeElement;
    choose(turn);
    element.classList.add("reading");
    reader.near(turn.line, passage);
    reader.body.focus({ preventScroll: true });
  }

  function closed() {
    element.classList.remove("reading");
    if (opener?.isConnected) opener.focus({ preventScroll: true });
    opener = null;
    if (late) choose(late);
  }

  function save(turn, conversation) {
    say("kept", keep(conversation, turn));
  }

  function askAbout(article) {
    narrow({ article_id: article.id }, article.name);
    reader.close();
    go("ask");
    focusBox();
  }

  function begin() {
    display(begun());
    focusBox();
  }

  function open(id) {
    if (id === state.conversation.id) return;
    const found = underWay.get(id) ?? load(id);
    if (found) display(found);
  }

  function drop(id) {
    forget(id);
    for (const turn of underWay.get(id)?.turns ?? []) turn.pending?.stop();
    underWay.delete(id);
    if (id === state.conversation.id) begin();
    else say("conversations");
  }

  function display(conversation) {
    state.conversation = conversation;
    state.chosen = null;
    late = null;
    setCurrent(conversation.id);
    if (reader.isOpen()) reader.close();
    thread.draw();
    const last = [...conversation.turns].reverse().find((turn) => turn.line);
    if (last) choose(last);
    else evidence.display(null);
    say("conversations");
  }

  /** Offer examples once the server has some; one that is gone is asked less and less often. */
  async function offerExamples(pause = POLL) {
    let questions = null;
    let next = POLL;
    try {
      ({ questions } = await get("examples"));
    } catch (error) {
      if (!(error instanceof Told)) throw error;
      next = 2 * pause;
    }
    if (questions === null) setTimeout(offerExamples, next, next);
    else thread.offer(questions);
  }

  reader.element.addEventListener("step", (event) => evidence.point(event.detail));
  hear("indexed", () => offerExamples());
  hear("askAbout", askAbout);
  display(state.conversation);
  offerExamples();
  return {
    element,
    focus: box.focus,
    /** Keys that belong to no field: ← and → step through citations, Escape closes. */
    key(event) {
      if (!reader.isOpen()) return false;
      if (event.key === "ArrowLeft") reader.step(-1);
      else if (event.key === "ArrowRight") reader.step(1);
      else if (event.key === "Escape") reader.close();
      else return false;
      return true;
    },
  };
}
