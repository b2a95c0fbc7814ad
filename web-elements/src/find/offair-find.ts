import { dock } from "./player";

/** Between a letter and the search for it. */
const PAUSE_MS = 40;
/** How long the hits stand alone: who types on is not kept waiting by a count of all there is. */
const AROUND_MS = 150;
const AGAIN_MS = 2000;

/** The page Find: asks as one types, the hits first and then what surrounds them, keeps the address
 *  bar true, and turns every link of the page that searches into a search in place. */
class OffairFind extends HTMLElement {
  private asking = new AbortController();
  private waiting = 0;
  private shown = "";

  connectedCallback(): void {
    this.shown = location.search;
    dock(this);
    this.form.addEventListener("input", (event) => this.typed(event));
    // A word that an input method is still putting together is no query yet.
    this.form.addEventListener("compositionend", (event) => this.typed(event));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask(this.typedAddress(), true);
    });
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("keydown", (event) => this.walked(event));
    addEventListener("popstate", () => {
      this.fill(new URLSearchParams(location.search));
      void this.show(location.search);
    });
    if (!this.box.value) this.box.focus();
  }

  private get form(): HTMLFormElement {
    return this.querySelector<HTMLFormElement>("form.ask")!;
  }

  private get box(): HTMLInputElement {
    return this.querySelector<HTMLInputElement>(".q")!;
  }

  private typed(event: Event): void {
    if ((event as InputEvent).isComposing) return;
    const field = event.target as HTMLInputElement;
    if (field.dataset.suggest) void this.suggest(field);
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.ask(this.typedAddress(), false), PAUSE_MS);
  }

  /** The query of the form as an address has it: nothing that is empty. What the fields cannot hold
   *  (a second speaker) stays as long as the first does. */
  private typedAddress(): string {
    const before = new URLSearchParams(this.shown);
    const made = new URLSearchParams();
    const fields = new FormData(this.form);
    for (const [name, value] of fields) {
      if (typeof value !== "string" || !value.trim()) continue;
      const were = before.getAll(name);
      if (name !== "q" && were.length > 1 && were[0] === value) were.forEach((one) => made.append(name, one));
      else made.append(name, value);
    }
    const text = made.toString();
    return text ? `?${text}` : "";
  }

  private ask(search: string, visit: boolean): void {
    clearTimeout(this.waiting);
    if (search === this.shown && !visit) return;
    // One step of the history for a search, not one for each letter.
    if (visit) history.pushState(null, "", `/find${search}`);
    else history.replaceState(null, "", `/find${search}`);
    void this.show(search);
  }

  private async show(search: string): Promise<void> {
    this.asking.abort();
    this.asking = new AbortController();
    const signal = this.asking.signal;
    this.shown = search;
    const found = this.querySelector<HTMLElement>(".found")!;
    found.classList.add("stale");
    const part = (name: string) => `/find${search}${search ? "&" : "?"}part=${name}`;
    try {
      // The hits alone first: the search behind the other answer would take their processor.
      await this.put(".hits-part", part("hits"), signal);
      found.classList.remove("stale");
      await new Promise((resolve) => setTimeout(resolve, AROUND_MS));
      if (signal.aborted) return;
      await this.put(".around-part", part("around"), signal);
      const exact = this.querySelector(".exact-count")?.textContent;
      const count = this.querySelector<HTMLElement>(".count");
      if (exact && count && count.dataset.atLeast === "1") count.textContent = exact;
    } catch (error) {
      if (signal.aborted) return;
      found.classList.remove("stale");
      const told = document.createElement("p");
      told.className = "trouble";
      told.setAttribute("role", "alert");
      told.textContent = this.dataset.failed ?? String(error);
      this.querySelector(".hits-part")!.replaceChildren(told);
      this.waiting = window.setTimeout(() => void this.show(search), AGAIN_MS);
    }
  }

  private async put(where: string, address: string, signal: AbortSignal): Promise<void> {
    const answer = await fetch(address, { signal });
    if (answer.status >= 500 && answer.status !== 503) throw new Error(String(answer.status));
    const text = await answer.text();
    if (signal.aborted) return;
    const place = this.querySelector<HTMLElement>(where)!;
    place.querySelector(":scope > .query-trouble")?.remove();
    const made = document.createElement("template");
    made.innerHTML = text;
    const unread = answer.ok ? made.content.querySelector(".query-trouble") : null;
    if (unread && place.querySelector(".hit")) {
      // Somebody is in the middle of a word: what was found before stays below what is said of it.
      place.prepend(unread);
      return;
    }
    // What surrounds the hits stays too as long as nothing else is known.
    if (answer.ok && !made.content.firstElementChild && this.querySelector(".query-trouble")) return;
    if (answer.ok) place.replaceChildren(made.content);
    else place.replaceChildren(...told(text));
  }

  private clicked(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.defaultPrevented) return;
    const link = (event.target as Element).closest<HTMLAnchorElement | SVGAElement>("a");
    const address = link?.getAttribute("href");
    if (!address || !/^\/find(\?|$)/.test(address)) return;
    event.preventDefault();
    const search = address.slice("/find".length);
    this.fill(new URLSearchParams(search));
    this.ask(search, true);
    scrollTo({ top: 0 });
    this.box.focus({ preventScroll: true });
  }

  /** Puts a search into the fields. */
  private fill(search: URLSearchParams): void {
    for (const field of this.form.elements) {
      if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) {
        field.value = search.get(field.name) ?? "";
      }
    }
    for (const name of ["order", "by"]) {
      let field = this.form.elements.namedItem(name);
      const value = search.get(name);
      if (!value) {
        if (field instanceof HTMLElement) field.remove();
        continue;
      }
      if (!(field instanceof HTMLInputElement)) {
        field = this.form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
      }
      (field as HTMLInputElement).value = value;
    }
  }

  /** Arrow keys go from bar to bar: of all the bars the tabulator reaches one. */
  private walked(event: KeyboardEvent): void {
    const bar = (event.target as Element).closest<SVGAElement>(".mentions a");
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (!bar || !step) return;
    const bars = [...this.querySelectorAll<SVGAElement>(".mentions a")];
    const turned = getComputedStyle(this).direction === "rtl" && Math.abs(step) === 1 ? -step : step;
    const next = bars[Math.min(bars.length - 1, Math.max(0, bars.indexOf(bar) + turned))];
    if (!next) return;
    event.preventDefault();
    bar.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  }

  private async suggest(field: HTMLInputElement): Promise<void> {
    const begin = field.value.trim();
    const list = field.list;
    if (!list || begin.length < 1) return;
    const asked = new URLSearchParams({ what: field.dataset.suggest!, begin });
    const answer = await fetch(`/find/suggest.json?${asked}`).catch(() => null);
    if (!answer?.ok || field.value.trim() !== begin) return;
    const { names } = (await answer.json()) as { names: string[] };
    list.replaceChildren(...names.map((name) => Object.assign(document.createElement("option"), { value: name })));
  }
}

/** What a page of the desk that says an error has to say. */
function told(page: string): Node[] {
  const main = new DOMParser().parseFromString(page, "text/html").querySelector("main");
  return main ? [...main.childNodes] : [];
}

customElements.define("offair-find", OffairFind);
