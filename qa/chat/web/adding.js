// The view that adds articles: files or text come in as batches, and those that went in are listed.

import { followed, makeBatch } from "./batch.js";
import { fill, h, refill } from "./dom.js";
import { Told, get } from "./server.js";
import { hear, say, state } from "./state.js";
import { count, onLanguage, t, tell } from "./words.js";

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
  let batches = [];
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
    const sent = text.value;
    if (!sent.trim()) return;
    const form = new FormData();
    form.append("text", sent);
    // A day in a file's name is that of its articles, where they tell none themselves.
    form.append("name", [t("paste_name"), date.value].filter(Boolean).join(" "));
    // It stays until it is in the index: it may have to be mended first.
    const clear = () => {
      if (text.value === sent) text.value = date.value = "";
    };
    begin({ onDone: clear }).upload(form);
  }

  function upload(chosen) {
    if (!chosen.length) return;
    const form = new FormData();
    for (const file of chosen) form.append("files", file);
    begin().upload(form);
  }

  /** Make room for a batch: it takes the place of those that are not under way. */
  function begin({ isRemoval = false, onDone = () => {} } = {}) {
    for (const other of batches.filter((one) => !one.isFollowed())) other.discard();
    const went = () => {
      onDone();
      say("indexed");
      list();
    };
    const batch = makeBatch({ isRemoval, onDone: went, onCancel: () => picker.focus() });
    batches = [batch, ...batches.filter((one) => one.isFollowed())];
    told.prepend(batch.element);
    return batch;
  }

  function takeOut(name) {
    if (window.confirm(t("remove_sure", { name }))) begin({ isRemoval: true }).takeOut(name);
  }

  async function list() {
    try {
      ({ files, limits } = await get("uploads"));
      problem = null;
    } catch (error) {
      if (!(error instanceof Told)) throw error;
      problem = error.told;
    }
    drawKnown();
  }

  function drawKnown() {
    fill(
      intro,
      h("h2", {}, t("add_title")),
      h("p", {}, t("add_hint")),
      limits && h("p.wb-small", {}, t("add_limits", limits)),
    );
    const inside = files.length
      ? h("ul.wb-files", {}, files.map(file))
      : h("p.wb-small", {}, t("yours_none"));
    const failure = problem && h("p.wb-failure", { role: "alert" }, tell(problem));
    refill(yours, [h("h2", {}, t("yours")), failure, inside], picker);
  }

  function draw() {
    drawKnown();
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
    for (const batch of batches) batch.draw();
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
  for (const { key, isRemoval } of followed()) begin({ isRemoval }).resume(key);
  return { element, key: () => false };
}
