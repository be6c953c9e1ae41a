// One batch of files on its way into the index, or out of it: how far it is, and what was found.

import { fill, h } from "./dom.js";
import { byline, titled } from "./naming.js";
import { Told, get, post, remove, send } from "./server.js";
import { go } from "./state.js";
import { count, knows, reason, t, tell } from "./words.js";

const POLL = 250;
const UNKNOWN = 422;
const KEPT = "wenbao.batch.";
const OUT = "out";

/** The batches that this window followed before it was loaded anew: {key, isRemoval}. */
export function followed() {
  const kept = Object.entries(sessionStorage).filter(([name]) => name.startsWith(KEPT));
  return kept.map(([name, way]) => ({ key: name.slice(KEPT.length), isRemoval: way === OUT }));
}

/**
 * Make a batch; it draws itself while it is followed.
 * @param {{isRemoval?: boolean, onDone: Function, onCancel: Function}} options
 */
export function makeBatch({ isRemoval = false, onDone, onCancel }) {
  const element = h("div.wb-batch", { tabindex: "-1" });
  let key = null;
  let batch = null; // as the server tells it
  let problem = null;
  let isFollowed = false;

  /** Follow it from where `start` brings it until it stands still. */
  async function follow(start) {
    if (isFollowed) return;
    isFollowed = true;
    problem = null;
    draw();
    try {
      key = await start();
      sessionStorage.setItem(KEPT + key, isRemoval ? OUT : "in");
      for (;;) {
        batch = await get(`uploads/${key}`);
        if (!isUnderWay(batch)) break;
        draw();
        await new Promise((resolve) => setTimeout(resolve, POLL));
      }
    } catch (error) {
      if (!(error instanceof Told)) throw error;
      problem = error;
    } finally {
      isFollowed = false;
    }
    // Where the server could not be reached, it is followed again when the window is loaded anew.
    if (problem?.status === UNKNOWN || batch?.error || batch?.state === "done") forget();
    draw();
    if (batch?.state === "done") onDone();
  }

  const forget = () => sessionStorage.removeItem(KEPT + key);

  function add() {
    follow(async () => {
      await post(`uploads/${key}`, {});
      return key;
    });
  }

  function cancel() {
    discard();
    onCancel();
  }

  function discard() {
    element.remove();
    if (key === null) return;
    forget();
    // Nothing hangs on it: what is not accepted goes nowhere, and is swept away some time.
    if (batch?.state === "read") remove(`uploads/${key}`).catch(passOver);
    key = null;
  }

  function draw() {
    const hadFocus = element.contains(document.activeElement);
    fill(element, problem && failure(problem.told), shown());
    if (hadFocus) element.focus({ preventScroll: true });
  }

  function shown() {
    if (!batch || (problem && batch.state !== "read")) return null;
    if (batch.error) return [failure(batch.error), refused()];
    if (batch.state === "read") return preview();
    return batch.state === "done" ? done() : progress();
  }

  const failure = (told) => h("p.wb-failure", { role: "alert" }, tell(told));

  function progress() {
    const { stage, done: n, total, seconds_left: left } = batch;
    const isUpload = batch.state === "uploading";
    const name = isUpload ? t("uploading") : t("step", { stage: knows(`stage_${stage}`) ? t(`stage_${stage}`) : stage, done: count(n), total: count(total) });
    const rest = left === null || left === undefined || left < 1 ? "" : ` · ${t("left", { seconds: Math.ceil(left) })}`;
    const share = total ? n / total : 0;
    return h(
      "div.wb-progress",
      {},
      h("p", {}, name + rest),
      h("progress", { max: 1, value: isUpload ? undefined : share, "aria-label": name }),
    );
  }

  function preview() {
    const heading = batch.articles
      ? t("preview", { count: count(batch.articles) })
      : t("preview_none");
    return h(
      "section.wb-preview",
      { "aria-label": heading },
      h("h2", {}, heading),
      h(
        "div.wb-buttons",
        {},
        batch.articles > 0 && h("button.wb-button.wb-accept", { type: "button", onclick: add }, t("add")),
        h("button.wb-quiet-button.wb-cancel", { type: "button", onclick: cancel }, t("cancel")),
      ),
      h(
        "ul.wb-list",
        {},
        batch.found.map((entry) =>
          h(
            "li.wb-found",
            {},
            titled("p.wb-name", entry.name, entry.kind),
            entry.known && h("span.wb-known", {}, t("known")),
            byline(entry),
            h("p.wb-opening", { lang: "zh" }, `${entry.opening}（${t("characters", { count: count(entry.characters) })}）`),
          ),
        ),
      ),
      batch.articles > batch.found.length && h("p.wb-small", {}, t("preview_more", { count: batch.shown })),
      refused(),
    );
  }

  function refused() {
    if (!batch.refused?.length) return null;
    return h(
      "section.wb-refused",
      {},
      h("h3", {}, t("refused", { count: batch.refused.length })),
      h(
        "ul",
        {},
        batch.refused.map((one) => h("li", {}, h("span.wb-file", {}, one.path), " — ", reason(one.reason))),
      ),
    );
  }

  function done() {
    const articles = count(batch.rebuilt.articles);
    return h(
      "div.wb-done",
      { role: "status" },
      h("p", {}, t(isRemoval ? "removed" : "added", { articles })),
      !isRemoval && h("button.wb-button", { type: "button", onclick: () => go("ask") }, t("ask_now")),
    );
  }

  return {
    element,
    draw,
    discard,
    isFollowed: () => isFollowed,
    resume: (known) => follow(async () => known),
    takeOut: (name) => follow(async () => (await remove("uploads", { name })).key),
    upload(form) {
      batch = { state: "uploading" };
      follow(async () => (await send("uploads", form)).key);
    },
  };
}

const isUnderWay = ({ state }) => state === "reading" || state === "indexing";

function passOver(error) {
  if (!(error instanceof Told)) throw error;
}
