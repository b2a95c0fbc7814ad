/** What the editing page asks of the desk. */
import { csrf } from "../check/csrf";

/** A turn as the operations answer with it; places are Unicode characters. */
export interface TurnFacts {
  readonly id: number;
  readonly text: string;
  readonly words: string;
  readonly start_ms: number | null;
  readonly end_ms: number | null;
  readonly marks: readonly { kind: string; char_start: number; char_end: number; text: string }[];
  readonly speaker: string | null;
  readonly speaker_named: boolean;
}

export interface Saved {
  readonly changed: boolean;
  readonly turns: readonly TurnFacts[];
  readonly before: readonly number[];
}

/** Somebody changed the turn: as it was read, as it stands, and who did it. */
export interface Clash {
  readonly base: TurnFacts;
  readonly now: readonly TurnFacts[];
  readonly by: { readonly who: string; readonly when_utc: string };
}

/** `away`: no answer; `login`: nobody is logged in any more; `refused`: with the reason. */
export type Answer<T> =
  | { readonly kind: "done"; readonly found: T }
  | { readonly kind: "clash"; readonly clash: Clash }
  | { readonly kind: "away" | "login" }
  | { readonly kind: "refused"; readonly why: string };

/** Bytes that a browser sends on after the window was closed. */
const MOST_KEPT_ALIVE = 50_000;

let renew = false;

/** Asks an operation. */
export async function ask<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
  if (renew) await renewToken();
  const sent = body === undefined ? undefined : JSON.stringify(body);
  let answer: Response;
  try {
    answer = await fetch(`/api/v1${path}`, {
      method,
      headers: { ...(sent === undefined ? {} : { "content-type": "application/json" }), ...csrf() },
      ...(sent === undefined ? {} : { body: sent }),
      keepalive: method === "PUT" && (sent?.length ?? 0) < MOST_KEPT_ALIVE / 3,
    });
    if (answer.ok) return { kind: "done", found: (await answer.json()) as T };
    const told = (await answer.json().catch(() => ({}))) as Clash & { detail?: string };
    if (answer.status === 401) {
      renew = true;
      return { kind: "login" };
    }
    // The form's token is of a session that is over: the next try takes a new one.
    if (answer.status === 403) renew = true;
    if (answer.status === 409 && told.now) return { kind: "clash", clash: told };
    if (answer.status >= 500 || answer.status === 429) return { kind: "away" };
    return { kind: "refused", why: told.detail ?? "" };
  } catch {
    return { kind: "away" };
  }
}

/** Turns as the page shows them, by their numbers; null where the desk does not answer. */
export async function shownTurns(src: string, ids: readonly number[]): Promise<HTMLElement[] | null> {
  try {
    const answer = await fetch(`${src}&only=${ids.join(",")}`);
    if (!answer.ok) return null;
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    return [...document.importNode(holder.content, true).querySelectorAll<HTMLElement>(".turn")];
  } catch {
    return null;
  }
}

/** After a log-in in another window the page has another token. */
async function renewToken(): Promise<void> {
  try {
    const answer = await fetch(location.pathname + location.search);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector<HTMLMetaElement>("meta[name=csrf]")?.content;
    const here = document.querySelector<HTMLMetaElement>("meta[name=csrf]");
    if (token && here) here.content = token;
    renew = false;
  } catch {
    // Asked again with the next try.
  }
}
