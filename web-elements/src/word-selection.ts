import { LitElement, html, nothing } from "lit";
import { csrf } from "./check/csrf";
import { OffairTranscript, rangeOf, textOf, transcriptOfPage } from "./offair-transcript";
import { clock, exact, playStretch, playerNamed, type Stretch } from "./sound";
import { say } from "./words";
import { charactersBefore, timeOf, wordsWithin, type TimedWord } from "./word-times";

/** Words from one turn to another. from: in the first turn's text, to: in the last one's, UTF-16. */
export interface Chosen {
  readonly turns: readonly HTMLElement[];
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly words: number;
  readonly time: Stretch | null;
}

/** What an operation of the desk takes: places are characters, not UTF-16 units. */
export interface SentWords {
  readonly first: number;
  readonly last: number;
  readonly start: number;
  readonly end: number;
}

const LONGEST_CHECKED = 1500;

/** A part of a text, widened to whole words; null where it touches none. Without words that are
 *  known, to what stands between spaces. */
export function wholeWords(
  text: string,
  words: readonly TimedWord[],
  from: number,
  to: number,
): [number, number] | null {
  const touched = wordsWithin(words, from, to);
  const [first, last] = [touched[0], touched.at(-1)];
  if (first && last) return [first.from, last.to];
  if (words.length || !text.slice(from, to).trim()) return null;
  while (/\s/.test(text[from] ?? "")) from++;
  while (to > from && /\s/.test(text[to - 1] ?? "")) to--;
  while (from > 0 && /\S/.test(text[from - 1] ?? "")) from--;
  while (to < text.length && /\S/.test(text[to] ?? "")) to++;
  return [from, to];
}

/** The same as the desk takes it. */
export function sent(chosen: Chosen): SentWords {
  const [first, last] = [chosen.turns[0], chosen.turns.at(-1)];
  const number = (turn: HTMLElement | undefined) => Number(turn?.id.replace("turn-", ""));
  return {
    first: number(first),
    last: number(last),
    start: first ? charactersBefore(textOf(first).textContent, chosen.from) : 0,
    end: last ? charactersBefore(textOf(last).textContent, chosen.to) : 0,
  };
}

/**
 * What can be done with words that are selected in the transcript: cut a clip of them, of several
 * selections one with cuts between; copy them with their time; check them as a quotation.
 *
 * `for` names the player, `recording` and `layer` are numbers, `source` is where the words are
 * from, as a citation has it; `editor` stands where the reader may draft clips, `sound` where clips
 * are cut by time and not by turns.
 */
export class OffairSelection extends LitElement {
  static override properties = {
    for: {},
    recording: {},
    layer: {},
    source: {},
    editor: { type: Boolean },
    sound: { type: Boolean },
    now: { state: true },
    kept: { state: true },
    told: { state: true },
    busy: { state: true },
  };

  declare for: string;
  declare recording: string;
  declare layer: string;
  declare source: string;
  declare editor: boolean;
  declare sound: boolean;
  declare now: Chosen | null;
  declare kept: readonly Chosen[];
  declare told: string;
  declare busy: boolean;

  private timer = 0;
  private readonly highlight = typeof Highlight === "undefined" ? null : new Highlight();
  private readonly events = new AbortController();

