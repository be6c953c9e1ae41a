// The view that adds articles: files or text, what was understood of them, then into the index.

import { fill, h } from "./dom.js";
import { byline, titled } from "./naming.js";
import { Told, get, post, remove, send } from "./server.js";
import { go, hear, say, state } from "./state.js";
import { count, knows, onLanguage, reason, t, tell } from "./words.js";

const POLL = 250;

/** Make the view. */
export function makeAdding() {
  const picker = h("input", { type: "file", multiple: true, id: "wb-files", class: "wb-sr", onchange: picked });
  const dropping = h("div.wb-drop", {
    ondragover: over,
    ondragleave: () => dropping.classList.remove("over"),
    ondrop: dropped,
  });
  const text = h("textarea", { rows: 8, id: "wb-paste", maxlength: 2_000_000 });
  const date = h("input", { type: "date", id: "wb-paste-date" });
  const told = h("div.wb-told", { "aria-live": "polite" });
  const yours = h("section.wb-yours", {});
  const intro = h("div", {});
  const pasting = h("form.wb-paste", { onsubmit: pasted });
  const element = h(
    "div.wb-adding",
    {},
    h("section.wb-add", {}, intro, dropping, pasting),
    h("div.wb-outcome", {}, told, yours),
  );
  let limits = null;
  let files = [];
  let batch = null;
  let key = null;
  let problem = null;

  function over(event) {
    event.preventDefault();
    dropping.classList.add("over");
  }

  function dropped(event) {
    event.preventDefault();
    dropping.classList.remove("over");
    upload([...event.dataTransfer.files]);
  }

  function picked() {
    upload([...picker.files]);
    picker.value = "";
  }

  function pasted(event) {
    event.preventDefault();
    if (!text.value.trim()) return;
    const form = new FormData();
    form.append("text", text.value);
    // A day in a file's name is that of its articles, where they tell none themselves.
    form.append("name", [t("paste_name"), date.value].filter(Boolean).join(" "));
    begin(form).then((done) => {
      if (done) text.value = "";
    });
  }

  function upload(chosen) {
    if (!chosen.length) return;
    const form = new FormData();
    for (const file of chosen) form.append("files", file);
    begin(form);
  }

  async function begin(form) {
    if (key && batch?.state === "read") await remove(`uploads/${key}`);
    return follow(async () => {
      batch = { state: "uploading" };
      drawTold();
      return (await send("uploads", form)).key;
    });
  }

  /** Watch a batch until it stands still. */
  async function follow(start) {
    problem = null;
    try {
      key = await start();
      do {
        batch = await get(`uploads/${key}`);
        drawTold();
        if (!isUnderWay(batch)) break;
        await new Promise((resolve) => setTimeout(resolve, POLL));
      } while (isUnderWay(batch));
    } catch (error) {
      if (!(error instanceof Told)) throw error;
      batch = null;
      problem = error.told;
    }
    drawTold();
    if (batch?.state === "done") {
      say("indexed");
      await list();
    }
    return Boolean(batch && !batch.error);
  }

  const isUnderWay = ({ state: at }) => at === "reading" || at === "indexing";

  function add() {
    follow(async () => {
      await post(`uploads/${key}`, {});
      return key;
    });
  }

  async function cancel() {
    const dropped_ = key;
    batch = null;
    key = null;
    drawTold();
    await remove(`uploads/${dropped_}`);
  }

  function takeOut(name) {
    if (!window.confirm(t("remove_sure", { name }))) return;
    follow(async () => ({ ...(await remove("uploads", { name })) }).key).then(() => {
      if (batch?.state === "done") batch.isRemoval = true;
      drawTold();
    });
  }

  async function list() {
    try {
      ({ files, limits } = await get("uploads"));
    } catch (error) {
      if (!(error instanceof Told)) throw error;
      problem = error.told;
    }
    draw();
  }

  function drawTold() {
    if (problem) fill(told, h("p.wb-failure", { role: "alert" }, tell(problem)));
    else if (!batch) fill(told);
    else if (batch.error) fill(told, h("p.wb-failure", { role: "alert" }, tell(batch.error)), refused());
    else if (batch.state === "read") fill(told, preview());
    else if (batch.state === "done") fill(told, done());
    else fill(told, progress());
  }

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
    return h(
      "section.wb-preview",
      { "aria-label": t("preview", { count: batch.articles }) },
      h("h2", {}, batch.articles ? t("preview", { count: count(batch.articles) }) : t("preview_none")),
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
    const word = batch.isRemoval ? "removed" : "added";
    return h(
      "div.wb-done",
      { role: "status" },
      h("p", {}, t(word, { articles })),
      !batch.isRemoval && h("button.wb-button", { type: "button", onclick: () => go("ask") }, t("ask_now")),
    );
  }

  function draw() {
    fill(
      intro,
      h("h2", {}, t("add_title")),
      h("p", {}, t("add_hint")),
      limits && h("p.wb-small", {}, t("add_limits", limits)),
    );
    fill(
      dropping,
      h("p", {}, t("drop")),
      picker,
      h("label.wb-button", { for: "wb-files" }, t("choose")),
    );
    fill(
      pasting,
      h("h3", {}, t("paste")),
      h("label.wb-field", {}, t("paste_text"), text),
      h("label.wb-field.wb-date", {}, t("paste_date"), date),
      h("button.wb-button", { type: "submit" }, t("look")),
    );
    fill(
      yours,
      h("h2", {}, t("yours")),
      files.length
        ? h("ul.wb-files", {}, files.map(file))
        : h("p.wb-small", {}, t("yours_none")),
    );
    drawTold();
  }

  const file = ({ name, bytes }) =>
    h(
      "li",
      {},
      h("span.wb-file", {}, name),
      h("span.wb-small", {}, t("kilobytes", { count: count(Math.max(1, Math.round(bytes / 1024))) })),
      h(
        "button.wb-quiet-button",
        { type: "button", "aria-label": `${t("remove")}: ${name}`, onclick: () => takeOut(name) },
        t("remove"),
      ),
    );

  onLanguage(draw);
  draw();
  hear("view", () => {
    if (state.view === "add") list();
  });
  return { element, focus: () => picker.focus(), key: () => false };
}
