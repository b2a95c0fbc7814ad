import { describe, expect, it } from "vitest";
import { charactersBefore, lastBefore, sentenceAt, timeOf, unpack, wordsWithin } from "../src/word-times";

describe("the packed times of words", () => {
  // "Good 𝄞 morning": 100–200, none, 250–400 ms.
  const words = unpack("4,2s,2s 2 7,1e,46");

  it("are read with their places", () => {
    expect(words).toEqual([
      { from: 0, to: 4, start: 100, end: 200 },
      { from: 5, to: 7, start: null, end: null },
      { from: 8, to: 15, start: 250, end: 400 },
    ]);
  });

  it("give the word that is spoken, passing over those without a time", () => {
    expect(lastBefore(words, 99)).toBeUndefined();
    expect(lastBefore(words, 240)?.from).toBe(0);
    expect(lastBefore(words, 250)?.from).toBe(8);
  });

  it("give the time of some of them", () => {
    expect(timeOf(words)).toEqual({ start: 100, end: 400 });
    expect(timeOf(words.slice(1, 2))).toBeNull();
    expect(timeOf([])).toBeNull();
  });

  it("tell which words a selection touches, and no neighbour that it only borders", () => {
    expect(wordsWithin(words, 4, 8).map(({ from }) => from)).toEqual([5]);
    expect(wordsWithin(words, 3, 9)).toHaveLength(3);
  });
});

describe("a sentence", () => {
  const text = "We sail. Mr. Marsh agreed! Did she?";

  it("is found by any of its characters, without the space behind it", () => {
    expect(text.slice(...sentenceAt(text, 0, "en"))).toBe("We sail.");
    expect(text.slice(...sentenceAt(text, text.length - 1, "en"))).toBe("Did she?");
  });

  it("is found in Arabic, and in a language that no browser knows", () => {
    const arabic = "صباح الخير. هل تبحر العبّارة؟ نعم.";
    expect(arabic.slice(...sentenceAt(arabic, 14, "ar"))).toBe("هل تبحر العبّارة؟");
    expect(sentenceAt(text, 2, "no such tag!")).toEqual([0, 8]);
  });

  it("is all of a text without an end", () => {
    expect(sentenceAt("no end", 3, "")).toEqual([0, 6]);
    expect(sentenceAt("", 0, "")).toEqual([0, 0]);
  });
});

it("counts characters as the desk does, not UTF-16 units", () => {
  expect(charactersBefore("a𝄞b", 3)).toBe(2);
  expect(charactersBefore("a𝄞b", 4)).toBe(3);
  expect(charactersBefore("عبّارة", 6)).toBe(6);
});
