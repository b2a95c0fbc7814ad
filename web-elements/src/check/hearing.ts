import { csrf } from "./csrf";

/** Listen and confirm in a dialog: the server's own form, sent without leaving the page. */
export class Hearing {
  private link: HTMLAnchorElement | null = null;
  private done = false;
  private readonly body: HTMLElement;

  constructor(
    private readonly dialog: HTMLDialogElement,
    private readonly failed: string,
    private readonly confirmed: (link: HTMLAnchorElement) => void,
  ) {
    this.body = dialog.querySelector<HTMLElement>(".hear-body")!;
    this.body.addEventListener("submit", (event) => {
      event.preventDefault();
      const form = event.target as HTMLFormElement;
      // The form as a browser sends it alone: the server reads the same fields.
      const fields = new URLSearchParams();
      for (const [name, value] of new FormData(form)) fields.append(name, String(value));
      void this.fill(form.action, { method: "POST", body: fields, headers: csrf() });
    });
    dialog.addEventListener("close", () => {
      this.body.replaceChildren();
      if (this.done && this.link) this.confirmed(this.link);
      else this.link?.focus();
    });
  }

  listen(inside: HTMLElement): void {
    inside.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const link = (event.target as Element).closest<HTMLAnchorElement>("a.hear");
      if (!link) return;
      event.preventDefault();
      this.link = link;
      this.done = false;
      this.body.replaceChildren();
      this.dialog.showModal();
      void this.fill(link.href);
    });
  }

  private async fill(address: string, how: RequestInit = {}): Promise<void> {
    try {
      const answer = await fetch(address + (address.includes("part=") ? "" : "&part=1"), how);
      const text = await answer.text();
      if (answer.ok) {
        this.body.innerHTML = text;
        this.done ||= this.body.querySelector(".heard-now") !== null;
      } else {
        const main = new DOMParser().parseFromString(text, "text/html").querySelector("main");
        this.tell(main?.textContent?.trim() || this.failed);
      }
    } catch {
      this.tell(this.failed);
    }
  }

  private tell(text: string): void {
    const told = Object.assign(document.createElement("p"), { className: "trouble", textContent: text });
    told.setAttribute("role", "alert");
    this.body.prepend(told);
  }
}
