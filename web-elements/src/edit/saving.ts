/** Saving of one turn: drafts at once, the desk a little later, and what is known of both. */
import type { Answer, Clash, Saved } from "./desk";
import type { Draft, DraftStore } from "./drafts";

/** `kept`: in this browser alone, until the desk answers; `lost`: not even there; `login`: as
 *  `kept`, because nobody is logged in any more. */
export type State = "saved" | "waiting" | "saving" | "kept" | "login" | "lost" | "clash" | "refused";

export interface Work {
  readonly who: string;
  readonly layer: number;
  readonly turn: number;
  readonly base: string;
  readonly time: number | null;
}

export interface Ways {
  readonly store: DraftStore;
  send(turn: number, text: string): Promise<Answer<Saved>>;
  told(saving: Saving, state: State, why: string): void;
  /** Calls back after a while; returns what calls it off. */
  later(call: () => void, ms: number): () => void;
}

export const AUTOSAVE_MS = 1_500;
export const RETRY_MS = 8_000;

export class Saving {
  /** The turn as it stands for us, and its text there. */
  turn: number;
  base: string;
  /** What is in the editor. */
  text: string;
  /** Turns that were replaced on the way. */
  readonly replaced: number[] = [];
  state: State = "saved";
  why = "";
  clash: Clash | null = null;
  /** While an input method composes nothing is sent. */
  composing = false;
  private kept = true;
  private running: Promise<void> | null = null;
  private off: () => void = () => undefined;
  /** What the desk has, as it was sent: it takes white space off the ends of lines. */
  private done: string;

  constructor(
    readonly work: Work,
    private readonly ways: Ways,
  ) {
    this.turn = work.turn;
    this.base = this.text = this.done = work.base;
  }

  /** Whether the desk has every letter. */
  get clean(): boolean {
    return this.text === this.done;
  }

  /** Somebody typed. */
  typed(text: string): void {
    this.text = text;
    if (this.state === "clash") {
      void this.keep();
      return;
    }
    this.tell("waiting");
    void this.keep();
    this.soon(AUTOSAVE_MS);
  }

  /** Sends what is not saved, now. */
  async flush(): Promise<State> {
    this.off();
    this.running ??= this.run().finally(() => (this.running = null));
    await this.running;
    return this.state;
  }

  /** The clash is settled: the turn stands as `turn` with this text. */
  settled(turn: number, text: string): void {
    void this.ways.store.remove(this.draft());
    this.clash = null;
    this.turn = turn;
    this.base = this.text = this.done = text;
    this.tell("saved");
  }

  /** Nothing of it is wanted any more. */
  drop(): void {
    this.off();
    this.text = this.done;
    void this.ways.store.remove(this.draft());
  }

  private async run(): Promise<void> {
    while (!this.clean && !this.composing && this.state !== "clash") {
      const sent = this.text;
      this.tell("saving");
      const answer = await this.ways.send(this.turn, sent);
      if (answer.kind === "done") {
        await this.taken(answer.found, sent);
        continue;
      }
      if (answer.kind === "clash") {
        this.clash = answer.clash;
        this.tell("clash");
        return;
      }
      if (answer.kind === "refused") {
        this.tell("refused", answer.why);
        return;
      }
      this.tell(this.kept ? (answer.kind === "login" ? "login" : "kept") : "lost");
      this.soon(RETRY_MS);
      return;
    }
    if (this.clean && this.state !== "saved") {
      await this.ways.store.remove(this.draft()).catch(() => undefined);
      this.tell("saved");
    }
  }

  private async taken(found: Saved, sent: string): Promise<void> {
    const old = this.draft();
    const now = found.turns[0];
    this.done = sent;
    if (now) {
      if (now.id !== this.turn) this.replaced.push(this.turn);
      this.turn = now.id;
      this.base = now.text;
    }
    // The new one is kept before the old one goes: between the two a window may be closed.
    if (!this.clean) await this.keep();
    if (this.clean || old.turn !== this.turn) {
      await this.ways.store.remove(old).catch(() => undefined);
    }
  }

  private async keep(): Promise<void> {
    try {
      await this.ways.store.put(this.draft());
      this.kept = true;
    } catch {
      this.kept = false;
    }
  }

  private draft(): Draft {
    const { who, layer, time } = this.work;
    return { who, layer, time, turn: this.turn, base: this.base, text: this.text, at: Date.now() };
  }

  private soon(ms: number): void {
    this.off();
    this.off = this.ways.later(() => void this.flush(), ms);
  }

  private tell(state: State, why = ""): void {
    this.state = state;
    this.why = why;
    this.ways.told(this, state, why);
  }
}
