import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../src/clip-page/offair-clip";
import { keyOf } from "../src/clip-page/drafts";
import { moved } from "../src/clip-page/edges";

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
}

const OLD = "0:01 – 0:02";
const THEIRS = { headline: "Theirs", summary: ["Their summary."], spans: [{ start_ms: 5000, end_ms: 9000 }] };
const sent: Sent[] = [];
let parts = "";
let answers: ((one: Sent) => Response | Promise<Response>) | undefined;

function json(status: number, body: object): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}

function patches(): Sent[] {
  return sent.filter((one) => one.method === "PATCH");
}

function open(version = 3): HTMLElement {
  const made = document.createElement("div");
  made.innerHTML = `<offair-clip clip="1" version="${version}" who="rana" for="none" spans="1000-2000">
    <form class="words"><input name="headline" value="Old"><textarea name="summary"></textarea>
    <textarea name="spans">${OLD}</textarea></form></offair-clip>
    <div id="parts"><form id="other"><button>Ask</button></form></div>`;
  document.body.replaceChildren(made);
  return document.querySelector("offair-clip") as HTMLElement;
}

function field(name: string): HTMLInputElement {
  return document.querySelector(`[name="${name}"]`) as HTMLInputElement;
}

function type(name: string, text: string): void {
  field(name).value = text;
  field(name).dispatchEvent(new Event("input", { bubbles: true }));
}

function press(words: string): void {
  [...document.querySelectorAll("button")].find((one) => one.textContent === words)?.click();
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  sent.length = 0;
  parts = "";
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const one = { method: init.method ?? "GET", path, body: JSON.parse((init.body as string | undefined) ?? "{}") };
    sent.push(one);
    return one.method === "PATCH" && answers ? answers(one) : new Response(parts, { status: parts ? 200 : 404 });
  });
});

