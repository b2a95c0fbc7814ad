/** Versions of a text word by word: what differs, and two people's changes made one. */

/** A stretch of two texts: equal, or `old` in the one where the other has `put`. */
export interface Change {
  readonly old: string;
  readonly put: string;
}

/** Beyond so many pairs of words a change is shown whole. */
const MOST_PAIRS = 4_000_000;

/** A text in words and the white space between them. */
export function wordsOf(text: string): string[] {
  return text.match(/\s+|\S+/gu) ?? [];
}

/** What changed from one text to the other, in order; the `old` of all give the old text. A space
 *  between two changed words goes with them. */
export function changes(old: string, put: string): Change[] {
  const found: { old: string; put: string }[] = [];
  const differs = (one: Change | undefined) => one !== undefined && one.old !== one.put;
  for (const [from, to, begin, end, one, other] of hunks(old, put)) {
    const next = { old: one.slice(from, to).join(""), put: other.slice(begin, end).join("") };
    const [before, last] = [found.at(-2), found.at(-1)];
    if (differs(next) && differs(before) && last && !differs(last) && !last.old.trim()) {
      found.pop();
      before!.old += last.old + next.old;
      before!.put += last.put + next.put;
    } else if (differs(next) && differs(last)) {
      last!.old += next.old;
      last!.put += next.put;
    } else found.push(next);
  }
  return found;
}

/** The changes that two people made to one text, in one; null where they touch the same words. */
export function both(base: string, mine: string, theirs: string): string | null {
  const words = wordsOf(base);
  const [one, other] = [edits(base, mine), edits(base, theirs)];
  for (const a of one) {
    for (const b of other) {
      const same = a.from === b.from && a.to === b.to && a.put === b.put;
      // Neighbours with a space between count as touching.
      if (!same && a.from <= b.to + 1 && b.from <= a.to + 1) return null;
    }
  }
  const every = [...one, ...other.filter((b) => !one.some((a) => a.from === b.from && a.to === b.to))];
  every.sort((a, b) => a.from - b.from);
  let text = "";
  let place = 0;
  for (const { from, to, put } of every) {
    text += words.slice(place, from).join("") + put;
    place = to;
  }
  return text + words.slice(place).join("");
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly put: string;
}

function edits(base: string, text: string): Edit[] {
  return hunks(base, text)
    .map(([from, to, begin, end, one, other]) => ({
      from,
      to,
      was: one.slice(from, to).join(""),
      put: other.slice(begin, end).join(""),
    }))
    .filter(({ was, put }) => was !== put);
}

type Hunk = [from: number, to: number, begin: number, end: number, one: string[], other: string[]];

/** Stretches in order: equal ones and changed ones in turn. */
function hunks(old: string, put: string): Hunk[] {
  const [one, other] = [wordsOf(old), wordsOf(put)];
  let first = 0;
  while (first < one.length && first < other.length && one[first] === other[first]) first++;
  let [last, end] = [one.length, other.length];
  while (last > first && end > first && one[last - 1] === other[end - 1]) {
    last--;
    end--;
  }
  const found: Hunk[] = [];
  const add = (...[a, b, c, d]: [number, number, number, number]) => {
    if (a < b || c < d) found.push([a, b, c, d, one, other]);
  };
  add(0, first, 0, first);
  let [from, begin] = [first, first];
  for (const [place, at, length] of matches(one, other, first, last, end)) {
    add(from, place, begin, at);
    add(place, place + length, at, at + length);
    [from, begin] = [place + length, at + length];
  }
  add(from, last, begin, end);
  add(last, one.length, end, other.length);
  return found;
}

/** The longest common run of words, as stretches [in the one, in the other, length]. */
function matches(
  one: string[],
  other: string[],
  first: number,
  last: number,
  end: number,
): [number, number, number][] {
  const [rows, columns] = [last - first, end - first];
  if (!rows || !columns || rows * columns > MOST_PAIRS) return [];
  const wide = columns + 1;
  const lengths = new Uint16Array((rows + 1) * wide);
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      lengths[row * wide + column] =
        one[first + row] === other[first + column]
          ? lengths[(row + 1) * wide + column + 1]! + 1
          : Math.max(lengths[(row + 1) * wide + column]!, lengths[row * wide + column + 1]!);
    }
  }
  const found: [number, number, number][] = [];
  let [row, column] = [0, 0];
  while (row < rows && column < columns) {
    if (one[first + row] === other[first + column]) {
      const before = found.at(-1);
      const [place, at] = [first + row, first + column];
      if (before && before[0] + before[2] === place && before[1] + before[2] === at) before[2]++;
      else found.push([place, at, 1]);
      row++;
      column++;
    } else if (lengths[(row + 1) * wide + column]! >= lengths[row * wide + column + 1]!) row++;
    else column++;
  }
  return found;
}
