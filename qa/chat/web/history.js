// The conversations that this browser keeps: open, rename, delete, export.

import { fill, h, refill } from "./dom.js";
import { icon } from "./icons.js";
import { Told, post } from "./server.js";
import { hear, state } from "./state.js";
import { all, retitle, textForm, titleOf } from "./store.js";
import { current, onLanguage, t, tell } from "./words.js";

/**
 * Make the list of conversations.
 * @param {{onBegin: Function, onOpen: Function, onDrop: Function}} options
 */
export function makeHistory({ onBegin, onOpen, onDrop }) {
  const list = h("ul.wb-talks", {});
  const begin = h("button.wb-button.wb-begin", { type: "button", onclick: start });
  const summary = h("summary", {});
  const drawer = h("details.wb-drawer", {}, summary, list);
  const told = h("div", { role: "status", class: "wb-small" });
  const exports = h("div.wb-exports", {});
  const element = h("nav.wb-history", {}, begin, drawer, exports, told);
  const wide = window.matchMedia("(min-width: 1200px)");

  function start() {
    if (!wide.matches) drawer.open = false;
    fill(told);
    onBegin();
  }

  function draw() {
    element.setAttribute("aria-label", t("history"));
    summary.textContent = t("history");
    begin.textContent = t("begin");
    const found = all();
    // A name that is being typed is let be: the list is drawn again when it is done.
    if (!list.querySelector("input")) {
      refill(list, [found.length ? found.map(item) : h("li.wb-small", {}, t("history_none"))], begin);
    }
    const has = state.conversation.turns.some((turn) => turn.line);
    fill(exports, has && exporting());
  }

  function item(conversation) {
    const name = titleOf(conversation) || t("untitled");
    const isOpen = conversation.id === state.conversation.id;
    const entry = h("li", { class: isOpen ? "open" : null });
    fill(
      entry,
      h(
        "button.wb-talk-name",
        {
          type: "button",
          title: name,
          "data-talk": conversation.id,
          "aria-current": isOpen ? "true" : null,
          onclick: () => {
            if (!wide.matches) drawer.open = false;
            onOpen(conversation.id);
          },
        },
        name,
      ),
      tool("pen", "rename", name, () => rename(entry, conversation.id, name)),
      tool("cross", "delete", name, () => drop(conversation.id, name)),
    );
    return entry;
  }

  const tool = (sign, word, name, act) =>
    h(
      "button.wb-icon",
      { type: "button", title: t(word), "aria-label": `${t(word)}: ${name}`, onclick: act },
      icon(sign),
    );

  function rename(entry, id, name) {
    const field = h("input", { type: "text", value: name, maxlength: 100, "aria-label": t("new_name") });
    const done = () => {
      const title = field.value.trim();
      if (title) {
        if (id === state.conversation.id) state.conversation.title = title;
        kept(retitle(id, title));
      }
      draw();
    };
    const finish = () => {
      fill(entry);
      done();
    };
    field.addEventListener("blur", finish, { once: true });
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape") field.value = "";
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault(); // the same key would press what gets the focus
      field.blur();
      list.querySelector(`[data-talk="${CSS.escape(id)}"]`)?.focus();
    });
    fill(entry, field);
    field.focus();
    field.select();
  }

  /** Tell what the browser had no room for. */
  function kept({ isKept, lost }) {
    fill(told, !isKept ? t("unkept") : lost > 0 && t("full", { count: lost }));
  }

  function drop(id, name) {
    if (window.confirm(t("delete_sure", { name }))) onDrop(id);
  }

  function exporting() {
    const button = (kind) =>
      h(
        "button.wb-quiet-button",
        { type: "button", class: `wb-export-${kind}`, onclick: () => save(kind) },
        t(`export_${kind}`),
      );
    return [h("span.wb-small", {}, `${t("export")}: `), button("md"), button("html")];
  }

  async function save(kind) {
    const title = titleOf(state.conversation) || t("untitled");
    const wanted = { lines: textForm(state.conversation), title, kind, language: current() };
    try {
      const text = await (await post("export", wanted)).text();
      const type = kind === "md" ? "text/markdown" : "text/html";
      const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
      const stem = title.replace(/[\\/:*?"<>|\s]+/g, "_").slice(0, 40) || "wenbao";
      h("a", { href: url, download: `${stem}.${kind}` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    } catch (error) {
      if (!(error instanceof Told)) throw error;
      fill(told, tell(error.told));
    }
  }

  const fit = () => {
    drawer.open = wide.matches;
  };
  wide.addEventListener("change", fit);
  fit();
  onLanguage(draw);
  hear("conversations", draw);
  hear("kept", kept);
  draw();
  return { element };
}