  constructor() {
    super();
    this.now = null;
    this.kept = [];
    this.told = "";
    this.busy = this.editor = this.sound = false;
    this.source = "";
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.highlight) CSS.highlights.set("chosen", this.highlight);
    const options = { signal: this.events.signal };
    document.addEventListener("selectionchange", () => this.later(), options);
    this.addEventListener("keydown", (event) => event.key === "Escape" && this.drop(), options);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.events.abort();
    CSS.highlights?.delete("chosen");
  }

  protected override render() {
    const all = this.all();
    if (!all.length) {
      return html`<p class="selection-told" role="status">${this.told}</p>`;
    }
    return html`<div class="selection-bar" role="toolbar" aria-label=${say("Selected words")} @mousedown=${kept}>
      <p class="selection-what">
        ${all.map(
          (one) => html`<span class="selection-one"
            >${one.time ? html`<b dir="ltr">${clock(one.time.start)}–${clock(one.time.end)}</b> ` : nothing}<q
              dir="auto"
              >${shortened(one.text)}</q
            ></span
          >`,
        )}
        <span class="quiet">${say("words: {count}", { count: all.reduce((sum, one) => sum + one.words, 0) })}</span>
      </p>
      <p class="selection-buttons">
        ${this.editor
          ? html`<button type="button" class="first" ?disabled=${this.busy} @click=${() => this.clip()}>
              ${say("Make a clip")}
            </button>`
          : nothing}
        ${this.editor && this.sound && this.now
          ? html`<button type="button" @click=${() => this.keep()}>${say("Add more words")}</button>`
          : nothing}
        ${this.sound
          ? html`<button type="button" @click=${() => this.listen()}>${say("Listen")}</button>`
          : nothing}
        <button type="button" @click=${() => this.copy()}>${say("Copy with time")}</button>
        <a class="button" href=${`/check?${new URLSearchParams({ words: joined(all).slice(0, LONGEST_CHECKED) })}`}
          >${say("Check these words")}</a
        >
        <button type="button" class="plain" @click=${() => this.drop()}>${say("Let go")} <kbd>Esc</kbd></button>
      </p>
      <p class="quiet" role="status" dir="auto">${this.told}</p>
    </div>`;
  }

  /** Puts the focus on the first thing to do with the words that are selected. */
  reach(): void {
    this.querySelector<HTMLElement>(".selection-buttons button, .selection-buttons a")?.focus();
  }

  /** Selects the sentence that is spoken, so that the keyboard can go on from there. */
  takeSentence(): void {
    const found = transcriptOfPage()?.sentence();
    const range = found && rangeOf(textOf(found.turn), found);
    if (!range) return;
    const selection = getSelection();
    selection?.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  }

  /** Makes the selection a word longer or shorter at its end, on the side an arrow key points to;
   *  false where that is no key for it or nothing is selected. */
  extend(arrow: string): boolean {
    const selection = getSelection();
    const side = { ArrowLeft: "left", ArrowRight: "right" }[arrow];
    if (!side || !selection || selection.isCollapsed || !this.now) return false;
    selection.modify("extend", side, "word");
    return true;
  }

  /** Lets all selected words go. */
  drop(): void {
    this.now = null;
    this.kept = [];
    this.told = "";
    this.mark();
    if (!getSelection()?.isCollapsed) getSelection()?.removeAllRanges();
  }

  private all(): readonly Chosen[] {
    return this.now ? [...this.kept, this.now] : this.kept;
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.look(), 120);
  }

  /** What is selected in the text, in whole words. */
  private look(): void {
    const selection = getSelection();
    const text = transcriptOfPage();
    if (!selection || !text || this.contains(selection.anchorNode)) return;
    const range = selection.rangeCount ? selection.getRangeAt(0) : null;
    const found = range && !range.collapsed ? chosenIn(range, text) : null;
    if (!found && !this.now) return;
    this.now = found;
    this.told = "";
  }

  private keep(): void {
    if (!this.now) return;
    this.kept = [...this.kept, this.now];
    this.now = null;
    getSelection()?.removeAllRanges();
    this.told = say("Now select further words: the clip has them after a cut.");
    this.mark();
  }

  private mark(): void {
    this.highlight?.clear();
    for (const { turns, from, to } of this.kept) {
      const [first, last] = [turns[0], turns.at(-1)];
      if (!first || !last) continue;
      const begin = rangeOf(textOf(first), { from, to: from });
      const end = rangeOf(textOf(last), { from: to, to });
      if (!begin || !end) continue;
      const range = document.createRange();
      range.setStart(begin.startContainer, begin.startOffset);
      range.setEnd(end.endContainer, end.endOffset);
      this.highlight?.add(range);
    }
  }

  private listen(): void {
    const player = playerNamed(this.for);
    const time = this.all().at(-1)?.time;
    if (player && time) playStretch(player, time);
  }

  private async copy(): Promise<void> {
    const times = this.all().map(({ time }) => time);
    const first = times.find((one) => one !== null);
    const address = new URL(`/recordings/${this.recording}?layer=${this.layer}`, location.href);
    const parts = { words: joined(this.all()), source: this.source };
    const text = first
      ? say("“{words}” — {source}, {times}. {address}", {
          ...parts,
          times: times.map((one) => (one ? `${clock(one.start)}–${clock(one.end)}` : "")).join(", "),
          address: `${address}&t=${exact(first.start)}`,
        })
      : say("“{words}” — {source}. {address}", { ...parts, address: `${address}` });
    try {
      await navigator.clipboard.writeText(text);
      this.told = say("Copied.");
    } catch {
      // Not allowed here: then it stands where it can be copied from.
      this.told = text;
    }
  }

  private async clip(): Promise<void> {
    if (this.busy) return;
    const words = this.all().map(sent);
    const turns = this.all().flatMap((one) => one.turns.map((turn) => Number(turn.id.replace("turn-", ""))));
    const body = this.sound ? { layer: Number(this.layer), words } : { layer: Number(this.layer), turns };
    this.busy = true;
    this.told = "";
    const made = await draft(this.recording, body);
    this.busy = false;
    if (typeof made === "string") {
      this.told = made || say("The desk did not answer, and no clip was made. Try again.");
      return;
    }
    const page = await fetch(`/clips/${made}`, { method: "HEAD" }).catch(() => null);
    if (page?.ok) {
      location.assign(`/clips/${made}`);
      return;
    }
    this.told = say("A draft was made, clip {number}.", { number: made });
  }
}

