import { describe, expect, it } from "vitest";
import { stepped, type Doubt } from "../src/flag-steps";
import { keysOf, pressedKey } from "../src/offair-keys";
import { around, clock, exact } from "../src/sound";
import { sent, wholeWords } from "../src/word-selection";
import { unpack } from "../src/word-times";

const doubt = (id: number, start: number | null): Doubt => ({
  id,
  time: start === null ? null : { start, end: start + 500 },
});

describe("stepping through doubts", () => {
  const doubts = [doubt(7, 1_000), doubt(3, 5_000), doubt(9, 5_000)];

  it("begins at the moment that is heard", () => {
    expect(stepped(doubts, null, 0, 1)?.id).toBe(7);
    expect(stepped(doubts, null, 2_000, 1)?.id).toBe(3);
    expect(stepped(doubts, null, 2_000, -1)?.id).toBe(7);
    expect(stepped(doubts, null, 9_000, 1)).toBeUndefined();
  });

  it("goes on from the chosen one, also among doubts of one moment", () => {
    expect(stepped(doubts, 3, 0, 1)?.id).toBe(9);
    expect(stepped(doubts, 9, 0, -1)?.id).toBe(3);
    expect(stepped(doubts, 9, 0, 1)).toBeUndefined();
    expect(stepped(doubts, 7, 0, -1)).toBeUndefined();
  });

  it("goes through a text without times from the first", () => {
    const untimed = [doubt(1, null), doubt(2, null)];
    expect(stepped(untimed, null, 0, 1)?.id).toBe(1);
    expect(stepped(untimed, 1, 0, 1)?.id).toBe(2);
    expect(stepped([], null, 0, 1)).toBeUndefined();
  });
});

describe("keys", () => {
  it("are letters by their place where the keyboard writes another script", () => {
    expect(pressedKey({ key: "ن", code: "KeyK" })).toBe("k");
    expect(pressedKey({ key: "D", code: "KeyD" })).toBe("d");
    expect(pressedKey({ key: "؟", code: "Slash" })).toBe("?");
    expect(pressedKey({ key: "ArrowLeft", code: "ArrowLeft" })).toBe("ArrowLeft");
    // A Latin keyboard of another order keeps its letters.
    expect(pressedKey({ key: "a", code: "KeyQ" })).toBe("a");
  });

  it("go with the direction in which the page is read", () => {
    const left = (rtl: boolean) => keysOf(rtl).find(({ keys }) => keys.includes("ArrowLeft"))?.does;
    expect(left(false)).toBe("back 2 seconds");
    expect(left(true)).toBe("forward 2 seconds");
  });

  it("are each given once", () => {
    const keys = keysOf(false).flatMap((one) => one.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("a selection", () => {
  const text = "Good morning, all";
  const words = unpack("4,0,5 8,0,5 3,0,5");

  it("is widened to whole words", () => {
    expect(wholeWords(text, words, 2, 7)).toEqual([0, 13]);
    expect(wholeWords(text, words, 5, 6)).toEqual([5, 13]);
  });

  it("of a space alone is none", () => {
    expect(wholeWords(text, words, 4, 5)).toBeNull();
    expect(wholeWords("a b", [], 1, 2)).toBeNull();
  });

  it("goes by spaces where no words are known", () => {
    expect(wholeWords(text, [], 2, 7)).toEqual([0, 13]);
    expect(wholeWords("a  b", [], 0, 2)).toEqual([0, 1]);
  });

  it("is sent as characters of its turns", () => {
    document.body.innerHTML = `<div class="turn" id="turn-12"><p>𝄞 la</p></div><div class="turn" id="turn-13"><p>so 𝄞 la</p></div>`;
    const turns = [...document.querySelectorAll<HTMLElement>(".turn")];
    const chosen = { turns, from: 3, to: 5, text: "", words: 0, time: null };
    expect(sent(chosen)).toEqual({ first: 12, last: 13, start: 2, end: 4 });
  });
});

describe("times", () => {
  it("are written as the pages write them", () => {
    expect(clock(3_723_999)).toBe("1:02:03");
    expect(clock(59_000)).toBe("0:59");
    expect(exact(61_005)).toBe("1:01.005");
    expect(exact(61_000)).toBe("1:01");
  });

  it("around a doubt stay in the recording", () => {
    expect(around({ start: 400, end: 900 })).toEqual({ start: 0, end: 1_900 });
    expect(around({ start: 9_000, end: 9_800 }, 10_000)).toEqual({ start: 8_000, end: 10_000 });
  });
});
