import { csrf } from "../check/csrf";
import { exact, playerNamed, playStretch, type Stretch } from "../sound";
import { say } from "../words";
import { edgesOf } from "./edges";
import { type ClipDraft, found, keep, keyOf, paragraphs, spansOf } from "./drafts";

const AFTER_MS = 1200;
const AGAIN_MS = 4000;

interface Theirs {
  readonly headline: string | null;
  readonly summary: readonly string[];
  readonly spans?: readonly { readonly start_ms: number; readonly end_ms: number }[];
}

/** The words of a clip: saved a moment after the last key, kept here while the desk does not answer,
 *  and never over somebody else's. Plays the clip as it is cut. The form in it works by itself. */
export class OffairClip extends HTMLElement {
  private timer = 0;
  private saving: Promise<void> | null = null;
  private cut = 0;
  private version = 0;
  private stored: ClipDraft | null = null;
  private readonly told = document.createElement("p");
  private readonly events = new AbortController();

  connectedCallback(): void {
    this.version = Number(this.getAttribute("version"));
    this.stored = this.written();
    this.told.setAttribute("role", "status");
    this.told.className = "quiet told";
    this.form.append(this.told);
    const { signal } = this.events;
    this.form.addEventListener("input", () => this.changed(), { signal });
    this.form.addEventListener("submit", (event) => this.sent(event), { signal });
    document.addEventListener("click", (event) => this.clicked(event), { signal });
    document.addEventListener("submit", (event) => void this.acted(event), { signal });
    addEventListener("online", () => void this.save(), { signal });
    addEventListener("beforeunload", (event) => this.leaving(event), { signal });
    this.cutButton();
    const spans = this.field("spans");
    if (spans instanceof HTMLTextAreaElement) edgesOf(spans, playerNamed(this.getAttribute("for") ?? ""), signal);
    this.offer();
    this.watch();
  }

  disconnectedCallback(): void {
    this.events.abort();
    clearTimeout(this.timer);
  }

  private get form(): HTMLFormElement {
    return this.querySelector<HTMLFormElement>("form.words") as HTMLFormElement;
  }

  private field(name: string): HTMLInputElement | HTMLTextAreaElement | null {
    return this.form.querySelector(`[name="${name}"]`);
  }

  private written(): ClipDraft {
    return {
      version: this.version,
      headline: this.field("headline")?.value ?? "",
      summary: this.field("summary")?.value ?? "",
      spans: this.field("spans")?.value ?? null,
    };
  }

  private get key(): string {
    return keyOf(this.getAttribute("who") ?? "", Number(this.getAttribute("clip")));
  }

  private same(one: ClipDraft, other: ClipDraft | null): boolean {
    return (
      other !== null &&
      one.headline === other.headline &&
      one.summary === other.summary &&
      // null: the spans were not touched
      (one.spans === other.spans || one.spans === null)
    );
  }

