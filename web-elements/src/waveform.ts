import { LitElement, html, nothing } from "lit";
import { transcriptOfPage } from "./offair-transcript";
import { clock, playerNamed, type Stretch } from "./sound";
import { say } from "./words";

/** What the close view shows at once, and what of it is fetched at once. */
export const NEAR_MS = 30_000;
const TILE_MS = 60_000;
const TILE_COLUMNS = 1200;
const TILES_KEPT = 24;
/** Where in the close view the moment that is heard stands, in parts of its width. */
const NEAR_PLACE = 1 / 3;
const WIDEST = 4096;
const POLL_MS = 2000;
const STEPS: Readonly<Record<string, number>> = {
  ArrowUp: 10_000,
  ArrowDown: -10_000,
  PageUp: 60_000,
  PageDown: -60_000,
};

/** Reads `start,end start,end …`, media times in ms. */
export function stretches(given: string): Stretch[] {
  return given
    .split(" ")
    .filter(Boolean)
    .map((one) => {
      const [start = 0, end = start] = one.split(",").map(Number);
      return { start, end };
    });
}

/** The media time under a place `x` of a view; time runs as the page is read. */
export function timeUnder(x: number, width: number, view: Stretch, rtl: boolean): number {
  const part = Math.min(1, Math.max(0, width ? x / width : 0));
  return view.start + (rtl ? 1 - part : part) * (view.end - view.start);
}

/** Where a media time stands in a view, in pixels; outside of it where it is not in the view. */
export function placeOf(time: number, width: number, view: Stretch, rtl: boolean): number {
  const part = (time - view.start) / Math.max(1, view.end - view.start);
  return (rtl ? 1 - part : part) * width;
}

/** What the close view shows: the moment stands still in it, or, where nothing may move, it is
 *  turned like a page. It never runs out of the recording. */
export function nearView(time: number, duration: number, still: boolean): Stretch {
  const length = Math.min(NEAR_MS, duration);
  const wanted = still ? Math.floor(time / length) * length : time - length * NEAR_PLACE;
  const start = Math.min(Math.max(0, wanted), duration - length);
  return { start, end: start + length };
}

/** How long the height of a column is that goes from `low` to `high`, and where it begins; null
 *  where there is no sound at all. */
export function bar(low: number, high: number, height: number): { top: number; tall: number } | null {
  if (low > high) return null;
  const middle = height / 2;
  const top = middle - (high / 127) * middle;
  const bottom = middle - (low / 127) * middle;
  // Silence is a line: it was held and nobody spoke.
  return bottom - top < 1 ? { top: middle - 0.5, tall: 1 } : { top, tall: bottom - top };
}

/** How many columns to ask for: few different widths, so that the answers are kept. */
export function columnsFor(width: number, ratio: number): number {
  return Math.min(WIDEST, Math.max(64, Math.ceil((width * ratio) / 64) * 64));
}

/**
 * How loud the recording is: all of it, and half a minute around the moment that is heard. A click
 * or a drag goes there; gaps are hatched, open doubts are marked at the foot, the turns that are in
 * the window at the head.
 *
 * `for` names the player, `src` answers with peaks, `duration` is in ms, `gaps` and `doubts` are
 * `start,end start,end …`.
 */
export class OffairWaveform extends LitElement {
  static override properties = {
    for: {},
    src: {},
    duration: { type: Number },
    gaps: {},
    doubts: {},
    told: { state: true },
    seconds: { state: true },
  };

  declare for: string;
  declare src: string;
  declare duration: number;
  declare gaps: string;
  declare doubts: string;
  declare told: string;
  declare seconds: number;

