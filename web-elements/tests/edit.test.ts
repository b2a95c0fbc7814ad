import { describe, expect, it } from "vitest";
import { Played, samePlace, shiftedWords, timeAtCaret } from "../src/edit/caret";
import type { Answer, Saved, TurnFacts } from "../src/edit/desk";
import { both, changes, wordsOf } from "../src/edit/difference";
import { fate, tidy, type Draft, type DraftStore } from "../src/edit/drafts";
import { asked, KEYS } from "../src/edit/keys";
import { AUTOSAVE_MS, RETRY_MS, Saving, type State } from "../src/edit/saving";
import { unpack } from "../src/word-times";

describe("differences", () => {
  const old = "We are not cancelling the late boat.";

  it("give both texts back", () => {
    for (const put of [old, "", "We are cancelling the late boat.", "قال مدير الميناء", "We  are\nnot ", `So: ${old}`]) {
      const found = changes(old, put);
      expect(found.map((one) => one.old).join("")).toBe(old);
      expect(found.map((one) => one.put).join("")).toBe(put);
      expect(wordsOf(put).join("")).toBe(put);
    }
  });

  it("are of words", () => {
    const found = changes(old, "We are now cancelling the late boat.").filter((one) => one.old !== one.put);
    expect(found.map(({ old: was, put }) => [was.trim(), put.trim()])).toEqual([["not", "now"]]);
  });

  it("leave a word alone before which another was put", () => {
    expect(changes("Good morning", "Mine. Good morning")).toEqual([
      { old: "", put: "Mine. " },
      { old: "Good morning", put: "Good morning" },
    ]);
    const run = changes("a b c d", "a x y d").filter((one) => one.old !== one.put);
    expect(run).toEqual([{ old: "b c", put: "x y" }]);
  });

  it("of two people are made one where they touch other words", () => {
    const mine = "We were not cancelling the late boat.";
    const theirs = "We are not cancelling the late ferry.";
    expect(both(old, mine, theirs)).toBe("We were not cancelling the late ferry.");
    expect(both(old, mine, old)).toBe(mine);
    expect(both(old, mine, mine)).toBe(mine);
    expect(both(old, mine, "We was not cancelling the late boat.")).toBeNull();
    expect(both(old, `${old} One.`, `${old} Two.`)).toBeNull();
  });
});

describe("words under the caret", () => {
  const text = "Good morning, all";
  const words = unpack("4,0,a 8,0,a 3,0,a");

  it("keep their times where nothing was changed", () => {
    expect(shiftedWords(words, text, text)).toEqual(words);
    const put = shiftedWords(words, text, "Good fine morning, all");
    expect(put.map(({ from, to, start }) => [from, to, start])).toEqual([[0, 4, 0], [10, 18, 10], [19, 22, 20]]);
    const gone = shiftedWords(words, text, "Good all");
    expect(gone.map(({ from, start }) => [from, start])).toEqual([[0, 0], [5, 20]]);
  });

  it("keep their time while letters are put into them", () => {
    const typed = shiftedWords(words, text, "Good mohrning, all");
    expect(typed.map(({ from, to, start }) => [from, to, start])).toEqual([[0, 4, 0], [5, 14, 10], [15, 18, 20]]);
  });

  it("tell the time of the caret", () => {
    expect(timeAtCaret(words, 0)).toBe(0);
    expect(timeAtCaret(words, 7)).toBe(10);
    expect(timeAtCaret(words, 17)).toBe(20);
    expect(timeAtCaret([{ from: 0, to: 4, start: null, end: null }], 2)).toBeNull();
    expect(timeAtCaret([{ from: 5, to: 8, start: 30, end: 40 }], 0)).toBe(30);
    expect(timeAtCaret([], 0)).toBeNull();
  });
});

describe("a caret in a text whose white space the desk tidied", () => {
  it("stands before the same letter, or after it", () => {
    const [typed, kept] = [" one  \n two ", "one\n two"];
    expect(samePlace(typed, 1, kept)).toBe(0);
    expect(samePlace(typed, 4, kept)).toBe(3);
    expect(samePlace(typed, 8, kept)).toBe(5);
    expect(samePlace(typed, 12, kept)).toBe(8);
    expect(samePlace(kept, 5, kept)).toBe(5);
    expect(samePlace("", 0, "")).toBe(0);
  });
});