/** A button takes the focus by mouse, and with it the selection: not here. */
function kept(event: Event): void {
  event.preventDefault();
}

function shortened(text: string): string {
  const words = text.split(/\s+/);
  return words.length > 14 ? `${words.slice(0, 8).join(" ")} … ${words.slice(-4).join(" ")}` : text;
}

function joined(all: readonly Chosen[]): string {
  return all.map(({ text }) => text).join(" […] ");
}

/** The words of turns that a range touches, null where it touches none. */
function chosenIn(range: Range, text: OffairTranscript): Chosen | null {
  const parts: { turn: HTMLElement; from: number; to: number; words: TimedWord[] }[] = [];
  for (const turn of text.querySelectorAll<HTMLElement>(".turn[id]")) {
    const line = textOf(turn);
    if (!range.intersectsNode(line)) continue;
    const whole = line.textContent;
    const from = line.contains(range.startContainer) ? before(line, range.startContainer, range.startOffset) : 0;
    const to = line.contains(range.endContainer) ? before(line, range.endContainer, range.endOffset) : whole.length;
    const words = text.wordsOf(turn);
    const found = wholeWords(whole, words, from, to);
    if (found) parts.push({ turn, from: found[0], to: found[1], words });
  }
  const [first, last] = [parts[0], parts.at(-1)];
  if (!first || !last) return null;
  const said = parts.map(({ turn, from, to }) => textOf(turn).textContent.slice(from, to));
  const timed = parts.flatMap(({ words, from, to }) => wordsWithin(words, from, to));
  return {
    turns: parts.map(({ turn }) => turn),
    from: first.from,
    to: last.to,
    text: said.join(" ").replace(/\s+/g, " "),
    words: said.join(" ").split(/\s+/).length,
    time: timeOf(timed),
  };
}

/** How much of an element's text stands before a place in it. */
function before(element: HTMLElement, node: Node, offset: number): number {
  const range = document.createRange();
  range.setStart(element, 0);
  range.setEnd(node, offset);
  return range.toString().length;
}

/** The number of the new draft, or what the desk says against it. */
async function draft(recording: string, body: object): Promise<number | string> {
  try {
    const answer = await fetch(`/api/v1/recordings/${recording}/clips`, {
      method: "POST",
      headers: { "content-type": "application/json", ...csrf() },
      body: JSON.stringify(body),
    });
    const told = (await answer.json()) as { id?: number; detail?: string };
    return answer.ok && told.id !== undefined ? told.id : (told.detail ?? "");
  } catch {
    return "";
  }
}

customElements.define("offair-selection", OffairSelection);
