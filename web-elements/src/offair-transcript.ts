import { LitElement, html, nothing } from "lit";
import type { Stretch } from "./sound";
import { lastBefore, sentenceAt, timeOf, unpack, wordsWithin, type TimedWord } from "./word-times";
import { say } from "./words";

interface TimedTurn {
  readonly element: HTMLElement;
  readonly start: number;
  readonly end: number;
}

/** Where the word that is spoken may stand without scrolling, in parts of the free height. */
const CALM = { from: 0.1, to: 0.75, best: 0.3 };
const RETRY_MS = 3000;
const SCROLL_KEYS = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"]);

/**
 * The text of a recording: marks the word that is spoken, follows the sound, seeks to a word that
 * is clicked, and loads further turns as they come into view. The turns in it are the server's;
 * words are marked with a highlight, so the text is never taken apart.
 *
 * `for` names the player, `src` answers with turns (`&from=` by count, `&t=` by time), `at` is a
 * media time in ms to show first. Other elements ask it for what is shown and spoken; it tells the
 * window with `offair-turns` when turns came or went.
 */
export class OffairTranscript extends LitElement {
  static override properties = {
    for: {},
    src: {},
    at: { type: Number },
    following: { state: true },
    playing: { state: true },
    trouble: { state: true },
  };

  declare for: string;
  declare src: string;
  declare at: number | null;
  declare following: boolean;
  declare playing: boolean;
  declare trouble: string;

  private player: HTMLMediaElement | null = null;
  private turns: TimedTurn[] = [];
  private words = new WeakMap<HTMLElement, TimedWord[]>();
  private current: HTMLElement | null = null;
  private word: TimedWord | undefined;
  private busy = false;
  private waiting = false;
  private asked = -Infinity;
  private sought = false;
  private readonly highlight = typeof Highlight === "undefined" ? null : new Highlight();
  private readonly nearby = new IntersectionObserver((seen) => this.comeNear(seen), {
    rootMargin: "1200px 0px",
  });
  private readonly events = new AbortController();

  constructor() {
    super();
    this.following = true;
    this.playing = false;
    this.trouble = "";
    this.at = null;
  }

