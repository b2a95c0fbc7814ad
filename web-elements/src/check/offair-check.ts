import { dock } from "../find/player";
import { csrf } from "./csrf";
import { Hearing } from "./hearing";

const LONGEST_ADDRESS = 4000;

/** The page Check and a shared report: sends the forms without leaving the page, checks an article's
 *  quotations a few at a time, one again after it was corrected, and opens Listen and confirm. */
class OffairCheck extends HTMLElement {
  private run = 0;
  private pasted = "";

  connectedCallback(): void {
    dock(this);
    this.addEventListener("submit", (event) => this.submitted(event));
    const dialog = this.querySelector<HTMLDialogElement>(".hear-dialog");
    if (dialog) {
      new Hearing(dialog, this.dataset.failed ?? "", (link) => {
        const item = link.closest<HTMLElement>("article.finding");
        if (item) void this.again([item]);
      }).listen(this);
    }
    const way = this.querySelector<HTMLFormElement>("form[data-act='article']");
    if (way) this.taking(way);
  }

  private get checked(): HTMLElement {
    return this.querySelector<HTMLElement>(".checked")!;
  }

  private submitted(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    const button = event.submitter as HTMLButtonElement | null;
    if (form.matches(".way")) {
      event.preventDefault();
      void this.send(form);
    } else if (form.matches(".findings") && button?.value === "again") {
      event.preventDefault();
      const only = button.dataset.only;
      const all = [...form.querySelectorAll<HTMLElement>("article.finding")];
      void this.again(only ? all.filter((one) => one.dataset.number === only) : all);
    }
  }

  /** Takes pasted text with its layout, and a file that is dropped. */
  private taking(form: HTMLFormElement): void {
    const text = form.querySelector<HTMLTextAreaElement>("textarea")!;
    const said = form.querySelector<HTMLElement>(".pasted")!;
    const file = form.querySelector<HTMLInputElement>("input[type=file]")!;
    text.addEventListener("paste", (event) => {
      const html = event.clipboardData?.getData("text/html") ?? "";
      // A piece pasted into other text would put its layout in the place of all of it.
      const whole = text.selectionStart === 0 && text.selectionEnd === text.value.length;
      setTimeout(() => {
        this.pasted = whole && html ? html : "";
        said.hidden = !this.pasted;
      });
    });
    text.addEventListener("input", (event) => {
      if ((event as InputEvent).inputType === "insertFromPaste") return;
      this.pasted = "";
      said.hidden = true;
    });
    form.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      form.classList.add("over");
    });
    form.addEventListener("dragleave", () => form.classList.remove("over"));
    form.addEventListener("drop", (event) => {
      form.classList.remove("over");
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      file.files = event.dataTransfer.files;
      form.requestSubmit();
    });
  }

  private async send(form: HTMLFormElement): Promise<void> {
    const fields = new FormData(form);
    fields.set("part", "list");
    if (form.dataset.act === "article" && this.pasted) fields.set("html", this.pasted);
    const run = ++this.run;
    this.busy(true);
    const made = await this.ask(fields);
    if (run !== this.run) return;
    this.busy(false);
    this.checked.replaceChildren(made);
    if (form.dataset.act === "quotation") cite(form);
    this.checked.querySelector<HTMLElement>(".found-title")?.focus();
    const waiting = [...this.querySelectorAll<HTMLElement>("article.waiting")];
    if (waiting.length) await this.inParts(waiting, run);
  }

  /** Checks these items again with what stands in their fields. */
  private async again(items: HTMLElement[]): Promise<void> {
    const run = ++this.run;
    for (const one of items) one.classList.add("waiting");
    await this.inParts(items, run);
    if (items.length === 1) {
      const number = items[0]!.dataset.number;
      this.querySelector<HTMLElement>(`#h${number} a`)?.focus();
    }
  }

  private async inParts(items: HTMLElement[], run: number): Promise<void> {
    const form = this.querySelector<HTMLFormElement>("form.findings")!;
    const most = Number(this.dataset.atOnce) || 12;
    const working = form.querySelector<HTMLElement>(".working");
    for (let at = 0; at < items.length; at += most) {
      const some = items.slice(at, at + most);
      const made = await this.ask(fieldsOf(form, some));
      if (run !== this.run) return;
      const rest = made.querySelector<HTMLTemplateElement>("template.rest-of");
      if (!rest) {
        // What cannot be checked is said at the first of them; the others wait for its correction.
        some[0]!.prepend(made);
        return;
      }
      form.querySelector(".rest")?.replaceChildren(rest.content.cloneNode(true));
      for (const one of some) {
        const found = made.querySelector(`article[data-number="${one.dataset.number}"]`);
        if (found) one.replaceWith(found);
        else one.remove();
      }
      if (working) {
        const done = Math.min(items.length, at + most);
        working.querySelector("progress")!.value = done;
        working.querySelector(".done")!.textContent = String(done);
      }
    }
    working?.remove();
    tally(form);
  }

  private async ask(fields: FormData): Promise<DocumentFragment> {
    const made = document.createElement("template");
    try {
      const answer = await fetch("/check", { method: "POST", body: fields, headers: csrf() });
      const text = await answer.text();
      if (answer.ok) made.innerHTML = text;
      else {
        const main = new DOMParser().parseFromString(text, "text/html").querySelector("main");
        made.content.append(trouble(main?.textContent?.trim() || this.dataset.failed || ""));
      }
    } catch {
      made.content.append(trouble(this.dataset.failed ?? ""));
    }
    return made.content;
  }

  private busy(on: boolean): void {
    this.checked.setAttribute("aria-busy", String(on));
    if (on) this.checked.replaceChildren(document.createElement("progress"));
  }
}

