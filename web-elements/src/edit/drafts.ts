/** Drafts of turns, kept in this browser until the desk has them. */

export interface Draft {
  /** Who writes it: several people may use one browser. */
  readonly who: string;
  readonly layer: number;
  /** As it was read, and the text that was read. */
  readonly turn: number;
  readonly base: string;
  readonly text: string;
  /** Where it is said, ms, null where nobody knows. */
  readonly time: number | null;
  /** When it was written, ms since 1970. */
  readonly at: number;
}

export interface DraftStore {
  put(draft: Draft): Promise<void>;
  remove(draft: Pick<Draft, "who" | "layer" | "turn">): Promise<void>;
  /** Of one person and text, oldest first. */
  all(who: string, layer: number): Promise<Draft[]>;
}

const NAME = "offair-drafts";

/** Drafts in IndexedDB: they stay when the window is closed. */
export class KeptDrafts implements DraftStore {
  private opened: Promise<IDBDatabase> | null = null;

  async put(draft: Draft): Promise<void> {
    await this.run("readwrite", (store) => store.put(draft));
  }

  async remove({ who, layer, turn }: Pick<Draft, "who" | "layer" | "turn">): Promise<void> {
    await this.run("readwrite", (store) => store.delete([who, layer, turn]));
  }

  async all(who: string, layer: number): Promise<Draft[]> {
    const range = IDBKeyRange.bound([who, layer, 0], [who, layer, Number.MAX_SAFE_INTEGER]);
    const found = await this.run<Draft[]>("readonly", (store) => store.getAll(range));
    return found.sort((one, other) => one.at - other.at);
  }

  private async run<T>(
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> {
    this.opened ??= open();
    const database = await this.opened;
    const transaction = database.transaction("turns", mode);
    return new Promise((done, failed) => {
      const asked = ask(transaction.objectStore("turns"));
      transaction.oncomplete = () => done(asked.result);
      transaction.onabort = transaction.onerror = () => failed(transaction.error);
    });
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () =>
      asked.result.createObjectStore("turns", { keyPath: ["who", "layer", "turn"] });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

/** What is to be done with a draft that was found, beside the turn as it stands in the desk: gone
 *  where its words stand there already, offered otherwise; it is never taken unasked. */
export function fate(draft: Draft, stands: string | null): "gone" | "offer" | "offer, changed" {
  if (draft.text === draft.base || (stands !== null && tidy(stands) === tidy(draft.text))) return "gone";
  return stands !== null && tidy(stands) === tidy(draft.base) ? "offer" : "offer, changed";
}

/** As the desk keeps a text: lines without white space at their ends. */
export function tidy(text: string): string {
  return text
    .replace(/\r\n/g, "\n")
    .split("\n")
    .map((line) => line.replaceAll("\t", " ").trimEnd())
    .join("\n")
    .replace(/^[\n ]+|[\n ]+$/g, "");
}
