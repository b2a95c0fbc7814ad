/** The player of the page: stretches of it that are played on their own, once or in a loop. */

export interface Stretch {
  /** Media time in ms. */
  readonly start: number;
  readonly end: number;
}

interface Playing extends Stretch {
  readonly loop: boolean;
}

const playing = new WeakMap<HTMLMediaElement, Playing>();
/** Sound before and after a stretch that is heard to judge it. */
export const AROUND_MS = 1000;
/** A place so far outside is one that somebody went to. */
const OUTSIDE_MS = 400;

export function playerNamed(id: string): HTMLMediaElement | null {
  const found = document.getElementById(id);
  return found instanceof HTMLMediaElement ? found : null;
}

/** A stretch with a second of sound around it, inside the recording. */
export function around({ start, end }: Stretch, duration = Infinity): Stretch {
  return {
    start: Math.max(0, start - AROUND_MS),
    end: Math.min(duration, Math.max(start, end) + AROUND_MS),
  };
}

/** Plays a stretch and stops at its end, or begins anew; going elsewhere ends it. */
export function playStretch(player: HTMLMediaElement, stretch: Stretch, loop = false): void {
  const one: Playing = { start: stretch.start, end: stretch.end, loop };
  playing.set(player, one);
  player.currentTime = one.start / 1000;
  const watch = () => {
    if (playing.get(player) !== one) return;
    const time = player.currentTime * 1000;
    const far = time < one.start - OUTSIDE_MS || time > one.end + OUTSIDE_MS;
    if (far && !player.seeking) {
      playing.delete(player);
    } else if (time >= one.end) {
      if (!one.loop) {
        playing.delete(player);
        player.pause();
        return;
      }
      player.currentTime = one.start / 1000;
    }
    // Not by frames: a window that is not seen gets none.
    setTimeout(watch, 30);
  };
  watch();
  // A browser that forbids sound without asking leaves it paused at the right place.
  player.play().catch(() => undefined);
}

/** What is looped now, if anything is. */
export function looped(player: HTMLMediaElement): Stretch | null {
  const one = playing.get(player);
  return one?.loop ? one : null;
}

/** Lets the sound run on. */
export function letRun(player: HTMLMediaElement): void {
  playing.delete(player);
}

/** `1:02:03` or `2:03`, cut to the second, as the pages print times. */
export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** As `clock`, with the milliseconds where there are any: the form that `?t=` takes. */
export function exact(ms: number): string {
  const rest = Math.round(ms) % 1000;
  return clock(ms) + (rest ? `.${String(rest).padStart(3, "0")}` : "");
}
