/** On a record's page, a turn's time plays the page's own player instead of opening the file. */
document.querySelector("[data-record]")?.addEventListener("click", (event) => {
  if (!(event instanceof MouseEvent) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target instanceof Element && event.target.closest<HTMLAnchorElement>("a.time");
  const player = document.querySelector<HTMLMediaElement>("video, audio");
  const time = link && /#t=([\d.]+)/.exec(link.href)?.[1];
  if (!player || !time) return;
  event.preventDefault();
  player.currentTime = Number(time);
  // A browser that forbids sound without asking leaves it paused at the right moment.
  player.play().catch(() => undefined);
});

export {};
