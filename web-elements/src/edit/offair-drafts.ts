import { LitElement, html, nothing } from "lit";
import { difference } from "./offair-clash";
import type { Draft } from "./drafts";
import { clock } from "../sound";
import { say } from "../words";

/** A draft that was found, and whether the turn was changed since. */
export interface Offered {
  readonly draft: Draft;
  readonly changed: boolean;
}

/** Drafts that are offered: taken or thrown away, never used unasked. Tells with `offair-draft`. */
export class OffairDrafts extends LitElement {
  static override properties = { offered: { attribute: false }, away: { attribute: false } };

  declare offered: readonly Offered[];
  /** Those that were put away a moment ago, to be brought back. */
  declare away: readonly Offered[];

  constructor() {
    super();
    this.offered = this.away = [];
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    if (!this.offered.length && !this.away.length) return nothing;
    return html`<section class="drafts" aria-labelledby="drafts-title">
      <h2 id="drafts-title">${say("Words of yours that the desk does not have")}</h2>
      <ul>
        ${this.offered.map(
          (one) => html`<li>
            <p class="quiet">
              ${one.draft.time === null ? nothing : html`${clock(one.draft.time)} · `}<time datetime=${new Date(one.draft.at).toISOString()}>${new Date(one.draft.at).toLocaleString(document.documentElement.lang)}</time>
              ${one.changed ? html`<strong>${say("The turn was changed since.")}</strong>` : nothing}
            </p>
            <p dir="auto" class="text-shown">${difference(one.draft.base, one.draft.text)}</p>
            <p class="buttons">
              <button type="button" class="first" @click=${() => this.tell("take", one)}>${say("Take")}</button>
              <button type="button" @click=${() => this.tell("throw", one)}>${say("Throw away")}</button>
            </p>
          </li>`,
        )}
        ${this.away.map(
          (one) => html`<li class="quiet">
            ${say("Put away.")} <button type="button" @click=${() => this.tell("back", one)}>${say("Bring it back")}</button>
          </li>`,
        )}
      </ul>
    </section>`;
  }

  private tell(act: "take" | "throw" | "back", one: Offered): void {
    this.dispatchEvent(new CustomEvent("offair-draft", { detail: { act, one } }));
  }
}

customElements.define("offair-drafts", OffairDrafts);
