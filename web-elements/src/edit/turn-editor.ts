import { LitElement, html, nothing } from "lit";
import type { State } from "./saving";
import type { TurnFacts } from "./desk";
import { say } from "../words";

/** What an editor asks the page for: a button or a key. */
export type Act =
  | "play" | "back" | "forward" | "loop" | "from caret"
  | "split" | "merge" | "speaker" | "confirm" | "heard" | "undo" | "history" | "close"
  | "insertion" | "cut" | "stage" | "unclear";

interface Button {
  readonly act: Act;
  readonly key: string;
  readonly label: () => string;
}

const SOUND: readonly Button[] = [
  { act: "play", key: "K", label: () => say("Play or pause") },
  { act: "back", key: "J", label: () => say("Back 2 s") },
  { act: "forward", key: "L", label: () => say("On 2 s") },
  { act: "loop", key: "O", label: () => say("Loop the sentence") },
  { act: "from caret", key: "P", label: () => say("From the caret") },
];
const TURN: readonly Button[] = [
  { act: "split", key: "S", label: () => say("Divide here") },
  { act: "merge", key: "M", label: () => say("Join with the next") },
  { act: "speaker", key: "W", label: () => say("Who speaks") },
  { act: "confirm", key: "C", label: () => say("Confirm the speaker") },
  { act: "heard", key: "H", label: () => say("I heard it") },
  { act: "undo", key: "Z", label: () => say("Undo") },
  { act: "history", key: "Y", label: () => say("History") },
];
const MARKS: readonly Button[] = [
  { act: "insertion", key: "I", label: () => say("Insertion") },
  { act: "cut", key: "X", label: () => say("Cut") },
  { act: "stage", key: "G", label: () => say("Stage direction") },
  { act: "unclear", key: "U", label: () => say("Unclear") },
];

/** How the state of a turn is told, in words. */
export function told(state: State, why: string): string {
  switch (state) {
    case "saved":
      return say("Saved.");
    case "waiting":
      return say("Not saved yet.");
    case "saving":
      return say("Saving …");
    case "kept":
      return say("Kept in this browser. It will be sent when the desk answers.");
    case "login":
      return say("You are logged out. Your words are kept in this browser: log in in another window, and they will be sent.");
    case "lost":
      return say("The desk does not answer, and this browser keeps nothing. Copy your words before you close the window.");
    case "clash":
      return say("Somebody changed this turn meanwhile. Your words are kept in this browser.");
    case "refused":
      return why || say("The desk refused these words. They are kept in this browser.");
  }
}

/**
 * A turn while it is edited: a field of plain text over a copy of it that gives it its height and
 * on which the spoken word is marked, with buttons for whatever can be done to the turn.
 *
 * It tells with `offair-act` what is asked, and with `input` events of the field what is typed.
 */
export class OffairTurnEditor extends LitElement {
  static override properties = {
    facts: { attribute: false },
    printing: { state: true },
  };

  declare facts: TurnFacts | null;
  /** The mark that waits for what it prints. */
  declare printing: Act | null;

  text = "";
  language = "";
  name = "";
  sound = false;

  constructor() {
    super();
    this.facts = null;
    this.printing = null;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    const field = this.field!;
    field.value = this.text;
    this.mirror();
  }

  protected override render() {
    return html`<div class="writing">
        <p class="mirror" dir="auto" aria-hidden="true"></p>
        <textarea
          dir="auto"
          rows="1"
          spellcheck="true"
          autocapitalize="off"
          lang=${this.language || nothing}
          aria-label=${this.name}
          @input=${this.mirror}
        ></textarea>
      </div>
      <div class="turn-tools" dir=${document.documentElement.dir || "ltr"} lang=${document.documentElement.lang}>
        <p class="turn-state"></p>
        ${this.sound ? this.row(say("Sound"), SOUND) : nothing} ${this.row(say("Turn"), TURN)}
        ${this.row(say("Marks"), MARKS)}
        ${this.printing
          ? html`<form class="printing" @submit=${this.printed} @keydown=${this.escaped}>
              <label>${say("What is printed in brackets")} <input name="printed" maxlength="200" dir="auto" autocomplete="off" /></label>
              <button class="first">${say("Put in")}</button>
              <button type="button" @click=${this.forgo}>${say("Leave it")}</button>
            </form>`
          : nothing}
        ${this.facts?.marks.length
          ? html`<ul class="turn-marks">
              ${this.facts.marks.map(
                (mark, place) => html`<li>
                  <bdi>${mark.text || mark.kind}</bdi>
                  <button type="button" @click=${() => this.ask("unmark", String(place))}>${say("Take the mark away")}</button>
                </li>`,
              )}
            </ul>`
          : nothing}
        <p class="buttons"><button type="button" @click=${() => this.ask("close")}>${say("Done")} <kbd>Esc</kbd></button></p>
      </div>`;
  }

  private row(name: string, buttons: readonly Button[]) {
    return html`<div class="buttons" role="group" aria-label=${name}>
      ${buttons.map(
        ({ act, key, label }) =>
          html`<button type="button" data-act=${act} @mousedown=${stay} @click=${() => this.ask(act)}>
            ${label()} <kbd aria-hidden="true">${key}</kbd>
          </button>`,
      )}
    </div>`;
  }

  get field(): HTMLTextAreaElement | null {
    return this.querySelector("textarea");
  }

  /** Shows the state of the turn. Not through the template: that would be drawn at every key. */
  state(state: State, why: string): void {
    const line = this.querySelector<HTMLElement>(".turn-state");
    const words = told(state, why);
    if (!line || line.textContent === words) return;
    line.textContent = words;
    line.dataset.state = state;
  }

  /** Asks what a mark at the caret prints. */
  async askPrinted(act: Act): Promise<void> {
    this.printing = act;
    await this.updateComplete;
    this.querySelector<HTMLInputElement>("input[name=printed]")?.focus();
  }

  /** Goes back into the field. */
  focusField(caret?: number): void {
    const field = this.field;
    if (!field) return;
    field.focus({ preventScroll: true });
    if (caret !== undefined) field.setSelectionRange(caret, caret);
  }

  private mirror(): void {
    // A last line that is empty has a height, too.
    this.querySelector(".mirror")!.textContent = `${this.field?.value ?? ""}\u200b`;
  }

  private ask(act: Act | "unmark" | "printed", detail = ""): void {
    this.dispatchEvent(new CustomEvent("offair-act", { detail: { act, detail }, bubbles: true }));
  }

  private printed(event: SubmitEvent): void {
    event.preventDefault();
    const words = this.querySelector<HTMLInputElement>("input[name=printed]")?.value.trim() ?? "";
    const act = this.printing;
    if (!words || !act) return;
    this.printing = null;
    this.dispatchEvent(new CustomEvent("offair-act", { detail: { act, detail: words }, bubbles: true }));
  }

  private escaped(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    this.forgo();
  }

  private forgo(): void {
    this.printing = null;
    this.focusField();
  }
}

/** A button that is pressed leaves the caret where it is. */
function stay(event: MouseEvent): void {
  event.preventDefault();
}

customElements.define("offair-turn-editor", OffairTurnEditor);
