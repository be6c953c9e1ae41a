// A small chart of articles over time. A bar narrows the list to its days.

import { h, refill, svg } from "./dom.js";
import { count, t } from "./words.js";

const WIDTH = 600;
const HEIGHT = 64;
const GAP = 0.18;

/** Make the chart; `onPick(bar)` is called with a bar, or null when it was picked already. */
export function makeChart(onPick) {
  const element = h("figure.wb-chart", {});

  function display({ bars, undated }, { since, until }) {
    const most = Math.max(1, ...bars.map((bar) => bar.count));
    const step = WIDTH / Math.max(1, bars.length);
    const inRange = (bar) => (!since || bar.until >= since) && (!until || bar.since <= until);
    const isPicked = (bar) => bar.since === since && bar.until === until;
    const drawing = svg("svg", {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      role: "group",
      "aria-label": t("chart"),
    });
    bars.forEach((bar, at) => {
      if (!bar.count) return;
      const height = Math.max(3, (bar.count / most) * HEIGHT);
      const blanks = { ...bar, count: count(bar.count) };
      const label = t(bar.since === bar.until ? "chart_day" : "chart_bar", blanks);
      const pick = () => onPick(isPicked(bar) ? null : bar);
      drawing.append(
        svg(
          "rect",
          {
            x: at * step + (step * GAP) / 2,
            y: HEIGHT - height,
            width: Math.min(step * (1 - GAP), 48),
            height,
            class: inRange(bar) ? "in" : "out",
            tabindex: "0",
            role: "button",
            "aria-pressed": String(isPicked(bar)),
            "aria-label": label,
            onclick: pick,
            onkeydown: (event) => {
              if (event.key !== "Enter" && event.key !== " ") return;
              event.preventDefault();
              pick();
            },
          },
          tooltip(label),
        ),
      );
    });
    const ends = bars.length > 0 && [bars[0].since, bars[bars.length - 1].until];
    refill(element, [
      bars.length > 0 && drawing,
      h(
        "figcaption.wb-small",
        {},
        ends && h("span", {}, ends[0]),
        undated > 0 && h("span", {}, t("chart_undated", { count: count(undated) })),
        ends && ends[1] !== ends[0] && h("span", {}, ends[1]),
      ),
    ]);
  }

  return { element, display };
}

function tooltip(text) {
  const title = svg("title");
  title.textContent = text;
  return title;
}
