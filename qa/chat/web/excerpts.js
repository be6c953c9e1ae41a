// Which stretches of text are shown around quotes, and where marks begin and end in them.
// Offsets count characters as Python does, so texts are cut as arrays of characters.

/** Characters shown before and after a quote in a card: it should begin near the quote. */
const BESIDE = 36;

/** The characters of a text. */
export const characters = (text) => Array.from(text);

/** Where in the article the exact answer stands: in the first quote that has it, or null. */
export function exactSpan(line) {
  if (!line.exact) return null;
  for (const citation of line.citations) {
    const at = citation.quote.indexOf(line.exact);
    if (at < 0) continue;
    const start = citation.start + characters(citation.quote.slice(0, at)).length;
    const end = start + characters(line.exact).length;
    return { article_id: citation.article_id, start, end };
  }
  return null;
}

/** The quotes of one article as marks: {n, start, end}, in the order of the text. */
export function marksOf(line, articleId) {
  return line.citations
    .filter((citation) => citation.article_id === articleId)
    .map(({ n, start, end }) => ({ n, start, end }))
    .sort((a, b) => a.start - b.start || a.n - b.n);
}

/**
 * Cut a stretch of text into pieces {text, n, exact}: n is the citation that quotes it or 0.
 * Overlapping marks share no character: the earlier keeps it.
 * @param {string[]} chars the characters from `start` on
 * @param {number} start offset of the first of them in the article
 */
export function pieces(chars, start, marks, exact) {
  const end = start + chars.length;
  const cut = (from, to) => chars.slice(from - start, to - start).join("");
  const found = [];
  let at = start;
  const put = (to, n, isExact) => {
    const until = Math.min(Math.max(to, at), end);
    if (until > at) found.push({ text: cut(at, until), n, exact: isExact });
    at = until;
  };
  for (const mark of marks) {
    put(mark.start, 0, false);
    if (exact && exact.start >= mark.start && exact.end <= mark.end) {
      put(exact.start, mark.n, false);
      put(exact.end, mark.n, true);
    }
    put(mark.end, mark.n, false);
  }
  put(end, 0, false);
  return found;
}

/**
 * The excerpts of an article that a card shows, from the passages that were read.
 * @returns {{pieces: Object[], before: boolean, after: boolean}[]} before and after tell whether
 *   text was left out there
 */
export function excerpts(line, articleId) {
  const passages = line.passages.filter((passage) => passage.article_id === articleId);
  const exact = exactSpan(line);
  const own = exact && exact.article_id === articleId ? exact : null;
  const windows = [];
  for (const mark of marksOf(line, articleId)) {
    const window = windowOf(mark, passages, line);
    const last = windows[windows.length - 1];
    if (last && last.source === window.source && window.start <= last.end) {
      last.end = Math.max(last.end, window.end);
      last.marks.push(mark);
    } else {
      windows.push(window);
    }
  }
  return windows.map(({ source, start, end, marks }) => {
    const chars = source.chars.slice(start - source.start, end - source.start);
    return {
      pieces: pieces(chars, start, marks, own),
      before: start > source.start,
      after: end < source.start + source.chars.length,
    };
  });
}

function windowOf(mark, passages, line) {
  const passage = passages.find((p) => p.start <= mark.start && mark.end <= p.end);
  const from = passage || line.citations.find((citation) => citation.n === mark.n);
  if (!from.chars) {
    // Not kept with the conversation: cut once, for as long as the page is open.
    Object.defineProperty(from, "chars", { value: characters(from.text ?? from.quote) });
  }
  const start = Math.max(from.start, mark.start - BESIDE);
  const end = Math.min(from.start + from.chars.length, mark.end + BESIDE);
  return { source: from, start, end, marks: [mark] };
}
