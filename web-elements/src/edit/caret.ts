/** Where the caret stands in time, and the sound in the text, while a turn is being edited. */
import type { Stretch } from "../sound";
import type { TimedWord } from "../word-times";

/** The words of a text after it was edited: those outside what changed keep their times, those
 *  inside go, because nobody knows yet when they are said. */
export function shiftedWords(words: readonly TimedWord[], old: string, now: string): TimedWord[] {
  if (old === now) return [...words];
  let first = 0;
  const shorter = Math.min(old.length, now.length);
  while (first < shorter && old[first] === now[first]) first++;
  let tail = 0;
  while (tail < shorter - first && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  const [last, by] = [old.length - tail, now.length - old.length];
  const kept: TimedWord[] = [];
  for (const word of words) {
    if (word.to <= first) kept.push(word);
    else if (word.from >= last) kept.push({ ...word, from: word.from + by, to: word.to + by });
    // A word that is being typed in keeps its place in time.
    else if (word.from <= first && word.to >= last) kept.push({ ...word, to: word.to + by });
  }
  return kept;
}

/** When the word at the caret is said, or the last one before it that has a time; null where none
 *  has. */
export function timeAtCaret(words: readonly TimedWord[], caret: number): number | null {
  let found: number | null = null;
  for (const { from, start } of words) {
    if (start === null) continue;
    if (from > caret && found !== null) break;
    found = start;
    if (from > caret) break;
  }
  return found;
}

/** A place of one text in another that differs in white space alone: after the same letters, and
 *  before the next one where it stood there. */
export function samePlace(text: string, place: number, other: string): number {
  let left = text.slice(0, place).replace(/\s/gu, "").length;
  let at = 0;
  for (; left > 0 && at < other.length; at++) if (/\S/u.test(other[at]!)) left--;
  const before = /\S/u.test(text[place] ?? " ");
  while (before && /\s/u.test(other[at] ?? "x")) at++;
  return at;
}

/** Stretches of sound that were played, so that nobody says she heard what was not. */
export class Played {
  private stretches: Stretch[] = [];

  /** Adds one, ms. */
  add(start: number, end: number): void {
    if (end <= start) return;
    const apart = this.stretches.filter((one) => one.end < start || one.start > end);
    const touching = this.stretches.filter((one) => one.end >= start && one.start <= end);
    apart.push({
      start: Math.min(start, ...touching.map((one) => one.start)),
      end: Math.max(end, ...touching.map((one) => one.end)),
    });
    this.stretches = apart;
  }

  /** How much of a stretch was played, 0 to 1. */
  share({ start, end }: Stretch): number {
    if (end <= start) return 1;
    let played = 0;
    for (const one of this.stretches) {
      played += Math.max(0, Math.min(end, one.end) - Math.max(start, one.start));
    }
    return played / (end - start);
  }
}

/** The place in the text of an element at a point of the window, UTF-16 units. */
export function placeAt(element: HTMLElement, x: number, y: number): number {
  const found = document.caretPositionFromPoint?.(x, y);
  if (!found || !element.contains(found.offsetNode)) return 0;
  const before = document.createRange();
  before.selectNodeContents(element);
  before.setEnd(found.offsetNode, found.offset);
  return before.toString().length;
}
