/** The sound beside the turn that is open: it follows the caret, and the caret follows it. */
import { Played, shiftedWords, timeAtCaret } from "./caret";
import type { Saving } from "./saving";
import type { OffairTurnEditor } from "./turn-editor";
import { transcriptOfPage } from "../offair-transcript";
import { letRun, looped, playStretch } from "../sound";
import { lastBefore, sentenceAt, timeOf, wordsWithin, type TimedWord } from "../word-times";

/** The turn that is open. words: their times in the text as it was opened. */
export interface Open {
  readonly element: HTMLElement;
  readonly editor: OffairTurnEditor;
  readonly saving: Saving;
  readonly words: readonly TimedWord[];
  readonly text: string;
  /** The words as they were read. */
  readonly read: HTMLElement;
  typedSincePlay: boolean;
}

/** Of a turn's sound, to say that it was heard. */
const HEARD_SHARE = 0.9;

export class TurnSound {
  private readonly played = new Played();
  private heardAt: number | null = null;

  /** opened: the turn that is open now. */
  constructor(
    readonly player: HTMLMediaElement,
    private readonly opened: () => Open | null,
    options: AddEventListenerOptions,
  ) {
    player.addEventListener("timeupdate", () => this.listened(), options);
    player.addEventListener("pause", () => this.paused(), options);
    player.addEventListener("play", () => {
      this.heardAt = player.currentTime * 1000;
      const open = this.opened();
      if (open) open.typedSincePlay = false;
    }, options);
  }

  /** The caret was moved by a key: a sound that stands still goes with it. */
  moved(open: Open, field: HTMLTextAreaElement): void {
    const time = timeAtCaret(wordsNow(open), field.selectionStart);
    if (time !== null && this.player.paused) transcriptOfPage()?.seek(time, false);
  }

  /** Begins to loop the sentence at the caret, or the one that is heard; or lets the sound run. */
  loop(): void {
    if (looped(this.player)) {
      letRun(this.player);
      return;
    }
    const time = this.sentenceAtCaret() ?? transcriptOfPage()?.sentence()?.time;
    if (time) playStretch(this.player, time, true);
  }

  /** Plays from the word at the caret; false where it has no time. */
  fromCaret(): boolean {
    const open = this.opened();
    const field = open?.editor.field;
    if (!open || !field) return true;
    const time = timeAtCaret(wordsNow(open), field.selectionStart);
    if (time === null) return false;
    transcriptOfPage()?.seek(time, false);
    this.player.play().catch(() => undefined);
    return true;
  }

  /** Whether the turn was listened to; it is played where it was not. */
  wasHeard(open: Open): boolean {
    const [start, end] = (open.element.dataset.t ?? "").split(",").map(Number);
    if (start === undefined || end === undefined) return true;
    if (this.played.share({ start, end }) >= HEARD_SHARE) return true;
    playStretch(this.player, { start, end });
    return false;
  }

  /** When the sentence at the caret is said. */
  private sentenceAtCaret(): { start: number; end: number } | null {
    const open = this.opened();
    const field = open?.editor.field;
    if (!open || !field) return null;
    const [from, to] = sentenceAt(field.value, field.selectionStart, field.lang);
    return timeOf(wordsWithin(wordsNow(open), from, to));
  }

  /** The sound stops: the caret goes to the word that was heard, unless somebody wrote meanwhile. */
  private paused(): void {
    const open = this.opened();
    const field = open?.editor.field;
    if (!open || !field || open.typedSincePlay || document.activeElement !== field) return;
    const [start, end] = (open.element.dataset.t ?? "").split(",").map(Number);
    const time = this.player.currentTime * 1000;
    if (start === undefined || end === undefined || time < start || time > end) return;
    const word = lastBefore(wordsNow(open), time);
    if (word) field.setSelectionRange(word.from, word.from);
  }

  private listened(): void {
    const now = this.player.currentTime * 1000;
    const before = this.heardAt;
    // A jump is not listened through.
    const near = before !== null && now > before && now - before < 1_500 * this.player.playbackRate;
    if (near) this.played.add(before, now);
    this.heardAt = this.player.paused ? null : now;
  }
}

/** The words of the open turn as it stands in its field. */
export function wordsNow(open: Open): TimedWord[] {
  return shiftedWords(open.words, open.text, open.editor.field?.value ?? open.text);
}
