import { LitElement, html, nothing } from "lit";
import { ask, type Answer } from "./desk";
import { say } from "../words";

interface Suggested {
  readonly name: string;
  readonly reasons: readonly string[];
}

/** What is to be done with the speaker of a turn, as the desk takes it. */
export interface SpeakerChange {
  readonly act: "name" | "confirm" | "forget";
  readonly name?: string | null;
  readonly author?: string | null;
  readonly how?: "interpreter" | "reading" | null;
  readonly whole_voice: boolean;
  readonly heard: boolean;
}

export interface SpeakerFacts {
  readonly speaker: string | null;
  readonly turns: readonly number[];
  readonly kept: readonly number[];
}

/** The dialog that asks who speaks in a turn. */
export class OffairSpeaker extends LitElement {
  static override properties = {
    turn: { state: true },
    found: { state: true },
    told: { state: true },
    voice: { state: true },
    now: { state: true },
  };

  declare turn: number;
  declare found: readonly Suggested[];
  declare told: string;
  declare voice: boolean;
  declare now: string;
  private done: (facts: SpeakerFacts | null) => void = () => undefined;

  constructor() {
    super();
    this.turn = 0;
    this.found = [];
    this.told = this.now = "";
    this.voice = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Asks, and resolves with what was changed; null where nothing was. */
  async open(turn: number, now: string, voice: boolean): Promise<SpeakerFacts | null> {
    Object.assign(this, { turn, now, voice, told: "", found: [] });
    await this.updateComplete;
    this.querySelector("form")?.reset();
    this.querySelector("dialog")?.showModal();
    this.querySelector<HTMLInputElement>("input[name=name]")?.focus();
    void ask<{ names: Suggested[] }>("GET", `/turns/${turn}/speakers`).then((answer) => {
      if (answer.kind === "done" && this.turn === turn) this.found = answer.found.names;
    });
    return new Promise((done) => (this.done = done));
  }

  protected override render() {
    return html`<dialog aria-labelledby="speaker-title" @close=${() => this.done(null)}>
      <form @submit=${this.sent}>
        <h2 id="speaker-title">${say("Who speaks")}</h2>
        <p class="quiet">${say("Now: {name}", { name: this.now })}</p>
        <label>${say("Name")} <input name="name" list="speaker-names" maxlength="120" dir="auto" autocomplete="off" /></label>
        <datalist id="speaker-names">${this.found.map(({ name }) => html`<option value=${name}></option>`)}</datalist>
        ${this.found.length
          ? html`<ul class="suggested">
              ${this.found.map(
                ({ name, reasons }) => html`<li>
                  <button type="button" @click=${() => this.take(name)}><bdi>${name}</bdi></button>
                  <span class="quiet">${reasons.join("; ")}</span>
                </li>`,
              )}
            </ul>`
          : nothing}
        ${this.voice
          ? html`<fieldset>
              <legend>${say("Where")}</legend>
              <label><input type="radio" name="where" value="voice" checked /> ${say("in all turns of this voice")}</label>
              <label><input type="radio" name="where" value="turn" /> ${say("in this turn alone")}</label>
            </fieldset>`
          : nothing}
        <fieldset>
          <legend>${say("Whose words are these?")}</legend>
          <label><input type="radio" name="how" value="" checked /> ${say("the speaker's own")}</label>
          <label><input type="radio" name="how" value="interpreter" /> ${say("interpreted for somebody else")}</label>
          <label><input type="radio" name="how" value="reading" /> ${say("read out of somebody else's text")}</label>
          <label>${say("Whose")} <input name="author" maxlength="120" dir="auto" autocomplete="off" /></label>
        </fieldset>
        <label><input type="checkbox" name="heard" /> ${say("I listened to it.")}</label>
        <p role="status" class="trouble-line">${this.told}</p>
        <p class="buttons">
          <button class="first" name="act" value="name">${say("Set the name")}</button>
          <button name="act" value="confirm">${say("Confirm the name that stands")}</button>
          <button name="act" value="forget">${say("Nobody knows")}</button>
          <button type="button" @click=${() => this.close(null)}>${say("Close")}</button>
        </p>
      </form>
    </dialog>`;
  }

  private take(name: string): void {
    const field = this.querySelector<HTMLInputElement>("input[name=name]");
    if (!field) return;
    field.value = name;
    field.focus();
  }

  private async sent(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const pressed = event.submitter instanceof HTMLButtonElement ? event.submitter.value : "name";
    const [name, author, how] = ["name", "author", "how"].map((one) => String(form.get(one) ?? "").trim());
    if (pressed === "name" && !name && !author) {
      this.told = say("Write a name, or choose one.");
      return;
    }
    const change: SpeakerChange = {
      act: pressed as SpeakerChange["act"],
      ...(pressed === "name" ? { name: name || null, author: (how && author) || null } : {}),
      ...(pressed === "name" && how ? { how: how as "interpreter" | "reading" } : {}),
      whole_voice: this.voice && form.get("where") === "voice",
      heard: form.get("heard") !== null,
    };
    const answer = await setSpeaker(this.turn, change);
    if (answer.kind === "done") this.close(answer.found);
    else if (answer.kind === "refused") this.told = answer.why;
    else if (answer.kind === "clash") this.told = say("Somebody changed this turn meanwhile. Close this and look at it.");
    else this.told = say("The desk did not answer. Nothing was changed: try again.");
  }

  private close(found: SpeakerFacts | null): void {
    const done = this.done;
    this.done = () => undefined;
    this.querySelector("dialog")?.close();
    done(found);
  }
}

/** Names, confirms or forgets who speaks in a turn. */
export function setSpeaker(turn: number, change: SpeakerChange): Promise<Answer<SpeakerFacts>> {
  return ask<SpeakerFacts>("POST", `/turns/${turn}/speaker`, change);
}

customElements.define("offair-speaker", OffairSpeaker);
