import { LitElement, html, nothing } from "lit";
import { placeAt, samePlace, shiftedWords } from "./caret";
import { ask, shownTurns, type Answer, type Saved, type TurnFacts } from "./desk";
import { fate, KeptDrafts, type DraftStore } from "./drafts";
import { asked, onApple, OffairEditKeys } from "./keys";
import { OffairClash } from "./offair-clash";
import { OffairDrafts, type Offered } from "./offair-drafts";
import { OffairSpeaker, setSpeaker } from "./offair-speaker";
import { Saving, type State } from "./saving";
import { OffairTurnEditor, told, type Act } from "./turn-editor";
import { TurnSound, type Open } from "./turn-sound";
import { OffairFlags } from "../flag-steps";
import { textOf, transcriptOfPage, type OffairTranscript } from "../offair-transcript";
import { playerNamed } from "../sound";
import { charactersBefore, lastBefore, unpack } from "../word-times";
import { say } from "../words";

const STEP_S = 2;

/**
 * Opens one turn of the transcript at a time for writing, saves it, and does what is asked of it.
 *
 * `for` names the player, `src` answers with turns, `layer` and `recording` are numbers, `who` is
 * the editor's name; `chosen` is a turn to open at first, `review` begins with the first doubt.
 */
export class OffairEdit extends LitElement {
  static override properties = {
    for: {}, src: {}, who: {}, layer: { type: Number }, recording: { type: Number },
    chosen: { type: Number }, review: { type: Boolean }, announced: { state: true },
  };

  declare for: string;
  declare src: string;
  declare who: string;
  declare layer: number;
  declare recording: number;
  declare chosen: number | null;
  declare review: boolean;
  declare announced: string;

  private open: Open | null = null;
  private readonly store: DraftStore = new KeptDrafts();
  private readonly unsent = new Set<Saving>();
  private sound: TurnSound | null = null;
  private busy = false;
  private readonly events = new AbortController();

