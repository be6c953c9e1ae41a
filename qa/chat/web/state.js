// What the parts of the page have in common, and how they hear of changes.

import { resumed, setCurrent } from "./store.js";

export const NO_FILTERS = Object.freeze({
  since: null,
  until: null,
  section: null,
  author: null,
  article_id: null,
});

/**
 * conversation: the one on screen. filters: of the next question. about: the name of the article
 * that it is restricted to. chosen: the turn whose sources are shown. corpus: what the server told.
 */
export const state = {
  view: "ask",
  conversation: resumed(),
  filters: { ...NO_FILTERS },
  about: "",
  chosen: null,
  corpus: null,
};

setCurrent(state.conversation.id);

const bus = new EventTarget();

/** Tell whoever listens that something happened. */
export const say = (what, detail = null) => bus.dispatchEvent(new CustomEvent(what, { detail }));

/**
 * Hear of: view, filters; corpus (what the server told), indexed (articles came or went);
 * conversations (the list), kept (what became of keeping one); askAbout (an article).
 */
export const hear = (what, listener) =>
  bus.addEventListener(what, (event) => listener(event.detail));

/** Show another view. */
export function go(view) {
  state.view = view;
  say("view");
}

/** Set some filters of the next question. */
export function narrow(filters, about = state.about) {
  Object.assign(state.filters, filters);
  state.about = state.filters.article_id ? about : "";
  say("filters");
}

/** The filters that are set, for the server. */
export const active = (filters) =>
  Object.fromEntries(Object.entries(filters || {}).filter(([, value]) => value));
