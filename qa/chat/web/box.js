// The question box: Enter asks, Shift+Enter breaks the line, and an input method is let finish.

import { h } from "./dom.js";
import { onLanguage, t } from "./words.js";

const MOST = 2000;
const TALLEST = 160;

/** Make the box; `onAsk(question)` is called with what was typed. */
export function makeBox(onAsk) {
  const area = h("textarea.wb-box", {
    id: "wb-question",
    rows: 1,
    maxlength: MOST,
    enterkeyhint: "send",
    autocomplete: "off",
    onkeydown: key,
    oninput: grow,
  });
  const send = h("button.wb-button.wb-send", { type: "submit", id: "wb-send" });
  const element = h("form.wb-ask", { onsubmit: submit }, area, send);

  function key(event) {
    // While an input method is composing, Enter takes what it offers: keyCode 229 in Safari.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    submit();
  }

  function submit(event) {
    event?.preventDefault();
    const question = area.value.trim();
    if (!question) return;
    area.value = "";
    grow();
    onAsk(question);
  }

  function grow() {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight + 2, TALLEST)}px`;
  }

  function draw() {
    area.setAttribute("aria-label", t("question"));
    const narrow = window.matchMedia("(max-width: 600px)").matches;
    area.placeholder = t(narrow ? "placeholder_short" : "placeholder");
    send.textContent = t("send");
  }

  onLanguage(draw);
  draw();
  return { element, focus: () => area.focus() };
}
