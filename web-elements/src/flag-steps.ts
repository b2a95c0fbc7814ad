import { LitElement, html, nothing } from "lit";
import { csrf } from "./check/csrf";
import { transcriptOfPage } from "./offair-transcript";
import { around, playStretch, playerNamed, type Stretch } from "./sound";
import { say } from "./words";

/** A doubt of the list: its number, and its media time where it has one. */
export interface Doubt {
  readonly id: number;
  readonly time: Stretch | null;
}

/** The doubt `by` steps from the chosen one, or, where none is chosen, from a moment; undefined
 *  past either end. */
export function stepped(
  doubts: readonly Doubt[],
  chosen: number | null,
  now: number,
  by: 1 | -1,
): Doubt | undefined {
  const here = doubts.findIndex(({ id }) => id === chosen);
  if (here >= 0) return doubts[here + by];
  const found =
    by > 0
      ? doubts.find(({ time }) => time !== null && time.start >= now)
      : doubts.findLast(({ time }) => time !== null && time.start < now);
  // Doubts about a text without times are gone through from the first.
  return found ?? (doubts.some(({ time }) => time !== null) ? undefined : doubts[0]);
}

/**
 * The open doubts of a text, stepped through with the sound: a second before and after each is
 * played. Whoever may, settles one with a note, and goes on to the next.
 *
 * `for` names the player, `src` answers with the list anew; `editor` stands where the reader may
 * settle. The list in it is the server's.
 */
export class OffairFlags extends LitElement {
  static override properties = {
    for: {},
    src: {},
    editor: { type: Boolean },
    chosen: { state: true },
    told: { state: true },
    busy: { state: true },
  };

  declare for: string;
  declare src: string;
  declare editor: boolean;
  declare chosen: number | null;
  declare told: string;
  declare busy: boolean;

  private readonly events = new AbortController();

  constructor() {
    super();
    this.chosen = null;
    this.told = "";
    this.busy = false;
    this.editor = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("click", (event) => this.clicked(event), { signal: this.events.signal });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.events.abort();
  }

  protected override render() {
    const row = this.row();
    if (!this.doubts().length && !this.told) return nothing;
    return html`<div class="flag-steps">
      <p class="flag-buttons">
        <button type="button" @click=${() => this.step(-1)}>${say("doubt before")} <kbd>B</kbd></button>
        <button type="button" @click=${() => this.step(1)}>${say("next doubt")} <kbd>D</kbd></button>
        ${row && this.editor
          ? html`<button type="button" class="first" ?disabled=${this.busy} @click=${() => this.accept()}>
              ${say("settle the doubt")} <kbd>A</kbd>
            </button>`
          : nothing}
      </p>
      ${row && this.editor
        ? html`<form @submit=${this.sent}>
            <label>${say("What was found")} <input name="note" maxlength="2000" autocomplete="off" dir="auto" /></label>
          </form>`
        : nothing}
      <p class="quiet" role="status">${this.told}</p>
    </div>`;
  }

  /** Chooses the next doubt, or the one before, and plays it. */
  step(by: 1 | -1): void {
    const now = (playerNamed(this.for)?.currentTime ?? 0) * 1000;
    const found = stepped(this.doubts(), this.chosen, now, by);
    if (found) this.choose(found.id);
    else this.told = by > 0 ? this.nothingAfter() : say("There is no doubt before.");
  }

  /** Chooses a doubt: shows its words and plays it, a second before and after. */
  choose(id: number): void {
    const row = this.row(id);
    if (!row) return;
    this.row()?.removeAttribute("aria-current");
    this.chosen = id;
    this.told = "";
    row.setAttribute("aria-current", "true");
    row.scrollIntoView({ block: "nearest" });
    this.play();
  }

  /** Notes that the reader has looked at the doubt that is chosen, and goes on to the next. */
  async accept(): Promise<void> {
    const row = this.row();
    if (!row || !this.editor || this.busy) return;
    const id = this.chosen;
    const next = stepped(this.doubts(), id, 0, 1);
    const time = timeOf(row);
    const note = this.querySelector<HTMLInputElement>("input[name=note]");
    this.busy = true;
    const trouble = await settle(id, note?.value ?? "");
    this.busy = false;
    if (trouble !== null) {
      this.told = trouble || say("The desk did not answer. The doubt is still open: try again.");
      return;
    }
    if (note) note.value = "";
    this.chosen = null;
    await this.renew();
    if (next) this.choose(next.id);
    this.told = say("Settled.");
    if (time) void transcriptOfPage()?.refresh(time.start);
  }

  private sent(event: Event): void {
    event.preventDefault();
    void this.accept();
  }

  private play(): void {
    const row = this.row();
    const player = playerNamed(this.for);
    const time = row && timeOf(row);
    if (!time || !player) return;
    const heard = around(time, player.duration ? player.duration * 1000 : Infinity);
    const text = transcriptOfPage();
    text?.seek(heard.start, false);
    void text?.showFirst(time.start);
    playStretch(player, heard);
  }

  private clicked(event: MouseEvent): void {
    if (!(event.target instanceof Element) || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest<HTMLAnchorElement>("a.jump");
    const row = link?.closest<HTMLElement>("li[data-flag]");
    if (!link || !row?.dataset.t || !playerNamed(this.for)) return;
    event.preventDefault();
    history.replaceState(null, "", link.href);
    this.choose(Number(row.dataset.flag));
  }

  private doubts(): Doubt[] {
    return [...this.querySelectorAll<HTMLElement>("li[data-flag]")].map((row) => ({
      id: Number(row.dataset.flag),
      time: timeOf(row),
    }));
  }

  private row(id = this.chosen): HTMLElement | null {
    return id === null ? null : this.querySelector(`li[data-flag="${id}"]`);
  }

  private nothingAfter(): string {
    return this.querySelector(".more")
      ? say("Further doubts are on a page of their own.")
      : say("There is no doubt after this one.");
  }

  /** Puts the desk's own list in place of this one: it knows what others settled, too. */
  private async renew(): Promise<void> {
    try {
      const answer = await fetch(this.src);
      if (!answer.ok) return;
      const holder = document.createElement("template");
      holder.innerHTML = await answer.text();
      const fresh = holder.content.querySelector<HTMLElement>(".doubt-list");
      if (!fresh) return;
      this.querySelector(".doubt-list")?.replaceWith(document.importNode(fresh, true));
      document.querySelector("offair-waveform")?.setAttribute("doubts", fresh.dataset.times ?? "");
    } catch {
      // The list stays as it is: what was settled is settled all the same.
      this.row()?.remove();
    }
    this.requestUpdate();
  }
}

function timeOf(row: HTMLElement): Stretch | null {
  if (!row.dataset.t) return null;
  const [start = 0, end = start] = row.dataset.t.split(",").map(Number);
  return { start, end };
}

/** Null where it is done, else what the desk says, empty where it said nothing. */
async function settle(id: number | null, note: string): Promise<string | null> {
  try {
    const answer = await fetch(`/api/v1/flags/${id}/settle`, {
      method: "POST",
      headers: { "content-type": "application/json", ...csrf() },
      body: JSON.stringify({ note: note.trim() || null }),
    });
    if (answer.ok) return null;
    const told = (await answer.json()) as { detail?: string };
    return told.detail ?? "";
  } catch {
    return "";
  }
}

customElements.define("offair-flags", OffairFlags);
