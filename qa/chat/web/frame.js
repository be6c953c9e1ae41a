// The top of the page: its name, the views, language, and light or dark.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { go, hear, state } from "./state.js";
import { count, current, onLanguage, speak, t } from "./words.js";

const THEME = "wenbao.theme";
const LANGUAGES = [
  ["zh", "中文"],
  ["en", "English"],
];
export const VIEWS = ["ask", "corpus", "add"];

/** Make the top of the page. */
export function makeTop() {
  const claim = h("p.wb-claim", {});
  const articles = h("p.wb-articles", {});
  // Made once, and changed where they stand: redrawn, they would lose the keyboard's focus.
  const tabs = new Map(VIEWS.map((view) => [view, tab(view)]));
  const choices = new Map(LANGUAGES.map(([language, label]) => [language, choice(language, label)]));
  const views = h("nav.wb-views", {}, [...tabs.values()]);
  const languages = h("div.wb-languages", { role: "group" }, [...choices.values()]);
  const theme = h("button.wb-icon.wb-theme", { type: "button", onclick: turnTheme });
  const leave = h("button.wb-quiet-button", { type: "submit" });
  // Where a password was asked for, the server has marked the page.
  const guarded = document.querySelector("meta[name=wenbao-guarded]");
  const leaving = guarded && h("form.wb-leave", { method: "post", action: "logout" }, leave);
  const name = h("h1", {}, h("span", { lang: "zh" }, "问报 "), h("span.wb-latin", { lang: "en" }, "Wenbao"));
  const element = h(
    "header.wb-top",
    {},
    h("div.wb-title", {}, name, claim, articles),
    views,
    h("div.wb-tools", {}, languages, theme, leaving),
  );

  function draw() {
    claim.textContent = t("claim");
    articles.textContent = state.corpus ? t("articles", { count: count(state.corpus.articles) }) : "";
    views.setAttribute("aria-label", t("views"));
    for (const [view, button] of tabs) {
      button.textContent = t(`view_${view}`);
      if (view === state.view) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    }
    languages.setAttribute("aria-label", t("switch"));
    for (const [language, button] of choices) {
      button.setAttribute("aria-pressed", String(language === current()));
    }
    leave.textContent = t("log_out");
    drawTheme();
  }

  function drawTheme() {
    const word = t(isDark() ? "theme_light" : "theme_dark");
    theme.title = word;
    theme.setAttribute("aria-label", word);
    fill(theme, icon(isDark() ? "sun" : "moon"));
  }

  function turnTheme() {
    const chosen = isDark() ? "light" : "dark";
    localStorage.setItem(THEME, chosen);
    applyTheme();
    drawTheme();
  }

  onLanguage(draw);
  hear("view", draw);
  hear("corpus", draw);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    applyTheme();
    drawTheme();
  });
  draw();
  return element;
}

const tab = (view) => h("button.wb-tab", { type: "button", "data-view": view, onclick: () => go(view) });

const choice = (language, label) =>
  h("button", { type: "button", lang: language, onclick: () => speak(language) }, label);

const isDark = () => document.body.classList.contains("dark");

/** Light or dark, as the reader chose, or else as the system is. */
export function applyTheme() {
  const chosen = localStorage.getItem(THEME);
  const dark = chosen ? chosen === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  document.body.classList.toggle("dark", dark);
}
