import { LitElement, html } from "lit";
import { OffairTranscript } from "./offair-transcript";
import { say } from "./words";

const STEP_S = 2;
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];

interface Key {
  readonly keys: readonly string[];
  readonly shown: readonly string[];
  readonly does: string;
  readonly run: (player: HTMLMediaElement) => unknown;
}

function transcript(): OffairTranscript | null {
  const found = document.querySelector("offair-transcript");
  return found instanceof OffairTranscript ? found : null;
}

function faster(player: HTMLMediaElement, by: number): void {
  const here = SPEEDS.findIndex((speed) => speed >= player.playbackRate);
  player.playbackRate = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, here + by))] ?? 1;
}

const KEYS: readonly Key[] = [
  {
    keys: [" ", "k"],
    shown: ["Space", "K"],
    does: "play or pause",
    run: (player) => (player.paused ? player.play() : player.pause()),
  },
  {
    keys: ["ArrowLeft"],
    shown: ["←"],
    does: "back 2 seconds",
    run: (player) => (player.currentTime = Math.max(0, player.currentTime - STEP_S)),
  },
  {
    keys: ["ArrowRight"],
    shown: ["→"],
    does: "forward 2 seconds",
    run: (player) => (player.currentTime += STEP_S),
  },
  { keys: ["p"], shown: ["P"], does: "turn before", run: () => transcript()?.step(-1) },
  { keys: ["n"], shown: ["N"], does: "next turn", run: () => transcript()?.step(1) },
  { keys: ["-"], shown: ["−"], does: "slower", run: (player) => faster(player, -1) },
  { keys: ["+", "="], shown: ["+"], does: "faster", run: (player) => faster(player, 1) },
  { keys: ["f"], shown: ["F"], does: "follow the sound", run: () => transcript()?.follow() },
];

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
          ${KEYS.map(
            ({ shown, does }) => html`<div>
              <dt>${shown.map((key) => html`<kbd>${key.length > 1 ? say(key) : key}</kbd> `)}</dt>
              <dd>${say(does)}</dd>
            </div>`,
          )}
          <div>
            <dt><kbd>?</kbd></dt>
            <dd>${say("this list")}</dd>
          </div>
        </dl>
        <p class="quiet">${say("A click on a word goes to where it is spoken.")}</p>
        <form method="dialog"><button>${say("Close")}</button></form>
      </dialog>`;
  }

  private get dialog(): HTMLDialogElement | null {
    return this.querySelector("dialog");
  }

  private pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest("input, textarea, select, [contenteditable], dialog")) return;
    if (event.key === "?") {
      event.preventDefault();
      this.dialog?.showModal();
      return;
    }
    // A space on a button or link is that button's.
    if (event.key === " " && target.closest("a, button, summary")) return;
    const player = document.querySelector<HTMLMediaElement>("video, audio");
    const key = KEYS.find(({ keys }) => keys.includes(event.key.length > 1 ? event.key : event.key.toLowerCase()));
    if (!player || !key) return;
    event.preventDefault();
    key.run(player);
  }
}

customElements.define("offair-keys", OffairKeys);