afterEach(() => {
  document.body.innerHTML = "";
  answers = undefined;
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("somebody else changed the clip", () => {
  beforeEach(() => {
    answers = ({ body }) =>
      body.version === 3 ? json(409, { clip: THEIRS, work: { version: 4 } }) : json(200, { work: { version: 5 } });
  });

  it("her cuts stand when mine were not touched", async () => {
    open();
    type("headline", "Mine");
    await vi.advanceTimersByTimeAsync(2000);
    press("Keep mine");
    await vi.advanceTimersByTimeAsync(2000);
    expect(patches()).toHaveLength(2);
    expect(patches()[1]?.body).toMatchObject({ version: 4, headline: "Mine" });
    expect(patches()[1]?.body).not.toHaveProperty("spans");
    expect(field("spans").value.trim()).toBe("0:05 – 0:09");
  });

  it("taking hers takes her cuts too", async () => {
    open();
    type("spans", "0:01 – 0:03");
    await vi.advanceTimersByTimeAsync(2000);
    press("Take theirs");
    expect(field("headline").value).toBe("Theirs");
    expect(field("spans").value.trim()).toBe("0:05 – 0:09");
  });

  it("both cuts are shown where they differ", async () => {
    open();
    type("spans", "0:01 – 0:03");
    await vi.advanceTimersByTimeAsync(2000);
    expect(document.querySelector(".clash")?.textContent).toContain("0:05 – 0:09");
  });
});

describe("a draft of an earlier window", () => {
  it("meets what was saved since as a conflict, not over it", async () => {
    answers = ({ body }) =>
      body.version === 7 ? json(200, { work: { version: 8 } }) : json(409, { clip: THEIRS, work: { version: 7 } });
    localStorage.setItem(keyOf("rana", 1), JSON.stringify({ version: 3, headline: "Offline", summary: "", spans: OLD }));
    open(7);
    press("Take");
    await vi.advanceTimersByTimeAsync(2000);
    expect(patches()[0]?.body.version).toBe(3);
    expect(document.querySelector(".clash")).not.toBeNull();
  });
});

describe("a form that is sent while the words are being saved", () => {
  it("is sent when they are saved", async () => {
    let release: (answer: Response) => void = () => undefined;
    answers = () => new Promise((resolve) => (release = resolve));
    open();
    type("headline", "Mine");
    await vi.advanceTimersByTimeAsync(2000);
    const other = document.getElementById("other") as HTMLFormElement;
    let through = 0;
    document.addEventListener("submit", (event) => {
      if (!event.defaultPrevented) through += 1;
      event.preventDefault();
    });
    other.requestSubmit();
    expect(through).toBe(0);
    release(json(200, { work: { version: 4 } }));
    await vi.advanceTimersByTimeAsync(2000);
    expect(through).toBe(1);
  });
});

describe("what stands beside the words", () => {
  it("is renewed, but not where somebody wrote", async () => {
    answers = () => json(200, { work: { version: 4 } });
    open();
    const section = (name: string, text: string) =>
      `<section aria-labelledby="${name}"><p>${text}</p><details><input name="ask-${name}"></details></section>`;
    (document.getElementById("parts") as HTMLElement).innerHTML = section("proofs", "old") + section("standing", "old");
    (document.querySelector("details") as HTMLDetailsElement).open = true;
    field("ask-standing").value = "A question I began";
    parts = section("proofs", "new") + section("standing", "new");
    type("headline", "Mine");
    await vi.advanceTimersByTimeAsync(2000);
    expect([...document.querySelectorAll("#parts p")].map((one) => one.textContent)).toEqual(["new", "old"]);
    expect(field("ask-standing").value).toBe("A question I began");
    expect((document.querySelector("details") as HTMLDetailsElement).open).toBe(true);
  });
});

describe("the edges of a span", () => {
  it("move by a step, and no further than the sound and the other edge", () => {
    expect(moved("0:01 – 0:02\n0:05 – 0:06", 1, "start", -100)).toBe("0:01 – 0:02\n0:04.900 – 0:06\n");
    expect(moved("0:01 – 0:02", 0, "end", 100)).toBe("0:01 – 0:02.100\n");
    expect(moved("0:00 – 0:02", 0, "start", -100)).toBeNull();
    expect(moved("0:01 – 0:01.1", 0, "end", -100)).toBeNull();
    expect(moved("0:01 – 0:02", 1, "end", 100)).toBeNull();
    expect(moved("nothing", 0, "end", 100)).toBeNull();
  });

  it("have buttons that write the field and save it, and keep the focus", async () => {
    open();
    const press = document.querySelectorAll<HTMLButtonElement>(".edges button")[5];
    press?.focus();
    press?.click();
    press?.click();
    expect(field("spans").value).toBe("0:01 – 0:02.200\n");
    expect(document.activeElement).toBe(press);
    await vi.advanceTimersByTimeAsync(2000);
    expect(patches()).toHaveLength(1);
    expect(patches()[0]?.body.spans).toEqual([{ start_ms: 1000, end_ms: 2200 }]);
  });

  it("follow what is written in the field", () => {
    open();
    type("spans", "0:01 – 0:02\n0:05 – 0:06");
    expect(document.querySelectorAll(".edges p")).toHaveLength(2);
    type("spans", "what");
    expect(document.querySelectorAll(".edges p")).toHaveLength(0);
  });
});

describe("when publishing is over", () => {
  it("what somebody writes elsewhere on the page stays", async () => {
    open();
    const page = document.getElementById("parts") as HTMLElement;
    page.innerHTML = `<section aria-labelledby="publish" id="publishing" data-publishing="running"><h2 id="publish">Publish</h2></section>
      <section aria-labelledby="queries"><h2 id="queries">Queries</h2><input name="ask"></section>`;
    open2();
    field("ask").value = "Is this";
    answers = undefined;
    parts = `<section aria-labelledby="publish" id="publishing" data-publishing="done"><h2 id="publish">It is published</h2></section>`;
    vi.stubGlobal("fetch", async (path: string) =>
      path.endsWith("/publishing") ? json(200, { state: "done" }) : new Response(parts, { status: 200 }),
    );
    await vi.advanceTimersByTimeAsync(2000);
    expect(document.getElementById("publish")?.textContent).toBe("It is published");
    expect(field("ask").value).toBe("Is this");
  });
});

/** The element anew, on the parts that stand there now. */
function open2(): void {
  const old = document.querySelector("offair-clip") as HTMLElement;
  old.replaceWith(old.cloneNode(true));
}
