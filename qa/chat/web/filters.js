// What the next question is restricted to: fields above the question box, chips while active.

import { fill, h, refill } from "./dom.js";
import { NO_FILTERS, active, hear, narrow, state } from "./state.js";
import { onLanguage, t } from "./words.js";

/** The filters that are set, each with how it is named and which field it is. */
export function chipsOf(filters, about = "") {
  const set = active(filters);
  const names = {
    since: (value) => t("chip_since", { date: value }),
    until: (value) => t("chip_until", { date: value }),
    article_id: (value) => t("only", { name: about || value }),
  };
  return Object.entries(set).map(([field, value]) => ({
    field,
    name: names[field] ? names[field](value) : String(value),
  }));
}

/** Fields for dates, section and author. `onChange(field, value)` hears of each change. */
export function filterFields(id, onChange) {
  const since = dateField("since");
  const until = dateField("until");
  const section = h("select", { onchange: () => onChange("section", section.value || null) });
  const names = h("datalist", { id: `${id}-authors` });
  const author = h("input", {
    type: "text",
    list: `${id}-authors`,
    onchange: () => onChange("author", author.value.trim() || null),
  });
  const labels = { since, until, section, author };
  const element = h(
    "div.wb-fields",
    {},
    Object.entries(labels).map(([word, field]) =>
      h("label.wb-field", {}, h("span", { "data-word": word }), field),
    ),
    names,
  );

  function dateField(name) {
    const field = h("input", {
      type: "date",
      onchange: () => {
        if (field.validity.valid) onChange(name, field.value || null);
      },
    });
    return field;
  }

  function draw() {
    for (const label of element.querySelectorAll("[data-word]")) {
      label.textContent = t(label.dataset.word);
    }
    const chosen = section.value;
    const sections = state.corpus?.sections || [];
    fill(
      section,
      h("option", { value: "" }, t("any")),
      sections.map(([name, n]) => h("option", { value: name }, `${name} (${n})`)),
    );
    section.value = chosen;
    author.placeholder = t("any");
    fill(names, (state.corpus?.authors || []).map(([name]) => h("option", { value: name })));
  }

  onLanguage(draw);
  hear("corpus", draw);
  draw();
  return {
    element,
    display(filters) {
      since.value = filters.since || "";
      until.value = filters.until || "";
      section.value = filters.section || "";
      author.value = filters.author || "";
    },
  };
}

/** The filters of the next question. */
export function makeFilters() {
  const fields = filterFields("wb-ask", (field, value) => narrow({ [field]: value }));
  const chips = h("div.wb-chips", { role: "group" });
  const summary = h("summary", {});
  const details = h("details.wb-filters", {}, summary, fields.element);
  const element = h("div.wb-filter-bar", {}, details, chips);

  function draw() {
    summary.textContent = t("filters");
    chips.setAttribute("aria-label", t("filters"));
    const set = chipsOf(state.filters, state.about);
    const reset = () =>
      h("button.wb-link", { type: "button", onclick: () => narrow(NO_FILTERS) }, t("reset"));
    refill(chips, [set.map(chip), set.length > 1 && reset()], summary);
    fields.display(state.filters);
  }

  function chip({ field, name }) {
    return h(
      "button.wb-chip",
      {
        type: "button",
        "aria-label": t("without", { name }),
        onclick: () => narrow({ [field]: null }),
      },
      name,
      h("span", { "aria-hidden": "true" }, " ×"),
    );
  }

  onLanguage(draw);
  hear("filters", draw);
  draw();
  return element;
}
