import { describe, expect, it } from "vitest";
import { found, keep, keyOf, type Kept, paragraphs, spansOf } from "../src/clip-page/drafts";

function store(full = false): Kept & { held: Map<string, string> } {
  const held = new Map<string, string>();
  return {
    held,
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => {
      if (full) throw new Error("full");
      held.set(key, value);
    },
    removeItem: (key) => void held.delete(key),
  };
}

describe("drafts of a clip", () => {
  it("come back as they were written, each person's own", () => {
    const kept = store();
    const draft = { version: 3, headline: "عنوان", summary: "a\n\nb", spans: null };
    expect(keep(kept, keyOf("rana", 7), draft)).toBe(true);
    expect(found(kept, keyOf("rana", 7))).toEqual(draft);
    expect(found(kept, keyOf("omar", 7))).toBeNull();
  });

  it("say when the browser keeps nothing", () => {
    expect(keep(store(true), "k", { version: 1, headline: "", summary: "", spans: null })).toBe(false);
  });

  it("are none where something else lies there", () => {
    const kept = store();
    for (const other of ["{", "7", "null", '{"version":"1"}', "[]"]) {
      kept.held.set("k", other);
      expect(found(kept, "k")).toBeNull();
    }
  });
});

describe("what is sent", () => {
  it("has a paragraph for each stretch between empty lines", () => {
    expect(paragraphs("one\ntwo\n\n \n three ")).toEqual(["one two", "three"]);
    expect(paragraphs(" \n\n")).toEqual([]);
  });

  it("reads spans as the desk does", () => {
    expect(spansOf("0:13.5 – 0:25.3\n1:02:03 - 1:02:04.25\n")).toEqual([
      { start_ms: 13_500, end_ms: 25_300 },
      { start_ms: 3_723_000, end_ms: 3_724_250 },
    ]);
    for (const wrong of ["", "0:10", "0:20 – 0:10", "a – b", "1 2 3"]) expect(spansOf(wrong)).toBeNull();
  });
});
