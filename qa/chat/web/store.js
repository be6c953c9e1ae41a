// Conversations, kept in this browser only, one entry each. Two windows may have the same one
// open: a window writes only what is new in it, beside what the other has written.
//
// A turn is {id, question, filters, about, line, failure, vote, suggestions}: `about` is the name
// of the article that it was asked about, `line` the answer as the server gave it, a line of a
// conversation's text form; it keeps its passages, so sources outlive the index.

const PREFIX = "wenbao.conversation.";
const CURRENT = "wenbao.current";

const forgotten = new Set(); // ids: an answer that comes late brings none of them back

/** An id for a conversation or a turn, which no other window gives. */
export const freshId = () =>
  `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;

/** Start a conversation; it is kept once it has a turn. */
export const begun = () => ({ id: freshId(), title: "", turns: [], updated: Date.now() });

/** All conversations that are kept, the latest first. */
export function all() {
  const found = [];
  for (let i = 0; i < localStorage.length; i += 1) {
    const key = localStorage.key(i);
    const conversation = key.startsWith(PREFIX) ? load(key.slice(PREFIX.length)) : null;
    if (conversation) found.push(conversation);
  }
  return found.sort((a, b) => b.updated - a.updated);
}

/** Read a conversation; a damaged one is none. */
export function load(id) {
  try {
    const found = JSON.parse(localStorage.getItem(PREFIX + id));
    if (!found || !Array.isArray(found.turns) || !found.turns.every(isTurn)) return null;
    // Those that were kept before turns had ids are told apart by their places.
    found.turns.forEach((turn, at) => (turn.id ??= String(at)));
    return found;
  } catch {
    return null;
  }
}

function isTurn(turn) {
  const line = turn?.line;
  const whole = !line || (Array.isArray(line.citations) && Array.isArray(line.passages));
  return typeof turn?.question === "string" && whole && isSettled(turn);
}

/** Tell whether a turn has come to its end: an answer, or why there is none. */
export const isSettled = (turn) => Boolean(turn.line || turn.failure);

/**
 * Keep a turn of a conversation, and those before it that are not kept yet.
 * @returns {{isKept: boolean, lost: number}} as `write`
 */
export function keep(conversation, changed) {
  if (forgotten.has(conversation.id)) return { isKept: true, lost: 0 };
  const stored = load(conversation.id);
  const turns = new Map(stored?.turns.map((turn) => [turn.id, turn]));
  for (const turn of conversation.turns) {
    if (isSettled(turn) && (turn === changed || !turns.has(turn.id))) turns.set(turn.id, turn);
  }
  if (stored) conversation.title = stored.title;
  return write({ ...conversation, turns: [...turns.values()] });
}

/** Give a conversation that is kept another title. */
export function retitle(id, title) {
  const stored = load(id);
  return stored ? write({ ...stored, title }) : { isKept: true, lost: 0 };
}

/**
 * Write a conversation. When the browser has no room left, the oldest others go; where not even
 * that is room enough, all stays as it was.
 * @returns {{isKept: boolean, lost: number}} lost: how many others went
 */
function write(conversation) {
  const text = JSON.stringify({ ...conversation, updated: Date.now() });
  const removed = new Map();
  let others = null;
  for (;;) {
    try {
      localStorage.setItem(PREFIX + conversation.id, text);
      return { isKept: true, lost: removed.size };
    } catch {
      others ??= all().filter((other) => other.id !== conversation.id);
      const oldest = others.pop();
      if (!oldest) break;
      removed.set(PREFIX + oldest.id, localStorage.getItem(PREFIX + oldest.id));
      localStorage.removeItem(PREFIX + oldest.id);
    }
  }
  for (const [key, other] of removed) localStorage.setItem(key, other);
  return { isKept: false, lost: 0 };
}

/** Delete a conversation for good. */
export function forget(id) {
  forgotten.add(id);
  localStorage.removeItem(PREFIX + id);
}

/** The conversation of this window, also after a reload. */
export function resumed() {
  const id = sessionStorage.getItem(CURRENT);
  return (id && load(id)) || begun();
}

export const setCurrent = (id) => sessionStorage.setItem(CURRENT, id);

/** The text form that the server reads: one JSON object a line. */
export function textForm(conversation) {
  const lines = conversation.turns.filter((turn) => turn.line).map((turn) => turn.line);
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** What a conversation is called: its own title, or its first question. */
export const titleOf = (conversation) =>
  conversation.title || conversation.turns[0]?.question.trim() || "";
