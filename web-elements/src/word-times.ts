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
