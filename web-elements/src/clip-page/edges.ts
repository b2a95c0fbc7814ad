import { exact, playStretch } from "../sound";
import { say } from "../words";
import { spansOf } from "./drafts";

/** What one press moves an edge by, and how much of the sound at it is heard, ms. */
const STEP_MS = 100;
const HEARD_MS = 1500;

type Edge = "start" | "end";

/** The text of the spans with one edge moved; null where it cannot be read, or the span would have
 *  no length or begin before the sound. */
export function moved(text: string, place: number, edge: Edge, by: number): string | null {
  const spans = spansOf(text);
  const span = spans?.[place];
  if (!spans || !span) return null;
  if (edge === "start") span.start_ms += by;
  else span.end_ms += by;
  if (span.start_ms < 0 || span.end_ms - span.start_ms < STEP_MS) return null;
  return spans.map((one) => `${exact(one.start_ms)} – ${exact(one.end_ms)}\n`).join("");
}

/** Buttons below the field of the spans: each edge a little earlier or later, and heard at once. */
export function edgesOf(field: HTMLTextAreaElement, player: HTMLMediaElement | null, signal: AbortSignal): void {
  const rows = document.createElement("div");
  rows.className = "edges";
  const show = () => {
    const count = spansOf(field.value)?.length ?? 0;
    // Rows stay as they are while their number does: the button that is pressed keeps the focus.
    while (rows.children.length > count) rows.lastElementChild?.remove();
    while (rows.children.length < count) rows.append(row(rows.children.length));
  };
  const listen = (place: number, edge: Edge) => {
    const span = spansOf(field.value)?.[place];
    if (!span || !player) return;
    const { start_ms: start, end_ms: end } = span;
    playStretch(
      player,
      edge === "start" ? { start, end: Math.min(end, start + HEARD_MS) } : { start: Math.max(start, end - HEARD_MS), end },
    );
  };
  const move = (place: number, edge: Edge, by: number) => {
    const text = moved(field.value, place, edge, by);
    if (text === null) return;
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    listen(place, edge);
  };
  const press = (label: string, named: string, act: () => void) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.setAttribute("aria-label", named);
    made.title = named;
    made.addEventListener("click", act, { signal });
    return made;
  };
  const row = (place: number) => {
    const made = document.createElement("p");
    const number = place + 1;
    made.append(
      say("Span {number}:", { number }),
      press("−", say("Start span {number} earlier", { number }), () => move(place, "start", -STEP_MS)),
      press(say("start"), say("Listen to the start of span {number}", { number }), () => listen(place, "start")),
      press("+", say("Start span {number} later", { number }), () => move(place, "start", STEP_MS)),
      press("−", say("End span {number} earlier", { number }), () => move(place, "end", -STEP_MS)),
      press(say("end"), say("Listen to the end of span {number}", { number }), () => listen(place, "end")),
      press("+", say("End span {number} later", { number }), () => move(place, "end", STEP_MS)),
    );
    return made;
  };
  field.addEventListener("input", show, { signal });
  // Put there by the page, which is no input of the editor's.
  field.addEventListener("offair-put", show, { signal });
  (field.closest("label") ?? field).after(rows);
  show();
}
