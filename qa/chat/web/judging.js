// Below an answer: copy it, and say whether it was right.

import { fill, h } from "./dom.js";
import { exactSpan } from "./excerpts.js";
import { icon } from "./icons.js";
import { Told, post } from "./server.js";
import { t, tell } from "./words.js";

const REASONS = ["reason_wrong", "reason_quote", "reason_old", "reason_there", "reason_other"];

/** The row of buttons below an answer; `on.keep` remembers a vote that was recorded. */
export function judging(turn, on) {
  const form = h("div.wb-judging-form", {});
  const good = vote("up", "up", "good");
  const bad = vote("down", "down", "bad");

  function vote(kind, sign, word) {
    return h(
      "button.wb-icon",
      {
        type: "button",
        title: t(word),
        "aria-label": t(word),
        "aria-pressed": String(turn.vote === kind),
        onclick: () => (kind === "up" ? submit({ vote: "up", ...confirmed(turn.line) }) : ask()),
      },
      icon(sign),
    );
  }

  function ask() {
    fill(form, reasons());
    form.querySelector("input").focus();
  }

  function reasons() {
    const group = `why-${Math.random().toString(36).slice(2)}`;
    const right = h("input", { type: "text", maxlength: 1000, name: "right" });
    const more = h("input", { type: "text", maxlength: 900, name: "more" });
    const send = (event) => {
      event.preventDefault();
      const chosen = event.target.querySelector(`[name="${group}"]:checked`);
      const reason = [chosen && t(chosen.value), more.value].filter(Boolean).join("：");
      submit({ vote: "down", reason, right: right.value });
    };
    return h(
      "form",
      { onsubmit: send },
      h(
        "fieldset",
        {},
        h("legend", {}, t("why")),
        REASONS.map((reason, at) =>
          h(
            "label",
            {},
            h("input", { type: "radio", name: group, value: reason, checked: at === 0 }),
            t(reason),
          ),
        ),
      ),
      h("label.wb-field", {}, t("right_answer"), right),
      h("label.wb-field", {}, t("more_reason"), more),
      h("button.wb-button", { type: "submit" }, t("submit")),
    );
  }

  async function submit(opinion) {
    const { line } = turn;
    const near = line.citations[0] || line.passages[0];
    try {
      await post("feedback", {
        question: turn.question,
        answer: line.answer,
        article_id: near?.article_id ?? null,
        ...opinion,
      });
      turn.vote = opinion.vote;
      good.setAttribute("aria-pressed", String(turn.vote === "up"));
      bad.setAttribute("aria-pressed", String(turn.vote === "down"));
      on.keep();
      fill(form, h("p.wb-small", { role: "status" }, t("thanks")));
    } catch (error) {
      if (!(error instanceof Told)) throw error;
      form.querySelector(".wb-failure")?.remove();
      form.append(h("p.wb-failure", { role: "alert" }, tell(error.told)));
    }
  }

  const copy = h("button.wb-icon", { type: "button", title: t("copy"), "aria-label": t("copy") }, icon("copy"));
  copy.addEventListener("click", async () => {
    await copyText(`${turn.question}\n\n${turn.line.answer}\n\n${sourcesOf(turn.line)}`.trim());
    fill(form, h("p.wb-small", { role: "status" }, t("copied")));
  });
  return h("div.wb-judging", {}, h("div.wb-judging-row", {}, copy, good, bad), form);
}

/** What is right if an answer is: its exact words, or its quote, and the article they are from. */
function confirmed(line) {
  const span = exactSpan(line);
  if (span) return { right: line.exact, article_id: span.article_id };
  return { right: line.exact ? "" : (line.citations[0]?.quote ?? "") };
}

const sourcesOf = (line) =>
  line.citations
    .map((c) => `[${c.n}] ${[c.headline, c.date, c.source].filter(Boolean).join(" · ")}`)
    .join("\n");

/** Copy text, also where the page is not served over a secure address. */
async function copyText(text) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = h("textarea", { value: text, class: "wb-sr" });
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