describe("what was played", () => {
  it("is counted once", () => {
    const played = new Played();
    played.add(0, 400);
    played.add(300, 600);
    played.add(900, 1000);
    expect(played.share({ start: 0, end: 1000 })).toBeCloseTo(0.7);
    played.add(500, 950);
    expect(played.share({ start: 0, end: 1000 })).toBe(1);
    played.add(5, 1);
    expect(played.share({ start: 2000, end: 3000 })).toBe(0);
    expect(played.share({ start: 7, end: 7 })).toBe(1);
  });
});

const draftOf = (base: string, text: string): Draft => ({ who: "ana", layer: 1, turn: 7, base, text, time: null, at: 0 });

describe("a draft that is found", () => {
  it("is offered, never taken; gone where the desk has its words", () => {
    expect(fate(draftOf("a", "b"), "a")).toBe("offer");
    expect(fate(draftOf("a", "b"), "c")).toBe("offer, changed");
    expect(fate(draftOf("a", "b"), null)).toBe("offer, changed");
    expect(fate(draftOf("a", "b \n"), "b")).toBe("gone");
    expect(fate(draftOf("a", "a"), "c")).toBe("gone");
  });

  it("is held against the text as the desk keeps it", () => {
    expect(tidy("  a\tb \r\n c  \n")).toBe("a b\n c");
  });
});

class Store implements DraftStore {
  readonly kept = new Map<number, Draft>();
  broken = false;
  put = async (draft: Draft) => {
    if (this.broken) throw new Error("no room");
    this.kept.set(draft.turn, draft);
  };
  remove = async ({ turn }: { turn: number }) => void this.kept.delete(turn);
  all = async () => [...this.kept.values()];
}

class Bench {
  readonly store = new Store();
  readonly sent: [number, string][] = [];
  readonly states: State[] = [];
  readonly timers: { call: () => void; ms: number; off: boolean }[] = [];
  answers: Answer<Saved>[] = [];
  next = 8;
  readonly saving = new Saving(
    { who: "ana", layer: 1, turn: 7, base: "one", time: 0 },
    {
      store: this.store,
      send: async (turn, text) => {
        this.sent.push([turn, text]);
        const made = { id: this.next++, text: tidy(text), marks: [] } as unknown as TurnFacts;
        return this.answers.shift() ?? { kind: "done", found: { changed: true, turns: [made], before: [turn] } };
      },
      told: (_saving, state) => this.states.push(state),
      later: (call, ms) => {
        const timer = { call, ms, off: false };
        this.timers.push(timer);
        return () => (timer.off = true);
      },
    },
  );

  waiting(): number[] {
    return this.timers.filter(({ off }) => !off).map(({ ms }) => ms);
  }
}

