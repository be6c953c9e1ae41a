// Puts the page together inside the element that Gradio makes for it.

import { makeAdding } from "./adding.js";
import { makeAsking } from "./asking.js";
import { makeCorpus } from "./corpus.js";
import { fill, h, isNarrow, isTyping } from "./dom.js";
import { VIEWS, applyTheme, makeTop } from "./frame.js";
import { Told, get } from "./server.js";
import { go, hear, say, state } from "./state.js";
import { closeTip } from "./tip.js";
import { onLanguage, tell, tellDocument } from "./words.js";

const ROOT = "wb";

function build(root) {
  applyTheme();
  tellDocument();
  const views = { ask: makeAsking(), corpus: makeCorpus(), add: makeAdding() };
  const alert = h("div.wb-alert", { role: "alert", hidden: true });
  const show = () => {
    for (const name of VIEWS) views[name].element.hidden = name !== state.view;
    closeTip();
  };
  hear("view", show);
  const drawAlert = () => {
    alert.hidden = !state.corpus?.chinese;
    alert.textContent = alert.hidden ? "" : tell(state.corpus);
  };
  hear("corpus", drawAlert);
  onLanguage(drawAlert);
  hear("indexed", count);
  show();
  fill(root, makeTop(), alert, VIEWS.map((name) => views[name].element));
  root.dataset.ready = "";
  document.addEventListener("keydown", (event) => keys(event, views));
  count();
  if (!isNarrow()) views.ask.focus();
}

/** Learn how many articles there are, and what they can be narrowed by. */
async function count() {
  try {
    state.corpus = await get("corpus");
    say("corpus");
    if (state.corpus.snapshot) Object.assign(state.corpus, await get("names"));
  } catch (error) {
    if (!(error instanceof Told)) throw error;
    state.corpus = { articles: 0, ...error.told };
  }
  say("corpus");
}

function keys(event, views) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const typing = isTyping(event);
  if (event.key === "Escape") closeTip();
  if (typing && event.key !== "Escape") return;
  if (event.key === "/") {
    go("ask");
    views.ask.focus();
  } else if (!views[state.view].key(event)) {
    return;
  }
  event.preventDefault();
}

/** Build as soon as the element is there, before it is painted. */
function start() {
  const root = document.getElementById(ROOT);
  if (root && root.dataset.ready === undefined) build(root);
  return Boolean(root);
}

if (!start()) {
  const watching = new MutationObserver(() => {
    if (start()) watching.disconnect();
  });
  watching.observe(document.documentElement, { childList: true, subtree: true });
}