/** Puts one quotation into the address bar, so that it can be cited; a long one has no address. */
function cite(form: HTMLFormElement): void {
  const made = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (!["act", "csrf"].includes(name) && typeof value === "string" && value.trim()) made.append(name, value.trim());
  }
  const address = `/check?${made}`;
  history.replaceState(null, "", address.length <= LONGEST_ADDRESS ? address : "/check");
}

function trouble(text: string): HTMLElement {
  const told = Object.assign(document.createElement("p"), { className: "trouble", textContent: text });
  told.setAttribute("role", "alert");
  return told;
}

/** The fields that belong to all quotations, and those of these items. */
function fieldsOf(form: HTMLFormElement, items: HTMLElement[]): FormData {
  const fields = new FormData();
  const numbers = new Set(items.map((one) => one.dataset.number));
  for (const [name, value] of new FormData(form)) {
    const number = /-(\d+)$/.exec(name)?.[1];
    if (number === undefined || numbers.has(number)) fields.append(name, value);
  }
  fields.set("act", "again");
  fields.set("part", "items");
  return fields;
}

/** Counts the findings, and lists what to look at first. */
function tally(form: HTMLFormElement): void {
  const items = [...form.querySelectorAll<HTMLElement>("article.finding[data-tone]")];
  const language = document.documentElement.lang || "en";
  const counts = form.querySelector<HTMLElement>(".counts")!;
  counts.hidden = items.length < 2;
  for (const place of counts.querySelectorAll<HTMLElement>("[data-count]")) {
    const count = items.filter((one) => one.dataset.tone === place.dataset.count).length;
    place.textContent = count.toLocaleString(language);
  }
  form.querySelector<HTMLElement>(".notice")!.hidden = items.length < 2 || !form.querySelector(".provisional");
  const first = form.querySelector<HTMLElement>(".first")!;
  const ranked = items
    .filter((one) => one.dataset.rank && one.dataset.tone === "look")
    .sort((a, b) => Number(a.dataset.rank) - Number(b.dataset.rank));
  first.hidden = !ranked.length || items.length < 2;
  first.querySelector("ul")!.replaceChildren(...ranked.map((one) => listed(one, first.dataset.critical ?? "")));
}

function listed(item: HTMLElement, critical: string): HTMLElement {
  const line = document.createElement("li");
  const link = Object.assign(document.createElement("a"), { href: `#${item.id}` });
  const heading = item.querySelector("h3")!.cloneNode(true) as HTMLElement;
  heading.querySelector(".tone")?.remove();
  link.textContent = heading.textContent!.replace(/\s+/g, " ").trim();
  if (item.dataset.rank === "0") {
    const sign = Object.assign(document.createElement("span"), { textContent: " ‼" });
    sign.setAttribute("aria-hidden", "true");
    const told = Object.assign(document.createElement("span"), { className: "vh", textContent: critical });
    link.append(sign, told);
  }
  const words = Object.assign(document.createElement("bdi"), { className: "quiet" });
  const printed = item.querySelector<HTMLTextAreaElement>("textarea")?.value ?? "";
  words.textContent = printed.length > 70 ? `${printed.slice(0, 69)}…` : printed;
  line.append(link, " ", words);
  return line;
}

customElements.define("offair-check", OffairCheck);
