import { describe, expect, it } from "vitest";
import { bar, columnsFor, nearView, placeOf, stretches, timeUnder, NEAR_MS } from "../src/waveform";

const view = { start: 10_000, end: 20_000 };

describe("time in a view", () => {
  it("runs as the page is read", () => {
    expect(timeUnder(100, 400, view, false)).toBe(12_500);
    expect(timeUnder(100, 400, view, true)).toBe(17_500);
  });

  it("comes back from where it was drawn", () => {
    for (const rtl of [false, true]) {
      for (const time of [10_000, 11_234, 19_999]) {
        expect(timeUnder(placeOf(time, 777, view, rtl), 777, view, rtl)).toBeCloseTo(time, 6);
      }
    }
  });

  it("stays in the view, however far a pointer is dragged", () => {
    expect(timeUnder(-50, 400, view, false)).toBe(10_000);
    expect(timeUnder(900, 400, view, true)).toBe(10_000);
    expect(timeUnder(5, 0, view, false)).toBe(10_000);
  });
});

describe("the close view", () => {
  it("never runs out of the recording", () => {
    for (const still of [false, true]) {
      for (const time of [0, 5_000, 59_000, 3_599_999, 3_600_000]) {
        const { start, end } = nearView(time, 3_600_000, still);
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(3_600_000);
        expect(end - start).toBe(NEAR_MS);
        expect(time).toBeGreaterThanOrEqual(start);
        expect(time).toBeLessThanOrEqual(end);
      }
    }
    expect(nearView(4_000, 9_000, false)).toEqual({ start: 0, end: 9_000 });
  });

  it("is turned like a page where nothing may move", () => {
    expect(nearView(31_000, 600_000, true)).toEqual(nearView(59_000, 600_000, true));
    expect(nearView(31_000, 600_000, false)).not.toEqual(nearView(59_000, 600_000, false));
  });
});

describe("a column", () => {
  it("reaches from the lowest to the highest", () => {
    expect(bar(-127, 127, 100)).toEqual({ top: 0, tall: 100 });
    expect(bar(0, 127, 100)).toEqual({ top: 0, tall: 50 });
  });

  it("is a line in silence, and nothing where there is no sound", () => {
    expect(bar(0, 0, 100)).toEqual({ top: 49.5, tall: 1 });
    expect(bar(127, -127, 100)).toBeNull();
  });
});

it("asks for few different widths", () => {
  expect(columnsFor(401, 1)).toBe(columnsFor(440, 1));
  expect(columnsFor(99_999, 3)).toBe(4096);
  expect(columnsFor(1, 1)).toBe(64);
});

it("reads stretches, also none and one without an end", () => {
  expect(stretches("")).toEqual([]);
  expect(stretches("5,9 12")).toEqual([
    { start: 5, end: 9 },
    { start: 12, end: 12 },
  ]);
});
