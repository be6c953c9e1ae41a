// What articles are called, and what is said about them in a line.

import { h } from "./dom.js";
import { t } from "./words.js";

const OPENING = 24;

/** The headline, or the first words where there is none. */
export function nameOf(headline, text = "") {
  if (headline) return headline;
  const chars = Array.from(text);
  return chars.length <= OPENING ? text : `${chars.slice(0, OPENING).join("")}…`;
}

/** A source as people read it: file, and page or lines in it. */
export function placeOf(source) {
  const page = source.match(/^(.*)#page=(\d+)$/s);
  if (page) return [page[1], t("page", { n: page[2] })];
  const lines = source.match(/^(.*):(\d+-\d+)$/s);
  if (!lines) return [source];
  const [first, last] = lines[2].split("-");
  return [lines[1], first === last ? t("line", { n: first }) : t("lines", { n: lines[2] })];
}

/** Authors, date, section and file of an article. */
export function byline({ authors = [], date, section, source }) {
  const about = [authors.join(t("list_comma")), date, section].filter(Boolean);
  return h(
    "p.wb-byline",
    {},
    about.map((part) => h("span", {}, part)),
    h("span.wb-file", { title: `${t("file")}: ${source}` }, placeOf(source).join(" · ")),
  );
}

/** A headline, with a note where it is a photograph's caption. */
export function titled(tag, name, kind) {
  return h(tag, { lang: "zh" }, kind === "photo" && h("span.wb-photo", {}, t("photo")), name);
}