  constructor() {
    super();
    this.announced = "";
    this.chosen = null;
    this.review = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    return html`<offair-drafts @offair-draft=${this.draft}></offair-drafts>
      <offair-speaker></offair-speaker>
      <p class="announced" role="status">${this.announced || nothing}</p>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const options = { signal: this.events.signal };
    document.addEventListener("keydown", (event) => this.pressed(event), { ...options, capture: true });
    addEventListener("online", () => this.sendAll(), options);
    addEventListener("pagehide", () => this.sendAll(), options);
    addEventListener("offair-turns", () => this.turnsCame(), options);
    addEventListener("beforeunload", (event) => {
      // Only what is nowhere kept is worth a question.
      if ([...this.unsent].some(({ state }) => state === "lost")) event.preventDefault();
    }, options);
    this.text?.addEventListener("click", (event) => this.clicked(event), { ...options, capture: true });
    if (this.player) this.sound = new TurnSound(this.player, () => this.open, options);
  }

  protected override firstUpdated(): void {
    void this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.events.abort();
  }

  private async begin(): Promise<void> {
    await this.offer();
    const form = document.querySelector(".turn .turn-form");
    const turn = form?.closest<HTMLElement>(".turn");
    for (const one of document.querySelectorAll(".turn .turn-form")) one.remove();
    if (turn) await this.edit(turn);
    await customElements.whenDefined("offair-flags");
    if (this.review) this.flags?.step(1);
  }

  private get player(): HTMLMediaElement | null {
    return playerNamed(this.for);
  }

  private get text(): OffairTranscript | null {
    return transcriptOfPage();
  }

  private get flags(): OffairFlags | null {
    return document.querySelector<OffairFlags>("offair-flags");
  }

  private turns(): HTMLElement[] {
    return [...(this.text?.querySelectorAll<HTMLElement>(".turn[data-turn]") ?? [])];
  }

  private turnOf(id: number): HTMLElement | null {
    return this.text?.querySelector(`.turn[data-turn="${id}"]`) ?? null;
  }

  /** Opens a turn; the one that was open is saved. caret: UTF-16 units of its text. */
  async edit(element: HTMLElement, caret = 0): Promise<void> {
    if (this.open?.element === element) {
      this.open.editor.focusField(caret);
      return;
    }
    this.leave();
    const words = textOf(element);
    const text = words.textContent;
    const id = Number(element.dataset.turn);
    const packed = words.dataset.w;
    const editor = document.createElement("offair-turn-editor") as OffairTurnEditor;
    const at = element.querySelector(".time")?.textContent ?? "";
    const name = element.querySelector(".speaker")?.textContent ?? "";
    Object.assign(editor, {
      text, name: say("Words of the turn: {name}, {time}", { name, time: at }), sound: this.player !== null,
      language: this.text?.lang ?? "",
    });
    const saving = this.working(id, text, Number(element.dataset.t?.split(",")[0] ?? NaN));
    const open: Open = { element, editor, saving, words: packed ? unpack(packed) : [], text, read: words, typedSincePlay: true };
    this.open = open;
    words.replaceWith(editor);
    element.classList.add("open");
    editor.addEventListener("offair-act", (event) => {
      const { act, detail } = (event as CustomEvent<{ act: Act | "unmark"; detail: string }>).detail;
      void this.act(act, detail);
    });
    await editor.updateComplete;
    this.text?.renewed(element, [...open.words]);
    const field = editor.field!;
    field.addEventListener("input", () => this.typed(open, field));
    field.addEventListener("compositionstart", () => (saving.composing = true));
    field.addEventListener("compositionend", () => {
      saving.composing = false;
      this.typed(open, field);
    });
    field.addEventListener("keyup", (event) => this.moved(open, field, event));
    editor.state(saving.state, saving.why);
    editor.focusField(caret);
    element.scrollIntoView({ block: "nearest" });
    if (this.text) this.text.following = false;
    if (saving.clash) this.showClash(saving);
    const facts = await ask<TurnFacts>("GET", `/turns/${id}`);
    if (facts.kind === "done") editor.facts = facts.found;
  }

  /** What saves a turn: the one that still has words to send, or a new one. */
  private working(turn: number, base: string, time: number): Saving {
    for (const one of this.unsent) if (one.turn === turn) return one;
    return new Saving(
      { who: this.who, layer: this.layer, turn, base, time: Number.isNaN(time) ? null : time },
      {
        store: this.store,
        send: (id, text) => ask<Saved>("PUT", `/turns/${id}`, { text }),
        told: (saving, state, why) => this.told(saving, state, why),
        later: (call, ms) => {
          const timer = setTimeout(call, ms);
          return () => clearTimeout(timer);
        },
      },
    );
  }

  private typed(open: Open, field: HTMLTextAreaElement): void {
    open.typedSincePlay = true;
    this.text?.renewed(open.element, shiftedWords(open.words, open.text, field.value));
    open.saving.typed(field.value);
  }

  /** The caret was moved by a key: a sound that stands still goes with it. */
  private moved(open: Open, field: HTMLTextAreaElement, event: KeyboardEvent): void {
    const travels = event.key.startsWith("Arrow") || ["Home", "End", "PageUp", "PageDown"].includes(event.key);
    if (!travels || event.altKey || event.isComposing) return;
    open.typedSincePlay = true;
    this.sound?.moved(open, field);
  }

  private told(saving: Saving, state: State, why: string): void {
    if (saving.clean && state === "saved") this.unsent.delete(saving);
    else this.unsent.add(saving);
    const open = this.open;
    if (open?.saving === saving) {
      open.element.dataset.turn = String(saving.turn);
      open.element.id = `turn-${saving.turn}`;
      open.editor.state(state, why);
    } else if (state === "saved") void this.renew([saving.work.turn, ...saving.replaced], [saving.turn]);
    if (["kept", "login", "lost", "refused"].includes(state)) this.announce(told(state, why));
    if (state === "clash") {
      this.announce(told(state, why));
      this.showClash(saving);
    }
  }

  private announce(words: string): void {
    this.announced = words;
  }

  /** Leaves the open turn: what is not saved yet is sent, and the words stand as they were read. */
  private leave(): void {
    const open = this.open;
    if (!open) return;
    this.open = null;
    open.element.classList.remove("open");
    const { saving, text } = open;
    if (saving.clean && saving.state === "saved" && saving.text === text && !saving.replaced.length) {
      open.editor.replaceWith(open.read);
      this.text?.renewed(open.element, [...open.words]);
      return;
    }
    const line = document.createElement("p");
    line.dir = "auto";
    line.className = "words person";
    line.textContent = saving.text;
    open.editor.replaceWith(line);
    this.text?.renewed(open.element, shiftedWords(open.words, text, saving.text));
    void saving.flush().then((state) => {
      if (state === "saved") void this.renew([saving.work.turn, ...saving.replaced], [saving.turn]);
    });
  }

  /** Puts turns as the desk shows them in the place of these. Resolves with the new ones. */
  private async renew(old: readonly number[], ids: readonly number[]): Promise<HTMLElement[]> {
    const fresh = await shownTurns(this.src, ids);
    if (!fresh) return [];
    const gone = [...new Set([...old, ...ids])].map((id) => this.turnOf(id)).filter((one) => one !== null);
    const [first] = gone;
    // Opened again meanwhile: it shows itself.
    if (!first || gone.some((one) => one === this.open?.element)) return [];
    first.before(...fresh);
    for (const one of gone) one.remove();
    this.text?.renewed();
    return fresh;
  }

  private sendAll(): void {
    for (const one of this.unsent) if (one.state !== "clash") void one.flush();
  }

  /** Turns came or went: words of one that went are sent. */
  private turnsCame(): void {
    if (this.open && !this.open.element.isConnected) {
      const { saving } = this.open;
      this.open = null;
      void saving.flush();
    }
  }

  private clicked(event: MouseEvent): void {
    if (!(event.target instanceof Element) || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const turn = event.target.closest<HTMLElement>(".turn[data-turn]");
    if (!turn) return;
    if (event.target.closest(".head .edit-link")) {
      event.preventDefault();
      event.stopPropagation();
      void this.edit(turn);
    } else if (event.target.closest("p.words") && getSelection()?.isCollapsed !== false) {
      void this.edit(turn, placeAt(textOf(turn), event.clientX, event.clientY));
    }
  }

  private pressed(event: KeyboardEvent): void {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.defaultPrevented || target.closest("dialog, .printing, offair-clash")) return;
    const field = target.closest("input, textarea, select, [contenteditable]") !== null;
    if (field && !target.closest("offair-turn-editor")) return;
    if (event.key === " " && target.closest("a, button, summary, video, audio, [role=slider]")) return;
    const act = asked(event, field, onApple());
    if (act === null || (act === "close" && !this.open)) return;
    event.preventDefault();
    event.stopPropagation();
    void this.act(act as Act);
  }

  /** Does what a button or a key asks. */
  private async act(act: string, detail = ""): Promise<void> {
    const player = this.player;
    switch (act) {
      case "play":
        return void (player && (player.paused ? player.play().catch(() => undefined) : player.pause()));
      case "back":
        return void (player && (player.currentTime = Math.max(0, player.currentTime - STEP_S)));
      case "forward":
        return void (player && (player.currentTime += STEP_S));
      case "loop":
        return this.sound?.loop();
      case "from caret":
        return void (this.sound?.fromCaret() === false && this.announce(say("These words have no time.")));
      case "doubt":
        return this.flags?.step(1);
      case "doubt before":
        return this.flags?.step(-1);
      case "accept":
        return void this.flags?.accept();
      case "keys":
        return document.querySelector<OffairEditKeys>("offair-edit-keys")?.show();
      case "edit":
        return this.editHeard();
      case "next":
      case "previous":
        return this.neighbour(act === "next" ? 1 : -1);
      case "close": {
        const element = this.open?.element;
        this.leave();
        return element?.querySelector<HTMLElement>(".edit-link")?.focus();
      }
    }
    await this.change(act, detail);
  }

  /** Opens the doubted words, or the turn that is heard. */
  private async editHeard(): Promise<void> {
    const row = document.querySelector<HTMLElement>(".doubts li[aria-current]");
    const id = Number(/#turn-(\d+)$/.exec(row?.querySelector<HTMLAnchorElement>("a.jump")?.href ?? "")?.[1] ?? NaN);
    const turn = (row && this.turnOf(id)) ?? document.querySelector<HTMLElement>(".turn.now") ?? this.turns()[0];
    if (!turn) return;
    const words = this.text?.wordsOf(turn) ?? [];
    const doubted = Number(row?.dataset.t?.split(",")[0] ?? NaN);
    // A word is doubted by its midpoint, as the desk marks it.
    const word =
      words.find(({ start, end }) => start !== null && start + (end ?? start) >= 2 * doubted) ??
      lastBefore(words, (this.player?.currentTime ?? 0) * 1000 + 1);
    await this.edit(turn, word?.from ?? 0);
  }

  private async neighbour(by: 1 | -1): Promise<void> {
    const turns = this.turns();
    const here = turns.findIndex((one) => one === this.open?.element || (!this.open && one.classList.contains("now")));
    const turn = turns[here + by];
    if (turn) await this.edit(turn);
    else this.announce(by > 0 ? say("There is no turn after this one.") : say("There is no turn before."));
  }

  /** What changes the turn in the desk: what was written is saved first. */
  private async change(act: string, detail: string): Promise<void> {
    const open = this.open;
    if (act === "undo" && !open) return this.done(await ask<Saved>("POST", `/layers/${this.layer}/undo`, {}), say("Taken back."));
    if (!open || this.busy) return;
    const field = open.editor.field!;
    const [from, to] = [field.selectionStart, field.selectionEnd];
    if (["insertion", "stage"].includes(act) && from === to && !detail) return open.editor.askPrinted(act as Act);
    this.busy = true;
    try {
      if ((await open.saving.flush()) !== "saved") {
        this.announce(say("First the words of this turn have to be saved."));
        return;
      }
      const turn = open.saving.turn;
      // The desk takes white space off the ends of lines.
      const stands = open.saving.base;
      const [start, end] = [from, to].map((one) => charactersBefore(stands, samePlace(field.value, one, stands)));
      if (act === "split") {
        this.done(await ask<Saved>("POST", `/turns/${turn}/split`, { at: start }), say("Divided."), 1, 0);
      } else if (act === "merge") {
        await this.merge(open);
      } else if (act === "undo") {
        this.done(await ask<Saved>("POST", `/layers/${this.layer}/undo`, {}), say("Taken back."), 0, from);
      } else if (act === "unmark") {
        this.done(await ask<Saved>("DELETE", `/turns/${turn}/marks/${detail}?keep_words=1`), say("The mark is gone."), 0, from);
      } else if (act === "history") {
        window.open(`/turns/${turn}/history`, "_blank");
      } else if (act === "heard") {
        await this.heard(open);
      } else if (act === "speaker" || act === "confirm") {
        await this.speaker(open, act);
      } else {
        const body = { kind: act, char_start: start, char_end: end, printed: detail };
        this.done(await ask<Saved>("POST", `/turns/${turn}/marks`, body), say("Marked."), 0, from);
      }
    } finally {
      this.busy = false;
    }
  }

  private async merge(open: Open): Promise<void> {
    const turns = this.turns();
    const next = turns[turns.indexOf(open.element) + 1];
    if (!next) return this.announce(say("There is no turn after this one."));
    const length = open.editor.field?.value.length ?? 0;
    const body = { next: Number(next.dataset.turn) };
    this.done(await ask<Saved>("POST", `/turns/${open.saving.turn}/merge`, body), say("Joined."), 0, length);
  }

  private async heard(open: Open): Promise<void> {
    if (this.sound?.wasHeard(open) === false) {
      return this.announce(say("Listen to the turn first: it is being played. Then say that you heard it."));
    }
    const answer = await ask<TurnFacts>("POST", `/turns/${open.saving.turn}/heard`, {});
    const caret = open.editor.field?.selectionStart ?? 0;
    if (answer.kind !== "done") return this.refused(answer);
    await this.again([open.saving.turn], [open.saving.turn], 0, caret);
    this.announce(say("Heard: the words are as they stand."));
  }

  private async speaker(open: Open, act: "speaker" | "confirm"): Promise<void> {
    const [turn, caret] = [open.saving.turn, open.editor.field?.selectionStart ?? 0];
    const voice = open.element.dataset.voice !== undefined;
    let changed: readonly number[] | null = null;
    if (act === "confirm") {
      const answer = await setSpeaker(turn, { act: "confirm", whole_voice: voice, heard: false });
      if (answer.kind !== "done") return this.refused(answer);
      changed = answer.found.turns;
    } else {
      const now = open.element.querySelector(".speaker")?.textContent ?? "";
      const found = await this.querySelector<OffairSpeaker>("offair-speaker")!.open(turn, now, voice);
      changed = found?.turns ?? null;
    }
    if (!changed) return open.editor.focusField();
    const shown = changed.filter((id) => id !== turn && this.turnOf(id));
    await this.again([turn], [turn], 0, caret);
    for (const id of shown) await this.renew([id], [id]);
    this.announce(say("Who speaks is set, in so many turns: {count}", { count: changed.length }));
  }

  /** Shows what an act made, and goes on in the turn `place` of it. */
  private done(answer: Answer<Saved>, words: string, place = 0, caret = 0): void {
    if (answer.kind !== "done") return this.refused(answer);
    const { found } = answer;
    const ids = found.turns.map(({ id }) => id);
    void this.again(found.before, ids, place, caret).then(() => this.announce(words));
  }

  private async again(before: readonly number[], ids: readonly number[], place: number, caret: number): Promise<void> {
    const open = this.open;
    this.open = null;
    const old = open ? [...before, open.saving.turn] : before;
    const here = open && [...before, ...ids].includes(open.saving.turn);
    if (open && !here) {
      this.open = open;
      this.leave();
    }
    const fresh = await this.renew(here ? old : before, ids);
    const turn = fresh[place] ?? fresh[0];
    if (turn) await this.edit(turn, caret);
    else if (open && here) {
      this.open = open;
      this.announce(say("It is done, but the desk does not answer any more. Load the page again."));
    }
  }

  private refused(answer: Answer<unknown>): void {
    if (answer.kind === "refused") this.announce(answer.why);
    else if (answer.kind === "login") this.announce(say("You are logged out. Log in in another window, then repeat it."));
    else if (answer.kind === "clash") this.announce(say("Somebody changed this turn meanwhile. Load the page again to see it."));
    else this.announce(say("The desk did not answer. Nothing was changed: try again."));
  }

  /** Puts the pane with both versions under the turn, or before the text where it is not shown. */
  private showClash(saving: Saving): void {
    const { clash } = saving;
    if (!clash) return;
    const turn = this.open?.saving === saving ? this.open.element : this.turnOf(saving.turn);
    for (const one of document.querySelectorAll<OffairClash>("offair-clash")) {
      if (one.dataset.turn === String(saving.turn)) one.remove();
    }
    const pane = document.createElement("offair-clash") as OffairClash;
    pane.clash = clash;
    pane.mine = saving.text;
    pane.dataset.turn = String(saving.turn);
    pane.addEventListener("offair-settle", (event) => {
      void this.settle(saving, pane, (event as CustomEvent<{ text: string | null }>).detail.text);
    });
    if (turn) turn.append(pane);
    else this.append(pane);
  }

  private async settle(saving: Saving, pane: OffairClash, text: string | null): Promise<void> {
    const now = saving.clash?.now ?? [];
    let id = now[0]?.id ?? saving.turn;
    // What is typed while the pane stands there is mine, too.
    const wanted = text === pane.mine ? saving.text : text;
    let stands = now.map(({ id: one }) => one);
    if (wanted !== null) {
      for (const next of now.slice(1)) {
        const joined = await ask<Saved>("POST", `/turns/${id}/merge`, { next: next.id });
        if (joined.kind !== "done") return void (pane.told = sentence(joined));
        id = joined.found.turns[0]?.id ?? id;
      }
      const saved = await ask<Saved>("PUT", `/turns/${id}`, { text: wanted });
      if (saved.kind === "clash") {
        saving.clash = saved.clash;
        return this.showClash(saving);
      }
      if (saved.kind !== "done") return void (pane.told = sentence(saved));
      id = saved.found.turns[0]?.id ?? id;
      stands = [id];
    } else {
      const { who, layer, time } = saving.work;
      const draft = { who, layer, time, turn: saving.turn, base: saving.base, text: saving.text, at: Date.now() };
      const list = this.drafts;
      if (list) list.away = [...list.away, { draft, changed: true }];
    }
    const old = [saving.work.turn, ...saving.replaced, saving.turn];
    saving.settled(id, wanted ?? now[0]?.text ?? "");
    pane.remove();
    if (this.open?.saving === saving) this.open = null;
    const fresh = await this.renew(old, stands);
    if (fresh[0]) await this.edit(fresh[0]);
    this.announce(wanted === null ? say("Theirs stands.") : say("Saved."));
  }

  private get drafts(): OffairDrafts | null {
    return this.querySelector("offair-drafts");
  }

  /** Offers what an earlier window left behind. */
  private async offer(): Promise<void> {
    const found = await this.store.all(this.who, this.layer).catch(() => []);
    const offered: Offered[] = [];
    for (const draft of found) {
      const turn = this.turnOf(draft.turn);
      const what = fate(draft, turn && textOf(turn).textContent);
      const stands = what === "offer, changed" ? await ask<TurnFacts>("GET", `/turns/${draft.turn}`) : null;
      // One on another page of the text is asked for.
      const known = stands?.kind === "done" ? fate(draft, stands.found.text) : what;
      if (known === "gone") await this.store.remove(draft).catch(() => undefined);
      else offered.push({ draft, changed: known === "offer, changed" });
    }
    if (this.drafts) this.drafts.offered = offered;
  }

  private async draft(event: Event): Promise<void> {
    const { act, one } = (event as CustomEvent<{ act: "take" | "throw" | "back"; one: Offered }>).detail;
    const list = this.drafts!;
    const { draft } = one;
    if (act === "back") {
      list.away = list.away.filter((each) => each !== one);
      list.offered = [...list.offered, one];
      await this.store.put(draft).catch(() => undefined);
      return;
    }
    list.offered = list.offered.filter((each) => each !== one);
    if (act === "throw") {
      list.away = [...list.away, one];
      await this.store.remove(draft).catch(() => undefined);
      return;
    }
    if (!this.turnOf(draft.turn) && draft.time !== null) await this.text?.showFirst(draft.time);
    const saving = this.working(draft.turn, draft.base, draft.time ?? NaN);
    saving.typed(draft.text);
    if ((await saving.flush()) !== "saved") return;
    await this.renew([draft.turn], [saving.turn]);
    const turn = this.turnOf(saving.turn);
    if (turn) await this.edit(turn);
  }
}

function sentence(answer: Answer<unknown>): string {
  return answer.kind === "refused" ? answer.why : say("The desk did not answer. Nothing was changed: try again.");
}

customElements.define("offair-edit", OffairEdit);
