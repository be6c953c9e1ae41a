// Every word the page says, in both languages; {…} is filled in where it is used.

import { ZH } from "./words-zh.js";
import { EN } from "./words-en.js";

const KEPT = "wenbao.language";
const CHANGED = new EventTarget();

let language = kept() || preferred(navigator.languages || [navigator.language]);

function kept() {
  const value = localStorage.getItem(KEPT);
  return value === "zh" || value === "en" ? value : null;
}

/** The language that a browser likes best of those we speak; Chinese when in doubt. */
function preferred(tags) {
  for (const tag of tags) {
    const spoken = String(tag).toLowerCase().split("-")[0];
    if (spoken === "zh" || spoken === "en") return spoken;
  }
  return "zh";
}

export const current = () => language;

/** Change the language of the page, and remember it. */
export function speak(chosen) {
  language = chosen;
  localStorage.setItem(KEPT, chosen);
  tellDocument();
  CHANGED.dispatchEvent(new Event("change"));
}

/** Tell the browser and screen readers which language the page is in. */
export function tellDocument() {
  document.documentElement.lang = language === "en" ? "en" : "zh-CN";
}

export const onLanguage = (listener) => CHANGED.addEventListener("change", listener);

/** Tell whether there are words for something. */
export const knows = (key) => key in ZH;

/** The words for something, with blanks filled in. */
export function t(key, blanks = {}) {
  const text = (language === "en" ? EN : ZH)[key];
  if (text === undefined) throw new Error(`no words for ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => blanks[name]);
}

/** A message that comes in both languages, in the page's. */
export const tell = ({ chinese, english }) => (language === "en" ? english : chinese);

/** A reason as readers of files give it: "中文 / English". */
export function reason(text) {
  const at = text.indexOf(" / ");
  if (at < 0) return text;
  return language === "en" ? text.slice(at + 3) : text.slice(0, at);
}

/** The language that most of a text's letters are of: an English answer may name a Chinese article. */
export function languageOf(text) {
  const chinese = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const latin = text.match(/[a-z]/gi)?.length ?? 0;
  return latin > chinese ? "en" : "zh";
}

export const count = (n) => n.toLocaleString("en-US");
