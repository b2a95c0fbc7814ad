/** One player for a page of places: a link that plays asks for the player of its recording and puts
 *  it into the dock, at the link's time. Without scripts, or with a key that opens windows, the link
 *  leads to the recording instead. */
export class Dock {
  private readonly media: HTMLElement;
  private playing: HTMLElement | null = null;

  constructor(private readonly dock: HTMLElement) {
    this.media = dock.querySelector<HTMLElement>(".dock-media")!;
    dock.querySelector(".dock-close")!.addEventListener("click", () => this.close());
  }

  /** Plays from these links inside an element, those that come later too. */
  listen(inside: HTMLElement): void {
    inside.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const link = (event.target as Element).closest<HTMLElement>("a[data-t][data-recording]");
      if (!link || event.defaultPrevented) return;
      event.preventDefault();
      void this.play(link);
    });
  }

  private get player(): HTMLMediaElement | null {
    return this.media.querySelector<HTMLMediaElement>("video, audio");
  }

  private async play(link: HTMLElement): Promise<void> {
    const time = Number(link.dataset.t) / 1000;
    const recording = link.dataset.recording!;
    this.playing?.removeAttribute("aria-current");
    this.playing = link;
    link.setAttribute("aria-current", "true");
    if (this.player?.dataset.recording !== recording) {
      try {
        const answer = await fetch(`/player/${recording}?t=${time.toFixed(3)}`);
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        this.media.innerHTML = await answer.text();
      } catch {
        this.media.textContent = this.dock.dataset.failed ?? "";
      }
    }
    this.dock.hidden = false;
    const player = this.player;
    if (!player) return;
    player.currentTime = time;
    // A browser that forbids sound without asking leaves it paused at the right moment.
    player.play().catch(() => undefined);
  }

  private close(): void {
    this.player?.pause();
    this.dock.hidden = true;
    this.playing?.removeAttribute("aria-current");
    this.playing?.focus();
    this.playing = null;
  }
}

/** The dock of the page, where it has one. */
export function dock(inside: HTMLElement): void {
  const found = inside.querySelector<HTMLElement>(".dock");
  if (found) new Dock(found).listen(inside);
}
