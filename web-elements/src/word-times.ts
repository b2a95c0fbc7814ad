/** The words of a turn as `web/word_times.py` packs them into `data-w`. */

export interface TimedWord {
  /** Offsets in the turn's text, UTF-16 units, end exclusive. */
  readonly from: number;
  readonly to: number;
  /** Media time in ms, or null where the word has none. */
  readonly start: number | null;
  readonly end: number | null;
}

/** Reads `length,lead,duration,skip` entries in base 36, separated by spaces. */
export function unpack(packed: string): TimedWord[] {
  const words: TimedWord[] = [];
  let place = 0;
  let clock = 0;
  for (const entry of packed.split(" ")) {
    const [length = "0", lead = "", duration = "", skip = ""] = entry.split(",");
    const from = place + (skip ? parseInt(skip, 36) : words.length ? 1 : 0);
    place = from + parseInt(length, 36);
    let start: number | null = null;
    let end: number | null = null;
    if (lead && duration) {
      start = clock + parseInt(lead, 36);
      clock = end = start + parseInt(duration, 36);
    }
    words.push({ from, to: place, start, end });
  }
  return words;
}

/** The last item that starts at or before `time`; items without a start are passed over. */
export function lastBefore<T extends { readonly start: number | null }>(
  items: readonly T[],
  time: number,
): T | undefined {
  let found: T | undefined;
  for (const item of items) {
    if (item.start === null) continue;
    if (item.start > time) break;
    found = item;
  }
  return found;
}

/** The words that share characters with `from` to `to`. */
export function wordsWithin(words: readonly TimedWord[], from: number, to: number): TimedWord[] {
  return words.filter((word) => word.from < to && word.to > from);
}

/** Media time from the first of some words to the last, null where none has a time. */
export function timeOf(words: readonly TimedWord[]): { start: number; end: number } | null {
  const [starts, ends]: [number[], number[]] = [[], []];
  for (const { start, end } of words) {
    if (start === null || end === null) continue;
    starts.push(start);
    ends.push(end);
  }
  return starts.length ? { start: Math.min(...starts), end: Math.max(...ends) } : null;
}

/** The characters of the sentence that holds a character, by the rules of a language. */
export function sentenceAt(text: string, place: number, language: string): [number, number] {
  let rules: Intl.Segmenter;
  try {
    rules = new Intl.Segmenter(language || undefined, { granularity: "sentence" });
  } catch {
    // A tag that no browser knows.
    rules = new Intl.Segmenter(undefined, { granularity: "sentence" });
  }
  for (const { index, segment } of rules.segment(text)) {
    if (place < index + segment.length) return [index, index + segment.trimEnd().length];
  }
  return [0, text.length];
}

/** Unicode characters before a UTF-16 place: what the desk counts by. */
export function charactersBefore(text: string, place: number): number {
  let count = 0;
  for (let at = 0; at < place; count++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return count;
}
