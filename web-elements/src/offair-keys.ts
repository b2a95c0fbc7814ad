import { LitElement, html, nothing } from "lit";
import { OffairFlags } from "./flag-steps";
import { transcriptOfPage } from "./offair-transcript";
import { letRun, looped, playStretch } from "./sound";
import { OffairSelection } from "./word-selection";
import { say } from "./words";

const STEP_S = 2;
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];

interface Key {
  readonly keys: readonly string[];
  readonly shown: readonly string[];
  readonly does: string;
  /** What has to be on the page for this key to do anything. */
  readonly needs?: string;
  readonly run: (player: HTMLMediaElement) => unknown;
}

function faster(player: HTMLMediaElement, by: number): void {
  const here = SPEEDS.findIndex((speed) => speed >= player.playbackRate);
  player.playbackRate = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, here + by))] ?? 1;
}

/** Begins to loop the sentence that is spoken, or lets the sound run on. */
function loop(player: HTMLMediaElement): void {
  if (looped(player)) {
    letRun(player);
    return;
  }
  const sentence = transcriptOfPage()?.sentence();
  if (sentence) playStretch(player, sentence.time, true);
}

function flags(): OffairFlags | null {
  const found = document.querySelector("offair-flags");
  return found instanceof OffairFlags ? found : null;
}

function selected(): OffairSelection | null {
  const found = document.querySelector("offair-selection");
  return found instanceof OffairSelection ? found : null;
}

function rightToLeft(): boolean {
  return document.documentElement.dir === "rtl";
}

const back = (player: HTMLMediaElement) => (player.currentTime = Math.max(0, player.currentTime - STEP_S));
const forward = (player: HTMLMediaElement) => (player.currentTime += STEP_S);

const BACK = { does: "back 2 seconds", run: back };
const FORWARD = { does: "forward 2 seconds", run: forward };

/** The keys, as the page is read: time runs from the side on which its lines begin. */
export function keysOf(rtl: boolean): readonly Key[] {
  const flagged = "offair-flags li[data-flag]";
  return [
    {
      keys: [" ", "k"],
      shown: ["Space", "K"],
      does: "play or pause",
      run: (player) => (player.paused ? player.play() : player.pause()),
    },
    { keys: ["ArrowLeft"], shown: ["←"], ...(rtl ? FORWARD : BACK) },
    { keys: ["ArrowRight"], shown: ["→"], ...(rtl ? BACK : FORWARD) },
    { keys: ["p"], shown: ["P"], does: "turn before", run: () => transcriptOfPage()?.step(-1) },
    { keys: ["n"], shown: ["N"], does: "next turn", run: () => transcriptOfPage()?.step(1) },
    { keys: ["l"], shown: ["L"], does: "loop the sentence, or let it run on", run: loop },
    { keys: ["-"], shown: ["−"], does: "slower", run: (player) => faster(player, -1) },
    { keys: ["+", "="], shown: ["+"], does: "faster", run: (player) => faster(player, 1) },
    { keys: ["f"], shown: ["F"], does: "follow the sound", run: () => transcriptOfPage()?.follow() },
    { keys: ["d"], shown: ["D"], does: "next doubt", needs: flagged, run: () => flags()?.step(1) },
    { keys: ["b"], shown: ["B"], does: "doubt before", needs: flagged, run: () => flags()?.step(-1) },
    {
      keys: ["a"],
      shown: ["A"],
      does: "settle the doubt",
      needs: "offair-flags[editor] li[data-flag]",
      run: () => flags()?.accept(),
    },
    {
      keys: ["s"],
      shown: ["S"],
      does: "select the sentence",
      needs: "offair-selection",
      run: () => selected()?.takeSentence(),
    },
    {
      keys: ["c"],
      shown: ["C"],
      does: "go to what can be done with the selected words",
      needs: "offair-selection",
      run: () => selected()?.reach(),
    },
  ];
}

/** The key that was pressed as this list calls it: a letter by its place where the keyboard is set
 *  to another script. */
export function pressedKey({ key, code }: { readonly key: string; readonly code: string }): string {
  if (key.length > 1) return key;
  if (key === "؟") return "?";
  const place = /^Key([A-Z])$/.exec(code)?.[1];
  return (key > "\u007f" && place ? place : key).toLowerCase();
}

/** Keys for the player of the page, and the list of them that `?` shows. */
export class OffairKeys extends LitElement {
  private readonly events = new AbortController();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Before the player sees them: its own arrow keys step by other lengths.
    const options = { signal: this.events.signal, capture: true };
    document.addEventListener("keydown", (event) => this.pressed(event), options);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.events.abort();
  }

  protected override render() {
    return html`<button type="button" class="plain" @click=${() => this.dialog?.showModal()}>
        ${say("Keys")} <kbd>?</kbd>
      </button>
      <dialog aria-labelledby="keys-title">
        <h2 id="keys-title">${say("Keys")}</h2>
        <dl>
          ${this.keys.map(
            ({ shown, does }) => html`<div>
              <dt>${shown.map((key) => html`<kbd>${key.length > 1 ? say(key) : key}</kbd> `)}</dt>
              <dd>${say(does)}</dd>
            </div>`,
          )}
          ${document.querySelector("offair-selection")
            ? html`<div>
                <dt><kbd>${say("Shift")}</kbd> <kbd>←</kbd> <kbd>→</kbd></dt>
                <dd>${say("a word more or less of the selected ones")}</dd>
              </div>`
            : nothing}
          <div>
            <dt><kbd>?</kbd></dt>
            <dd>${say("this list")}</dd>
          </div>
        </dl>
        <p class="quiet">${say("A click on a word goes to where it is spoken.")}</p>
        <form method="dialog"><button>${say("Close")}</button></form>
      </dialog>`;
  }

  private get keys(): Key[] {
    return keysOf(rightToLeft()).filter(({ needs }) => !needs || document.querySelector(needs));
  }

  private get dialog(): HTMLDialogElement | null {
    return this.querySelector("dialog");
  }

  private pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest("input, textarea, select, [contenteditable], dialog")) return;
    const pressed = pressedKey(event);
    if (pressed === "?") {
      event.preventDefault();
      // Doubts and words come and go: the list says what is there now.
      this.requestUpdate();
      this.dialog?.showModal();
      return;
    }
    // A space on a button or link is that button's.
    if (pressed === " " && target.closest("a, button, summary")) return;
    if (event.shiftKey && pressed.startsWith("Arrow")) {
      if (selected()?.extend(pressed)) event.preventDefault();
      return;
    }
    const player = document.querySelector<HTMLMediaElement>("video, audio");
    const key = this.keys.find(({ keys }) => keys.includes(pressed));
    if (!player || !key) return;
    event.preventDefault();
    key.run(player);
  }
}

customElements.define("offair-keys", OffairKeys);
