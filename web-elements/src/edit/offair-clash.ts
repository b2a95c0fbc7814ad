import { LitElement, html, nothing } from "lit";
import { both, changes } from "./difference";
import type { Clash } from "./desk";
import { say } from "../words";

/**
 * A turn that somebody else changed meanwhile: what was read, what was written, what stands now,
 * and a field in which both can be made one. Tells with `offair-settle` the words that are to
 * stand, null where theirs are.
 */
export class OffairClash extends LitElement {
  static override properties = { clash: { attribute: false }, mine: { attribute: false }, told: { state: true } };

  declare clash: Clash | null;
  declare mine: string;
  declare told: string;

  constructor() {
    super();
    this.clash = null;
    this.mine = "";
    this.told = "";
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>("h3")?.focus();
  }

  protected override render() {
    const clash = this.clash;
    if (!clash) return nothing;
    const [base, theirs] = [clash.base.text, clash.now.map(({ text }) => text).join("\n")];
    const one = clash.now.length === 1 ? both(base, this.mine, theirs) : null;
    const when = new Date(clash.by.when_utc);
    return html`<section class="conflict" dir=${document.documentElement.dir || "ltr"} lang=${document.documentElement.lang} aria-labelledby="clash-title">
      <h3 id="clash-title" tabindex="-1">${say("Somebody was here before you")}</h3>
      <p class="quiet">${say("Nothing was saved, and nothing is lost. What was put in is underlined, what was taken out is struck through.")}</p>
      <div class="sides">
        <div><h4>${say("What you read")}</h4><p dir="auto" class="text-shown">${base}</p></div>
        <div><h4>${say("What you wrote")}</h4><p dir="auto" class="text-shown">${difference(base, this.mine)}</p></div>
        <div>
          <h4>${say("What stands now")}</h4>
          <p class="quiet"><bdi>${clash.by.who}</bdi> · <time datetime=${clash.by.when_utc}>${when.toLocaleString(document.documentElement.lang)}</time></p>
          <p dir="auto" class="text-shown">${difference(base, theirs)}</p>
        </div>
      </div>
      ${clash.now.length > 1
        ? html`<p>${say("The turn was divided meanwhile. To keep yours joins its parts again.")}</p>`
        : nothing}
      <label>${one === null
          ? say("Both touch the same words. Make one of them here:")
          : say("Both in one, as far as they do not touch the same words:")}
        <textarea dir="auto" rows="4" .value=${one ?? this.mine}></textarea></label>
      <p class="buttons">
        <button type="button" @click=${() => this.settle(this.mine)}>${say("Keep mine")}</button>
        <button type="button" @click=${() => this.settle(null)}>${say("Take theirs")}</button>
        <button type="button" class="first" @click=${() => this.settle(this.querySelector("textarea")!.value)}>${say("Save what stands in the field")}</button>
      </p>
      <p role="status">${this.told}</p>
    </section>`;
  }

  private settle(text: string | null): void {
    this.dispatchEvent(new CustomEvent("offair-settle", { detail: { text } }));
  }
}

/** One text with what was put in and taken out, for reading. */
export function difference(old: string, put: string) {
  return changes(old, put).map((one) =>
    one.old === one.put
      ? one.put
      : html`${one.old ? html`<del>${one.old}</del>` : nothing}${one.put ? html`<ins>${one.put}</ins>` : nothing}`,
  );
}

customElements.define("offair-clash", OffairClash);