  private changed(): void {
    const draft = this.written();
    const spans = draft.spans === this.stored?.spans ? null : draft.spans;
    const kept = keep(localStorage, this.key, { ...draft, spans });
    this.say(kept ? say("Not saved yet.") : say("The desk does not answer, and this browser keeps nothing. Copy your words before you close the window."));
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), AFTER_MS);
  }

  private sent(event: Event): void {
    event.preventDefault();
    void this.save();
  }

  /** One at a time; who comes while one runs waits for it. */
  private save(): Promise<void> {
    this.saving ??= this.saveNow().finally(() => {
      this.saving = null;
    });
    return this.saving;
  }

  private async saveNow(): Promise<void> {
    clearTimeout(this.timer);
    const draft = this.written();
    if (this.same(draft, this.stored)) return;
    const body: Record<string, unknown> = {
      version: this.version,
      headline: draft.headline,
      summary: paragraphs(draft.summary),
    };
    if (draft.spans !== null && draft.spans !== this.stored?.spans) {
      const spans = spansOf(draft.spans);
      if (!spans) {
        this.say(say("A span cannot be read. Write one a line, as 1:02.5 – 1:20."));
        return;
      }
      body.spans = spans;
    }
    this.say(say("Saving …"));
    const answer = await this.ask(`/api/v1/clips/${this.getAttribute("clip")}`, "PATCH", body);
    if (!answer) {
      this.say(say("Kept in this browser. It will be sent when the desk answers."));
      this.timer = window.setTimeout(() => void this.save(), AGAIN_MS);
      return;
    }
    const told = (await answer.json().catch(() => ({}))) as {
      work?: { version: number };
      clip?: Theirs;
      detail?: string;
      notes?: string[];
    };
    if (answer.ok && told.work) {
      this.stands(told.work.version);
      this.stored = draft;
      const now = this.written();
      if (this.same(now, draft)) {
        localStorage.removeItem(this.key);
        this.say([say("Saved."), ...(told.notes ?? [])].join(" "));
      } else {
        this.changed();
      }
      await this.renew(draft.spans !== null && body.spans !== undefined);
    } else if (answer.status === 409 && told.clip && told.work) {
      this.clash(told.clip, told.work.version);
    } else if (answer.status === 401) {
      this.say(say("You are logged out. Your words are kept in this browser: log in in another window, and they will be sent."));
      this.timer = window.setTimeout(() => void this.save(), AGAIN_MS);
    } else {
      this.say(told.detail ?? say("The desk refused these words. They are kept in this browser."));
    }
  }

  private stands(version: number): void {
    this.version = version;
    for (const one of document.querySelectorAll<HTMLInputElement>('input[name="version"]')) one.value = `${version}`;
  }

  private async ask(path: string, method: string, body?: object): Promise<Response | null> {
    try {
      const headers: Record<string, string> = { ...csrf() };
      if (body) headers["content-type"] = "application/json";
      const answer = await fetch(path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
      return answer.status >= 500 ? null : answer;
    } catch {
      return null;
    }
  }

  /** Both versions, and what to do; nothing is thrown away. */
  private clash(clip: Theirs, version: number): void {
    const hers: ClipDraft = {
      version,
      headline: clip.headline ?? "",
      summary: clip.summary.join("\n\n"),
      spans: this.field("spans") && clip.spans ? clip.spans.map((one) => `${exact(one.start_ms)} – ${exact(one.end_ms)}\n`).join("") : null,
    };
    const cutByMe = this.written().spans !== this.stored?.spans;
    const old = this.querySelector(".clash");
    old?.remove();
    const box = document.createElement("section");
    box.className = "clash";
    box.setAttribute("role", "alert");
    const title = document.createElement("h2");
    title.textContent = say("Somebody changed the clip meanwhile. Nothing was saved, and nothing is lost.");
    const theirs = document.createElement("blockquote");
    theirs.dir = "auto";
    theirs.textContent = [hers.headline, ...clip.summary, ...(cutByMe && hers.spans ? [hers.spans] : [])].join("\n");
    const mine = button(say("Keep mine"), () => {
      box.remove();
      this.stands(version);
      // Cuts that I did not touch are hers.
      if (!cutByMe) this.put({ ...this.written(), spans: hers.spans });
      this.stored = { ...hers, spans: hers.spans ?? this.stored?.spans ?? null };
      if (this.same(this.written(), this.stored)) {
        localStorage.removeItem(this.key);
        this.say(say("Saved."));
        void this.renew(true);
      } else {
        void this.save();
      }
    });
    const take = button(say("Take theirs"), () => {
      box.remove();
      this.stands(version);
      this.put(hers);
      this.stored = this.written();
      localStorage.removeItem(this.key);
      this.say(say("Theirs stands."));
      void this.renew(true);
    });
    box.append(title, theirs, mine, " ", take);
    this.prepend(box);
    this.say(say("Not saved yet."));
  }

  private put(draft: ClipDraft): void {
    for (const name of ["headline", "summary", "spans"] as const) {
      const field = this.field(name);
      const value = draft[name];
      if (!field || value === null) continue;
      field.value = value;
      if (name === "spans") field.dispatchEvent(new Event("offair-put"));
    }
  }

  /** Words of an earlier window that the desk does not have: offered, never put in unasked. */
  private offer(): void {
    const draft = found(localStorage, this.key);
    if (!draft) return;
    if (this.same(draft, this.stored)) {
      localStorage.removeItem(this.key);
      return;
    }
    const box = document.createElement("section");
    box.className = "clash";
    const title = document.createElement("p");
    title.textContent = say("Words of yours that the desk does not have");
    const text = document.createElement("blockquote");
    text.dir = "auto";
    text.textContent = [draft.headline, draft.summary].join("\n");
    const take = button(say("Take"), () => {
      box.remove();
      this.put(draft);
      // What was saved since is a conflict, not to be written over.
      this.version = draft.version;
      this.changed();
    });
    const drop = button(say("Throw away"), () => {
      box.remove();
      localStorage.removeItem(this.key);
    });
    box.append(title, text, take, " ", drop);
    this.prepend(box);
  }

  /** What the desk says of the clip now, in the place of what it said; the fields stay as they are. */
  private async renew(media: boolean): Promise<void> {
    const clip = this.getAttribute("clip");
    const answer = await this.ask(`/clips/${clip}/parts`, "GET");
    if (!answer?.ok) return;
    const parts = document.getElementById("parts");
    const fresh = document.createElement("template");
    fresh.innerHTML = await answer.text();
    const preview = fresh.content.querySelector("#new-preview");
    const shown = document.getElementById("preview");
    if (preview && shown) shown.replaceChildren(...preview.childNodes);
    preview?.remove();
    if (parts) replaceUntouched(parts, fresh.content);
    if (media) {
      const spans = spansOf(this.field("spans")?.value ?? "");
      if (spans) this.setAttribute("spans", spans.map((one) => `${one.start_ms}-${one.end_ms}`).join(" "));
    }
    this.watch();
  }

  /** Forms of the page act by themselves; first the words have to be saved. */
  private async acted(event: SubmitEvent): Promise<void> {
    const form = event.target as HTMLFormElement;
    if (form === this.form || this.same(this.written(), this.stored)) return;
    event.preventDefault();
    const { submitter } = event;
    // The save that runs may be of earlier words.
    await this.saving;
    await this.save();
    if (this.same(this.written(), this.stored)) form.requestSubmit(submitter);
  }

  private clicked(event: Event): void {
    const link = (event.target as Element | null)?.closest<HTMLAnchorElement>("a.play");
    const player = playerNamed(this.getAttribute("for") ?? "");
    if (!link || !player) return;
    event.preventDefault();
    this.cut += 1;
    playStretch(player, { start: Number(link.dataset.start), end: Number(link.dataset.end) });
  }

  private spans(): Stretch[] {
    return (this.getAttribute("spans") ?? "")
      .split(" ")
      .filter((one) => one.includes("-"))
      .map((one) => {
        const [start, end] = one.split("-").map(Number);
        return { start: start ?? 0, end: end ?? 0 };
      });
  }

  private cutButton(): void {
    const player = playerNamed(this.getAttribute("for") ?? "");
    if (!player || this.spans().length === 0) return;
    player.after(button(say("Play the clip as it is cut"), () => this.playCut(player, 0, ++this.cut)));
  }

  /** One span after the other, without what is cut. */
  private playCut(player: HTMLMediaElement, place: number, run: number): void {
    const span = this.spans()[place];
    if (!span) return;
    playStretch(player, span);
    const next = () => {
      if (run === this.cut && player.currentTime * 1000 >= span.end - 60) this.playCut(player, place + 1, run);
    };
    player.addEventListener("pause", next, { once: true, signal: this.events.signal });
  }

  /** While it is being published: look again until that is over. */
  private watch(): void {
    const state = document.getElementById("publishing")?.dataset.publishing;
    if (state !== "queued" && state !== "running") return;
    window.setTimeout(() => {
      void this.ask(`/api/v1/clips/${this.getAttribute("clip")}/publishing`, "GET").then(async (answer) => {
        const told = answer?.ok ? ((await answer.json()) as { state: string }) : null;
        if (!told || told.state === "queued" || told.state === "running") this.watch();
        else if (this.begun()) await this.renew(true);
        else location.reload();
      });
    }, 700);
  }

  /** Whether somebody writes in a form of the page, which a new page would throw away. */
  private begun(): boolean {
    const sections = [...document.querySelectorAll<HTMLElement>("#parts section")];
    return !this.same(this.written(), this.stored) || sections.some(written);
  }

  private leaving(event: BeforeUnloadEvent): void {
    if (!this.same(this.written(), this.stored) && !found(localStorage, this.key)) event.preventDefault();
  }

  private say(text: string): void {
    this.told.textContent = text;
  }
}

/** Sections as they are now, but not one that somebody writes in or wrote in. */
function replaceUntouched(parts: HTMLElement, fresh: DocumentFragment): void {
  for (const now of fresh.querySelectorAll<HTMLElement>("section[aria-labelledby]")) {
    const name = now.getAttribute("aria-labelledby") ?? "";
    const old = parts.querySelector<HTMLElement>(`section[aria-labelledby="${name}"]`);
    if (!old || old.contains(document.activeElement) || written(old)) continue;
    const open = [...old.querySelectorAll("details")].map((one) => one.open);
    [...now.querySelectorAll("details")].forEach((one, place) => {
      one.open = open[place] ?? false;
    });
    old.replaceWith(now);
  }
}

function written(section: HTMLElement): boolean {
  return [...section.querySelectorAll("input")].some(
    (one) => one.type !== "hidden" && (one.value !== one.defaultValue || one.checked !== one.defaultChecked),
  );
}

function button(label: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

customElements.define("offair-clip", OffairClip);