  protected override createRenderRoot(): HTMLElement {
    // What is rendered here goes before the server's turns and leaves them alone.
    this.renderOptions.renderBefore ??= this.firstChild;
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.highlight) CSS.highlights.set("spoken", this.highlight);
    this.takeStock();
    const options = { signal: this.events.signal };
    this.addEventListener("click", (event) => this.clicked(event), options);
    const player = document.getElementById(this.for);
    if (!(player instanceof HTMLMediaElement)) return;
    this.player = player;
    player.addEventListener("play", () => this.started(), options);
    player.addEventListener("pause", () => (this.playing = false), options);
    player.addEventListener("seeked", () => this.arrived(), options);
    player.addEventListener("timeupdate", () => this.show(), options);
    const leave = () => {
      if (this.playing) this.following = false;
    };
    addEventListener("wheel", leave, { ...options, passive: true });
    addEventListener("touchmove", leave, { ...options, passive: true });
    addEventListener("keydown", (event) => SCROLL_KEYS.has(event.key) && leave(), options);
    if (this.at !== null && !location.hash) void this.showFirst(this.at);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.events.abort();
    this.nearby.disconnect();
    CSS.highlights?.delete("spoken");
  }

  protected override render() {
    const lost = this.player && this.playing && !this.following;
    return html`${lost
      ? html`<button type="button" class="follow" lang=${document.documentElement.lang} @click=${() => this.follow()}>
          ${say("Follow the sound")}
        </button>`
      : nothing}${this.trouble
      ? html`<p class="trouble" role="status" lang=${document.documentElement.lang}>${this.trouble}</p>`
      : nothing}`;
  }

  /** Follows the sound again after the reader has scrolled away. */
  follow(): void {
    this.following = true;
    this.show();
    this.keepInView(true);
  }

  /** Goes to a moment, ms; the text follows unless it is where the reader looks already. */
  seek(time: number, follow = true): void {
    if (!this.player) return;
    this.following = true;
    this.sought = follow;
    this.player.currentTime = time / 1000;
  }

  /** The times of the words of a turn's text; empty where it has none. */
  wordsOf(turn: HTMLElement): TimedWord[] {
    let words = this.words.get(turn);
    if (!words) {
      const packed = textOf(turn).dataset.w;
      words = packed ? unpack(packed) : [];
      this.words.set(turn, words);
    }
    return words;
  }

  /** The time of the turns that are in the window, null where none is. */
  shown(): Stretch | null {
    const top = this.covered();
    const seen = this.turns.filter(({ element }) => {
      const box = element.getBoundingClientRect();
      return box.bottom > top && box.top < innerHeight;
    });
    const [first, last] = [seen[0], seen.at(-1)];
    return first && last ? { start: first.start, end: Math.max(first.start, last.end) } : null;
  }

  /** The sentence that is spoken, or was last: its turn, its characters and its time. */
  sentence(): { turn: HTMLElement; from: number; to: number; time: Stretch } | null {
    if (!this.player) return null;
    const time = this.player.currentTime * 1000 + 0.5;
    const turn = lastBefore(this.turns, time)?.element;
    if (!turn) return null;
    const words = this.wordsOf(turn);
    const word = lastBefore(words, time) ?? words[0];
    const text = textOf(turn);
    if (!word) return null;
    const language = text.closest<HTMLElement>("[lang]")?.lang ?? "";
    const [from, to] = sentenceAt(text.textContent, word.from, language);
    const spoken = timeOf(wordsWithin(words, from, to));
    return spoken && { turn, from, to, time: spoken };
  }

  /** Takes the turns around a moment anew from the desk: something about them was changed. */
  async refresh(time: number): Promise<void> {
    const page = this.pages().find(({ dataset }) => holds(dataset, time));
    if (!page) return;
    const text = await fetchText(`${this.src}&from=${page.dataset.from}`);
    const holder = document.createElement("template");
    holder.innerHTML = text ?? "";
    const fresh = holder.content.querySelector(".turns");
    if (!fresh || !page.isConnected) return;
    page.replaceWith(document.importNode(fresh, true));
    this.current = null;
    this.takeStock();
    this.show();
  }

  /** Somebody else put turns in the place of others, or the words of one changed under its editor. */
  renewed(turn?: HTMLElement, words: TimedWord[] = []): void {
    if (turn) {
      this.words.set(turn, words);
      return;
    }
    this.current = null;
    this.takeStock();
    this.show();
  }

  /** Seeks to the start of the turn `by` turns after the one that is spoken. */
  step(by: number): void {
    if (!this.player) return;
    const time = this.player.currentTime * 1000 + 1;
    const here = this.turns.findLastIndex((turn) => turn.start <= time);
    // Back means the start of this turn first, as players do with tracks.
    const late = by < 0 && here >= 0 && time - this.turns[here]!.start > 1500 ? 1 : 0;
    const turn = this.turns[Math.max(0, here + by + late)];
    if (turn) this.seek(turn.start);
  }

  private arrived(): void {
    this.show();
    // Turns of that time are still on their way: it has not arrived before they stand there.
    if (!this.sought || !this.player || !this.loaded(this.player.currentTime * 1000 + 0.5)) return;
    this.sought = false;
    this.keepInView(false);
  }

  private started(): void {
    this.playing = true;
    const tick = () => {
      if (!this.playing) return;
      this.show();
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  /** Marks what is spoken at the player's time; loads the turns around it where they are missing. */
  private show(): void {
    if (!this.player) return;
    const time = this.player.currentTime * 1000 + 0.5;
    if (!this.loaded(time) && Math.abs(time - this.asked) > 1000) {
      // What is on its way comes first; then the place is looked at again.
      if (this.busy) this.waiting = true;
      else void this.loadAt(time).then(() => this.arrived());
      return;
    }
    const turn = lastBefore(this.turns, time);
    const element = turn && time < Math.max(turn.end, turn.start + 1) ? turn.element : null;
    const word = element ? lastBefore(this.wordsOf(element), time) : undefined;
    if (element === this.current && word === this.word) return;
    if (element !== this.current) {
      this.current?.classList.remove("now");
      element?.classList.add("now");
    }
    this.current = element;
    this.word = word;
    this.highlight?.clear();
    const range = element && word ? rangeOf(textOf(element), word) : null;
    if (range) this.highlight?.add(range);
    if (this.following && this.playing) this.keepInView(false);
  }

  /** Shows the turn of a moment, in the middle of the window. */
  async showFirst(time: number): Promise<void> {
    if (!this.loaded(time)) await this.loadAt(time);
    const turn = lastBefore(this.turns, time);
    turn?.element.scrollIntoView({ block: "center" });
    this.current?.classList.remove("now");
    turn?.element.classList.add("now");
    this.current = turn?.element ?? null;
  }

  private async loadAt(time: number): Promise<void> {
    // Not asked twice for one moment, whatever the answer was.
    this.asked = time;
    await this.load(`${this.src}&t=${(time / 1000).toFixed(3)}`);
  }

  private keepInView(always: boolean): void {
    const target = this.current && this.word ? rangeOf(textOf(this.current), this.word) : null;
    const box = (target ?? this.current)?.getBoundingClientRect();
    if (!box || box.height === 0) return;
    const covered = this.covered();
    const free = innerHeight - covered;
    const calm = box.top > covered + free * CALM.from && box.bottom < covered + free * CALM.to;
    if (calm && !always) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scrollBy({
      top: box.top - covered - free * CALM.best,
      behavior: still ? "instant" : "smooth",
    });
  }

  /** How much of the window's top a player that stands above the text takes, in pixels. */
  private covered(): number {
    const player = this.player?.getBoundingClientRect();
    const text = this.getBoundingClientRect();
    const above = player && player.left < text.right && player.right > text.left;
    return above ? Math.max(0, player.bottom) : 0;
  }

  private clicked(event: MouseEvent): void {
    if (!(event.target instanceof Element) || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const more = event.target.closest<HTMLAnchorElement>("a[data-fragment]");
    if (more) {
      event.preventDefault();
      void this.load(more.dataset.fragment ?? "");
      return;
    }
    if (!this.player) return;
    const link = event.target.closest<HTMLAnchorElement>("a.time");
    const turn = event.target.closest<HTMLElement>(".turn");
    if (link && turn?.dataset.t) {
      event.preventDefault();
      // The address bar now holds what cites this moment.
      history.replaceState(null, "", link.href);
      this.seek(Number(turn.dataset.t.split(",")[0]), false);
      return;
    }
    if (!turn || !getSelection()?.isCollapsed) return;
    const word = this.wordAt(turn, event.clientX, event.clientY);
    if (word?.start != null) this.seek(word.start, false);
  }

  private wordAt(turn: HTMLElement, x: number, y: number): TimedWord | undefined {
    const text = textOf(turn);
    for (const word of this.wordsOf(turn)) {
      for (const box of rangeOf(text, word)?.getClientRects() ?? []) {
        if (x >= box.left - 2 && x <= box.right + 2 && y >= box.top && y <= box.bottom) return word;
      }
    }
    return undefined;
  }

  private loaded(time: number): boolean {
    return this.pages().some(({ dataset }) => holds(dataset, time));
  }

  private pages(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>(".turns")];
  }

  private comeNear(seen: IntersectionObserverEntry[]): void {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting || !(target instanceof HTMLElement)) continue;
      this.nearby.unobserve(target);
      void this.load(target.dataset.fragment ?? "");
    }
  }

  private async load(address: string): Promise<void> {
    // One request at a time: an answer decides what the next one is.
    if (!address || this.busy) return;
    this.busy = true;
    const text = await fetchText(address);
    this.busy = false;
    this.take(text);
    if (!this.waiting) return;
    this.waiting = false;
    this.arrived();
  }

  private take(text: string | null): void {
    if (text === null) {
      this.trouble = say("Further turns could not be loaded. Is the desk still running? Trying again …");
      setTimeout(() => this.isConnected && this.takeStock(), RETRY_MS);
      return;
    }
    this.trouble = "";
    const holder = document.createElement("template");
    holder.innerHTML = text;
    this.put(document.importNode(holder.content, true));
    this.takeStock();
  }

  /** Puts a run of turns after, before or, where it touches neither end, in place of what is here. */
  private put(content: DocumentFragment): void {
    const arrived = content.querySelector<HTMLElement>(".turns");
    const pages = this.pages();
    const first = pages[0];
    if (!arrived || pages.some((page) => page.dataset.from === arrived.dataset.from)) return;
    const before = this.pager("prev");
    const after = this.pager("next");
    // `before` and `after` stand in paragraphs of their own, which go with them.
    if (after && offset(after) === arrived.dataset.from) {
      content.querySelector("a[rel=prev]")?.parentElement?.remove();
      after.parentElement?.replaceWith(content);
    } else if (before && offset(content.querySelector("a[rel=next]")) === first?.dataset.from) {
      content.querySelector("a[rel=next]")?.parentElement?.remove();
      const height = this.scrollHeight;
      before.parentElement?.replaceWith(content);
      scrollBy({ top: this.scrollHeight - height, behavior: "instant" });
    } else {
      before?.parentElement?.remove();
      after?.parentElement?.remove();
      for (const page of pages) page.remove();
      this.append(content);
      arrived.scrollIntoView({ block: "start", behavior: "instant" });
    }
  }

  private pager(rel: "prev" | "next"): HTMLAnchorElement | null {
    return this.querySelector<HTMLAnchorElement>(`a[rel=${rel}][data-fragment]`);
  }

  private takeStock(): void {
    this.turns = [...this.querySelectorAll<HTMLElement>(".turn[data-t]")].map((element) => {
      const [start = 0, end = 0] = (element.dataset.t ?? "").split(",").map(Number);
      return { element, start, end };
    });
    this.turns.sort((one, other) => one.start - other.start);
    this.nearby.disconnect();
    for (const link of this.querySelectorAll("a[data-fragment]")) this.nearby.observe(link);
    dispatchEvent(new CustomEvent("offair-turns"));
  }
}