describe("saving", () => {
  it("keeps a draft at once and sends after a while, once for several keys", async () => {
    const bench = new Bench();
    bench.saving.typed("one t");
    bench.saving.typed("one tw");
    await Promise.resolve();
    expect(bench.store.kept.get(7)).toMatchObject({ base: "one", text: "one tw" });
    expect(bench.sent).toEqual([]);
    expect(bench.waiting()).toEqual([AUTOSAVE_MS]);
    expect(await bench.saving.flush()).toBe("saved");
    expect(bench.sent).toEqual([[7, "one tw"]]);
    expect(bench.store.kept.size).toBe(0);
    expect(bench.saving.turn).toBe(8);
    expect(bench.states).toEqual(["waiting", "waiting", "saving", "saved"]);
  });

  it("goes on under the new number, and with what was typed meanwhile", async () => {
    const bench = new Bench();
    bench.saving.typed("one two ");
    const flushed = bench.saving.flush();
    bench.saving.typed("one two three");
    await flushed;
    expect(bench.sent).toEqual([[7, "one two "], [8, "one two three"]]);
    expect(bench.saving.replaced).toEqual([7, 8]);
    expect(bench.store.kept.size).toBe(0);
    expect(await bench.saving.flush()).toBe("saved");
    expect(bench.sent).toHaveLength(2);
  });

  it("keeps the words while nobody answers, and sends them then", async () => {
    const bench = new Bench();
    bench.answers = [{ kind: "away" }, { kind: "login" }];
    bench.saving.typed("two");
    expect(await bench.saving.flush()).toBe("kept");
    expect(bench.waiting()).toEqual([RETRY_MS]);
    expect(await bench.saving.flush()).toBe("login");
    expect(bench.store.kept.get(7)?.text).toBe("two");
    expect(await bench.saving.flush()).toBe("saved");
    expect(bench.store.kept.size).toBe(0);
  });

  it("says so where not even the browser keeps anything", async () => {
    const bench = new Bench();
    bench.store.broken = true;
    bench.answers = [{ kind: "away" }];
    bench.saving.typed("two");
    await Promise.resolve();
    expect(await bench.saving.flush()).toBe("lost");
  });

  it("sends nothing while an input method composes", async () => {
    const bench = new Bench();
    bench.saving.composing = true;
    bench.saving.typed("oneか");
    await bench.saving.flush();
    expect(bench.sent).toEqual([]);
    expect(bench.store.kept.get(7)?.text).toBe("oneか");
    bench.saving.composing = false;
    expect(await bench.saving.flush()).toBe("saved");
  });

  it("stops at a clash, keeps what is typed then, and goes on when it is settled", async () => {
    const bench = new Bench();
    const theirs = { id: 9, text: "theirs" } as TurnFacts;
    const clash = { base: { id: 7, text: "one" } as TurnFacts, now: [theirs], by: { who: "ben", when_utc: "" } };
    bench.answers = [{ kind: "clash", clash }];
    bench.saving.typed("mine");
    expect(await bench.saving.flush()).toBe("clash");
    bench.saving.typed("mine, more");
    await bench.saving.flush();
    expect(bench.sent).toHaveLength(1);
    expect(bench.store.kept.get(7)?.text).toBe("mine, more");
    bench.saving.settled(9, "theirs");
    await Promise.resolve();
    expect(bench.saving.clean).toBe(true);
    expect(bench.store.kept.size).toBe(0);
  });
});

describe("keys", () => {
  const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({
    key, code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : "", altKey: false, ctrlKey: false,
    metaKey: false, isComposing: false, keyCode: 0, getModifierState: () => false, ...more,
  });

  it("are each given once", () => {
    expect(new Set(KEYS.map(({ key }) => key)).size).toBe(KEYS.length);
    expect(new Set(KEYS.map(({ act }) => act)).size).toBe(KEYS.length);
  });

  it("leave what is typed alone", () => {
    for (const key of ["s", "S", " ", "?", "ArrowDown", "Enter", "م"]) {
      expect(asked(press(key), true, false)).toBeNull();
    }
    expect(asked(press("s", { altKey: true }), true, false)).toBe("split");
    expect(asked(press("س", { altKey: true, code: "KeyS" }), true, false)).toBe("split");
    expect(asked(press("s", { ctrlKey: true }), true, false)).toBeNull();
    expect(asked(press("s", { altKey: true, ctrlKey: true }), true, false)).toBeNull();
    expect(asked(press("ß", { altKey: true, code: "KeyS" }), true, true)).toBeNull();
    expect(asked(press("s", { altKey: true, ctrlKey: true }), true, true)).toBe("split");
    expect(asked(press("ś", { altKey: true, getModifierState: (name) => name === "AltGraph" }), true, false)).toBeNull();
  });

  it("leave an input method alone", () => {
    expect(asked(press("s", { altKey: true, isComposing: true }), true, false)).toBeNull();
    expect(asked(press("Escape", { keyCode: 229 }), true, false)).toBeNull();
    expect(asked(press("Escape"), true, false)).toBe("close");
  });

  it("stand alone outside of the text", () => {
    expect(asked(press("s"), false, false)).toBe("split");
    expect(asked(press(" "), false, false)).toBe("play");
    expect(asked(press("?"), false, false)).toBe("keys");
    expect(asked(press("ArrowDown"), false, false)).toBeNull();
    expect(asked(press("ArrowDown", { altKey: true }), false, false)).toBe("next");
    expect(asked(press("s", { ctrlKey: true }), false, false)).toBeNull();
  });
});
