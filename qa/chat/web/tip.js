// The quote behind a reference, shown while the pointer is on it or it has the focus.

import { fill, h } from "./dom.js";
import { nameOf } from "./naming.js";

const GAP = 6;
const tip = h("div.wb-tip", { id: "wb-tip", role: "tooltip", hidden: true });

/** Show a citation's quote beside a link. */
export function quoteTip(link, citation) {
  const open = () => {
    fill(
      tip,
      h("p.wb-tip-quote", { lang: "zh" }, citation.quote),
      h("p.wb-tip-about", { lang: "zh" }, about(citation)),
    );
    if (!tip.isConnected) document.getElementById("wb").append(tip);
    tip.hidden = false;
    link.setAttribute("aria-describedby", "wb-tip");
    place(link);
  };
  const close = () => {
    tip.hidden = true;
    link.removeAttribute("aria-describedby");
  };
  link.addEventListener("mouseenter", open);
  link.addEventListener("focus", open);
  for (const what of ["mouseleave", "blur", "click"]) link.addEventListener(what, close);
}

/** Hide the quote that is shown. */
export function closeTip() {
  tip.hidden = true;
}

const about = ({ headline, date }) => [nameOf(headline), date].filter(Boolean).join(" · ");

function place(link) {
  const at = link.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = tip;
  const left = Math.min(Math.max(GAP, at.left - width / 3), window.innerWidth - width - GAP);
  const above = at.top - height - GAP;
  tip.style.left = `${left}px`;
  tip.style.top = `${above > GAP ? above : at.bottom + GAP}px`;
}