/** The paragraph with the words of a turn. */
export function textOf(turn: HTMLElement): HTMLElement {
  return turn.querySelector("p") ?? turn;
}

/** Whether a run of turns answers for a moment. */
function holds({ begin, end }: DOMStringMap, time: number): boolean {
  return Number(begin) <= time && (end === undefined || time < Number(end));
}

function offset(link: HTMLAnchorElement | null): string | null {
  return link && new URL(link.getAttribute("href") ?? "", location.href).searchParams.get("from");
}

async function fetchText(address: string): Promise<string | null> {
  try {
    const answer = await fetch(address);
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}

/** The transcript of the page. */
export function transcriptOfPage(): OffairTranscript | null {
  const found = document.querySelector("offair-transcript");
  return found instanceof OffairTranscript ? found : null;
}

/** The part of an element's text that a word covers, across the elements of editorial marks. */
export function rangeOf(text: HTMLElement, word: { from: number; to: number }): Range | null {
  const range = document.createRange();
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  let passed = 0;
  let begun = false;
  while (walker.nextNode()) {
    const node = walker.currentNode as Text;
    if (!begun && word.from < passed + node.length) {
      range.setStart(node, word.from - passed);
      begun = true;
    }
    if (begun && word.to <= passed + node.length) {
      range.setEnd(node, word.to - passed);
      return range;
    }
    passed += node.length;
  }
  return null;
}

customElements.define("offair-transcript", OffairTranscript);
