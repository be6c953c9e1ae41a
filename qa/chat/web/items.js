// What a list or a timeline is made of, each thing with the reference to its source.

import { h } from "./dom.js";

const DAY = /^\d{4}-\d\d-\d\d$/;

/** Tell whether each thing has a quote of its own: then the quotes stand with the things. */
export const haveOwnQuotes = ({ items }) =>
  items.every(({ text }) => DAY.test(text)) ||
  (items.length > 1 && new Set(items.map(({ n }) => n)).size === items.length);

/**
 * The things of an answer as a list.
 * @param {Object} line an answer that has items
 * @param {Function} refer makes the reference to a citation
 */
export function itemList(line, refer) {
  const own = haveOwnQuotes(line);
  return h(
    "ol.wb-items",
    {},
    line.items.map(({ text, n }) => {
      const citation = line.citations.find((one) => one.n === n);
      const isDay = DAY.test(text);
      return h(
        "li",
        {},
        h(isDay ? "time" : "strong", { lang: isDay ? null : "zh" }, text),
        own && citation && h("span", { lang: "zh" }, citation.quote),
        citation && refer(citation),
      );
    }),
  );
}