  private player: HTMLMediaElement | null = null;
  private whole: Int8Array | null = null;
  private asked = 0;
  private readonly tiles = new Map<number, Int8Array | null>();
  private held: { view: Stretch; element: HTMLElement } | null = null;
  private frame = 0;
  private timer = 0;
  private readonly sizes = new ResizeObserver(() => this.resized());
  private readonly events = new AbortController();
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)");
  private readonly dark = matchMedia("(prefers-color-scheme: dark)");

  constructor() {
    super();
    this.gaps = this.doubts = this.told = "";
    this.duration = this.seconds = 0;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.player = playerNamed(this.for);
    const options = { signal: this.events.signal };
    for (const name of ["timeupdate", "seeking", "seeked", "play", "pause"]) {
      this.player?.addEventListener(name, () => this.later(), options);
    }
    this.dark.addEventListener("change", () => this.later(), options);
    addEventListener("scroll", () => this.later(), { ...options, passive: true });
    addEventListener("offair-turns", () => this.later(), options);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.events.abort();
    this.sizes.disconnect();
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
  }

  protected override firstUpdated(): void {
    this.sizes.observe(this);
  }

  protected override updated(): void {
    this.later();
  }

  protected override render() {
    const hidden = this.whole === null;
    return html`<div
        class="near"
        ?hidden=${hidden}
        @pointerdown=${this.taken}
        @pointermove=${this.dragged}
        @pointerup=${this.left}
        @pointercancel=${this.left}
      >
        <canvas aria-hidden="true"></canvas>
      </div>
      <div
        class="whole"
        role="slider"
        tabindex="0"
        ?hidden=${hidden}
        aria-label=${say("Time in the recording")}
        aria-valuemin="0"
        aria-valuemax=${Math.floor(this.duration / 1000)}
        aria-valuenow=${this.seconds}
        aria-valuetext=${say("{time} of {all}", {
          time: clock(this.seconds * 1000),
          all: clock(this.duration),
        })}
        @keydown=${this.pressed}
        @pointerdown=${this.taken}
        @pointermove=${this.dragged}
        @pointerup=${this.left}
        @pointercancel=${this.left}
      >
        <canvas aria-hidden="true"></canvas>
      </div>
      ${this.told ? html`<p class="quiet" role="status">${this.told}</p>` : nothing}`;
  }

  private get rtl(): boolean {
    return getComputedStyle(this).direction === "rtl";
  }

  private get time(): number {
    return (this.player?.currentTime ?? 0) * 1000;
  }

  private resized(): void {
    const columns = columnsFor(this.clientWidth, devicePixelRatio);
    if (this.clientWidth && columns !== this.asked) {
      this.asked = columns;
      void this.load();
    }
    this.later();
  }

  private async load(): Promise<void> {
    clearTimeout(this.timer);
    const answer = await ask(`${this.src}?from=0&to=${Math.max(1, this.duration)}&width=${this.asked}`);
    if (answer === null) return;
    if (answer instanceof Int8Array) {
      this.whole = answer;
      this.told = "";
      this.requestUpdate();
      return;
    }
    if (answer.trouble) {
      this.told = say("There is no waveform: {reason}", { reason: answer.trouble });
      return;
    }
    this.told =
      answer.share === null
        ? say("The waveform waits to be made.")
        : say("The waveform is being made: {share} %", { share: Math.round(answer.share * 100) });
    this.timer = window.setTimeout(() => void this.load(), POLL_MS);
  }

  /** The peaks of one tile; asked for where they are not there. */
  private tile(index: number): Int8Array | null {
    const found = this.tiles.get(index);
    if (found !== undefined || index < 0) return found ?? null;
    this.tiles.set(index, null);
    const start = index * TILE_MS;
    void ask(`${this.src}?from=${start}&to=${start + TILE_MS}&width=${TILE_COLUMNS}`).then((answer) => {
      if (!(answer instanceof Int8Array)) {
        this.tiles.delete(index);
        return;
      }
      this.tiles.set(index, answer);
      for (const old of this.tiles.keys()) {
        if (this.tiles.size <= TILES_KEPT) break;
        if (Math.abs(old - index) > 2) this.tiles.delete(old);
      }
      this.later();
    });
    return null;
  }

  private later(): void {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
      // While it plays every frame is another one, unless nothing may move.
      if (this.player && !this.player.paused && !this.still.matches) this.later();
    });
  }

  private draw(): void {
    this.seconds = Math.floor(this.time / 1000);
    if (!this.whole) return;
    const all = { start: 0, end: Math.max(1, this.duration) };
    const whole = this.whole;
    this.paint(".whole canvas", all, (column, columns) => {
      const at = Math.min(whole.length / 2 - 1, Math.floor((column / columns) * (whole.length / 2)));
      return [whole[2 * at] ?? 127, whole[2 * at + 1] ?? -127];
    });
    const view = this.held?.element.classList.contains("near") ? this.held.view : this.near;
    // What comes into view next is there when it does.
    this.tile(Math.floor(Math.min(view.end + NEAR_MS / 2, this.duration) / TILE_MS));
    this.paint(".near canvas", view, (column, columns) => {
      const time = view.start + ((column + 0.5) / columns) * (view.end - view.start);
      const index = Math.floor(time / TILE_MS);
      const peaks = this.tile(index);
      if (!peaks) return [127, -127];
      const at = Math.floor(((time - index * TILE_MS) / TILE_MS) * TILE_COLUMNS);
      return [peaks[2 * at] ?? 127, peaks[2 * at + 1] ?? -127];
    });
  }

  private get near(): Stretch {
    return nearView(this.time, Math.max(1, this.duration), this.still.matches);
  }

  private paint(name: string, view: Stretch, peak: (column: number, columns: number) => [number, number]): void {
    const canvas = this.querySelector<HTMLCanvasElement>(name);
    const pen = canvas?.getContext("2d");
    if (!canvas || !pen) return;
    const [width, height, ratio] = [canvas.clientWidth, canvas.clientHeight, devicePixelRatio];
    if (!width || !height) return;
    const [wide, tall] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== wide || canvas.height !== tall) {
      canvas.width = wide;
      canvas.height = tall;
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const { rtl } = this;
    // The style says the colours: a canvas knows no custom properties, its element does.
    const style = getComputedStyle(canvas);
    const place = (time: number) => placeOf(time, width, view, rtl);
    const box = ({ start, end }: Stretch, least: number): [number, number] => {
      const [one, other] = [place(start), place(end)];
      return [Math.min(one, other), Math.max(least, Math.abs(one - other))];
    };
    const inView = (one: Stretch) => one.end >= view.start && one.start <= view.end;
    const shown = this.shown();
    if (shown && inView(shown)) {
      pen.fillStyle = style.columnRuleColor;
      const [from, long] = box(shown, 2);
      pen.fillRect(from, 0, long, 3);
    }
    pen.fillStyle = style.color;
    const drawn = height - 8;
    for (let column = 0; column < wide; column++) {
      const [low, high] = peak(rtl ? wide - 1 - column : column, wide);
      const made = bar(low, high, drawn);
      if (made) pen.fillRect(column / ratio, 4 + made.top, 1 / ratio, made.tall);
    }
    for (const gap of stretches(this.gaps).filter(inView)) {
      hatch(pen, box(gap, 3), height, style.textDecorationColor);
    }
    pen.fillStyle = style.textDecorationColor;
    for (const doubt of stretches(this.doubts).filter(inView)) {
      const [from, long] = box(doubt, 2);
      pen.fillRect(from, height - 3, long, 3);
      pen.beginPath();
      pen.moveTo(from, height - 8);
      pen.lineTo(from + 3, height - 3);
      pen.lineTo(from - 3, height - 3);
      pen.fill();
    }
    pen.fillStyle = style.caretColor;
    pen.fillRect(place(this.time) - 1, 0, 2, height);
  }

  /** The time of the turns that are in the window. */
  private shown(): Stretch | null {
    return transcriptOfPage()?.shown() ?? null;
  }

  private taken(event: PointerEvent): void {
    const element = event.currentTarget;
    if (event.button !== 0 || !this.player || !(element instanceof HTMLElement)) return;
    const all = { start: 0, end: Math.max(1, this.duration) };
    this.held = { view: element.classList.contains("near") ? this.near : all, element };
    element.setPointerCapture(event.pointerId);
    this.seekTo(event);
  }

  private dragged(event: PointerEvent): void {
    if (this.held) this.seekTo(event);
  }

  private left(): void {
    this.held = null;
    this.later();
  }

  private seekTo(event: PointerEvent): void {
    if (!this.held) return;
    const box = this.held.element.getBoundingClientRect();
    this.go(timeUnder(event.clientX - box.left, box.width, this.held.view, this.rtl));
  }

  private go(time: number): void {
    const text = transcriptOfPage();
    const wanted = Math.min(Math.max(0, time), Math.max(0, this.duration - 1));
    if (text) text.seek(wanted);
    else if (this.player) this.player.currentTime = wanted / 1000;
  }

  private pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const step = STEPS[event.key];
    const end = { Home: 0, End: this.duration }[event.key];
    if (step === undefined && end === undefined) return;
    event.preventDefault();
    this.go(end ?? this.time + (step ?? 0));
  }
}

function hatch(pen: CanvasRenderingContext2D, [from, long]: [number, number], height: number, colour: string): void {
  pen.save();
  pen.beginPath();
  pen.rect(from, 0, long, height);
  pen.clip();
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let at = from - height; at < from + long; at += 5) {
    pen.moveTo(at, height);
    pen.lineTo(at + height, 0);
  }
  pen.stroke();
  pen.restore();
}

type Making = { share: number | null; trouble: string | null };

/** Peaks, what is told of them while they are made, or null where neither came. */
async function ask(address: string): Promise<Int8Array | Making | null> {
  try {
    const answer = await fetch(address);
    if (answer.status === 202) return (await answer.json()) as Making;
    return answer.ok ? new Int8Array(await answer.arrayBuffer()) : null;
  } catch {
    return null;
  }
}

customElements.define("offair-waveform", OffairWaveform);
