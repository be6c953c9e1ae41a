// Conversations, kept in this browser only: one entry each, so that two windows don't collide.
//
// A turn is {question, filters, line, failure, vote}: `line` is the answer as the server gave it,
// a line of a conversation's text form; it keeps its passages, so sources outlive the index.

const PREFIX = "wenbao.conversation.";
const CURRENT = "wenbao.current";

/** Start a conversation; it is kept once it has a turn. */
export function begun() {
  const id = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  return { id, title: "", turns: [], updated: Date.now() };
}

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
    return found && Array.isArray(found.turns) && found.turns.every(isTurn) ? found : null;
  } catch {
    return null;
  }
}

function isTurn(turn) {
  const line = turn?.line;
  const whole = !line || (Array.isArray(line.citations) && Array.isArray(line.passages));
  return typeof turn?.question === "string" && whole && Boolean(line || turn.failure);
}

/**
 * Keep a conversation as far as it is answered. When the browser has no room left, the oldest
 * others go; where not even that is room enough, all stays as it was.
 * @returns {{isKept: boolean, lost: number}} lost: how many others went
 */
export function keep(conversation) {
  const turns = conversation.turns.filter((turn) => turn.line || turn.failure);
  if (!turns.length) return { isKept: true, lost: 0 };
  conversation.updated = Date.now();
  const text = JSON.stringify({ ...conversation, turns });
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
      forget(oldest.id);
    }
  }
  for (const [key, other] of removed) localStorage.setItem(key, other);
  return { isKept: false, lost: 0 };
}

export const forget = (id) => localStorage.removeItem(PREFIX + id);

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
