/**
 * A record's page with scripts: a turn's time and a sentence play the page's own player, the
 * sentence that is heard is underlined, an address with `#s34` plays from there, and a citation is
 * copied by a button.
 */
const record = document.querySelector<HTMLElement>("[data-record]");
const player = document.querySelector<HTMLMediaElement>("video, audio");

/** Play from a moment of the media file, in seconds. */
const playFrom = (seconds: number): void => {
  if (!player) return;
  player.currentTime = seconds;
  // A browser that forbids sound without asking leaves it paused at the right moment.
  player.play().catch(() => undefined);
};

/** The sentence that the address names, if the page has it. */
const named = (): HTMLElement | null =>
  location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;

const listen = (main: HTMLElement): void => {
  main.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !(event.target instanceof Element)) return;
    const time = event.target.closest<HTMLAnchorElement>("a.time");
    const at = time && /#t=([\d.]+)/.exec(time.href)?.[1];
    if (player && at) {
      event.preventDefault();
      playFrom(Number(at));
      return;
    }
    const sentence = event.target.closest<HTMLElement>(".sentence[data-from]");
    // Who marks words to copy them does not want to hear them.
    if (!sentence || event.target.closest("a") || getSelection()?.isCollapsed === false) return;
    playFrom(Number(sentence.dataset["from"]));
  });
  const sentences = [...main.querySelectorAll<HTMLElement>(".sentence[data-from]")];
  let shown: HTMLElement | undefined;
  player?.addEventListener("timeupdate", () => {
    const now = player.currentTime;
    const heard = sentences.find(
      (one) => Number(one.dataset["from"]) <= now && now < Number(one.dataset["to"]),
    );
    if (heard === shown) return;
    shown?.classList.remove("playing");
    heard?.classList.add("playing");
    shown = heard;
  });
  const seek = (): void => {
    const from = named()?.dataset["from"];
    if (player && from) player.currentTime = Number(from);
  };
  addEventListener("hashchange", seek);
  seek();
};

/** A button behind every citation that puts its text on the clipboard. */
const offerCopies = (main: HTMLElement): void => {
  const { copy, copied } = main.dataset;
  if (!navigator.clipboard || !copy || !copied) return;
  for (const citation of main.querySelectorAll<HTMLElement>(".citation")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = copy;
    button.addEventListener("click", () => {
      navigator.clipboard.writeText(citation.textContent.trim()).then(
        () => (button.textContent = copied),
        () => undefined,
      );
    });
    citation.after(button);
  }
};

if (record) {
  listen(record);
  offerCopies(record);
}

export {};
