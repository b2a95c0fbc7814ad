import { LitElement, html } from "lit";
import { pressedKey } from "../offair-keys";
import { say } from "../words";

/** What a key does: in a field with Alt, elsewhere alone. */
export interface EditKey {
  readonly key: string;
  readonly does: string;
  readonly act: string;
}

/** D, B and A do as on the recording's page. */
export const KEYS: readonly EditKey[] = [
  { key: "K", does: "play or pause", act: "play" },
  { key: "J", does: "back 2 seconds", act: "back" },
  { key: "L", does: "forward 2 seconds", act: "forward" },
  { key: "O", does: "loop the sentence, or let it run on", act: "loop" },
  { key: "P", does: "play from the caret", act: "from caret" },
  { key: "E", does: "edit the turn that is heard, or the doubted words", act: "edit" },
  { key: "↓", does: "next turn", act: "next" },
  { key: "↑", does: "turn before", act: "previous" },
  { key: "D", does: "next doubt", act: "doubt" },
  { key: "B", does: "doubt before", act: "doubt before" },
  { key: "A", does: "settle the doubt", act: "accept" },
  { key: "S", does: "divide the turn at the caret", act: "split" },
  { key: "M", does: "join the turn with the next", act: "merge" },
  { key: "W", does: "say who speaks", act: "speaker" },
  { key: "C", does: "confirm the speaker", act: "confirm" },
  { key: "H", does: "say that the turn was heard", act: "heard" },
  { key: "I", does: "mark: insertion", act: "insertion" },
  { key: "X", does: "mark: cut", act: "cut" },
  { key: "G", does: "mark: stage direction", act: "stage" },
  { key: "U", does: "mark: unclear", act: "unclear" },
  { key: "Z", does: "take your newest change back", act: "undo" },
  { key: "Y", does: "history of the turn", act: "history" },
];

interface Pressed {
  readonly key: string;
  readonly code: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly isComposing: boolean;
  readonly keyCode: number;
  getModifierState(name: string): boolean;
}

/** What a key press asks for, null where it is none of ours. field: whether a text is written in;
 *  apple: where Alt writes letters, so that Ctrl has to be held with it. */
export function asked(event: Pressed, field: boolean, apple: boolean): string | null {
  // 229: an input method has the key.
  if (event.isComposing || event.keyCode === 229 || event.metaKey) return null;
  if (event.getModifierState("AltGraph")) return null;
  if (field && event.key === "Escape") return event.altKey || event.ctrlKey ? null : "close";
  const held = event.altKey && event.ctrlKey === apple;
  const bare = !event.altKey && !event.ctrlKey;
  if (field ? !held : !held && !bare) return null;
  if (bare && event.key === " ") return "play";
  const arrow = { ArrowDown: "↓", ArrowUp: "↑" }[event.key];
  // Alone they scroll the page.
  if (arrow) return held ? (KEYS.find(({ key }) => key === arrow)?.act ?? null) : null;
  // With Alt some systems give another letter: the place of the key counts then.
  const place = held ? /^Key([A-Z])$/.exec(event.code)?.[1] : undefined;
  const letter = (place ?? pressedKey(event)).toUpperCase();
  if (letter === "?" && bare) return "keys";
  return KEYS.find(({ key }) => key === letter)?.act ?? null;
}

export function onApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}

/** The list of the keys, which `?` and a button show. */
export class OffairEditKeys extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    const held = onApple() ? ["Ctrl", "Alt"] : ["Alt"];
    return html`<button type="button" class="plain" @click=${() => this.show()}>${say("Keys")} <kbd>?</kbd></button>
      <dialog class="edit-keys" aria-labelledby="edit-keys-title">
        <h2 id="edit-keys-title">${say("Keys")}</h2>
        <p>${held.map((one) => html`<kbd>${one}</kbd> + `)}${say("the key, while you write; outside of the text the key alone.")}</p>
        <dl>
          ${KEYS.map(({ key, does }) => html`<div><dt><kbd>${key}</kbd></dt><dd>${say(does)}</dd></div>`)}
          <div><dt><kbd>Esc</kbd></dt><dd>${say("leave the turn")}</dd></div>
          <div><dt><kbd>?</kbd></dt><dd>${say("this list")}</dd></div>
        </dl>
        <form method="dialog"><button>${say("Close")}</button></form>
      </dialog>`;
  }

  show(): void {
    this.querySelector("dialog")?.showModal();
  }
}

customElements.define("offair-edit-keys", OffairEditKeys);
