// Builds elements. Whatever is not one of our own tags becomes text: nothing is parsed as HTML.

/**
 * Make an element.
 * @param {string} tag a tag, with classes: "p.wb-text"
 * @param {Object} props attributes; functions listen to the event of their name ("onclick");
 *   null, undefined and false leave an attribute out
 * @param {...(Node|string|number|null|false|Array)} children text is escaped by the browser
 */
export function h(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (key === "class") element.classList.add(...value.split(" "));
    else if (key === "value" || key === "checked") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  fill(element, ...children);
  return element;
}

/** Put children into an element in the place of those it has. */
export function fill(element, ...children) {
  element.replaceChildren(
    ...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false),
  );
  return element;
}

/**
 * Put children into an element as `fill` does, and let the keyboard keep its place: focus that was
 * in it goes to what stands there now, or to its neighbour.
 * @param {Element} otherwise gets the focus where nothing that is left can have it
 */
export function refill(element, children, otherwise = null) {
  const at = reachable(element).indexOf(document.activeElement);
  fill(element, children);
  if (at < 0) return;
  const now = reachable(element);
  (now[Math.min(at, now.length - 1)] ?? otherwise)?.focus({ preventScroll: true });
}

const reachable = (element) => [...element.querySelectorAll("button, a, input, [tabindex]")];

const SVG = "http://www.w3.org/2000/svg";

/** Make an SVG element. */
export function svg(name, props = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** Scroll an element into view, smoothly unless the reader wants calm. */
export function show(element, block = "center") {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block, behavior: calm ? "auto" : "smooth" });
}

/** Scroll within one box only, so that an element is a third of the way down. */
export function showWithin(box, element) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const down = element.getBoundingClientRect().top - box.getBoundingClientRect().top;
  const top = box.scrollTop + down - box.clientHeight / 3;
  box.scrollTo({ top, behavior: calm ? "auto" : "smooth" });
}

const ONE_COLUMN = window.matchMedia("(max-width: 859px)");

/** Tell whether the page is one column: a phone, or a narrow window. */
export const isNarrow = () => ONE_COLUMN.matches;

/** Hear when that changes: a phone is turned, a window made wider. */
export const onNarrow = (listener) => ONE_COLUMN.addEventListener("change", listener);

/**
 * While an element covers the page, let nothing else in the page be reached.
 * @returns {Function} gives the page back
 */
export function coverPage(element) {
  const covered = [];
  for (let at = element; at.id !== "wb"; at = at.parentElement) {
    const others = [...at.parentElement.children].filter((one) => one !== at && !one.inert);
    covered.push(...others);
  }
  for (const one of covered) one.inert = true;
  return () => {
    for (const one of covered) one.inert = false;
  };
}

/** Tell whether keys belong to a field just now. */
export function isTyping(event) {
  return Boolean(event.target.closest?.("input, textarea, select, [contenteditable]"));
}
