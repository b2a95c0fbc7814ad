/** What somebody wrote of a clip and the desk does not have yet, kept in this browser. */

export interface ClipDraft {
  readonly version: number;
  readonly headline: string;
  readonly summary: string;
  readonly spans: string | null;
}

export interface Kept {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Several people may use one browser. */
export function keyOf(who: string, clip: number): string {
  return `offair-clip:${who}:${clip}`;
}

export function keep(store: Kept, key: string, draft: ClipDraft): boolean {
  try {
    store.setItem(key, JSON.stringify(draft));
    return true;
  } catch {
    return false; // full, or forbidden: the page says so
  }
}

/** The draft that was kept, null where there is none or it is no draft. */
export function found(store: Kept, key: string): ClipDraft | null {
  try {
    const read: unknown = JSON.parse(store.getItem(key) ?? "null");
    if (typeof read !== "object" || read === null) return null;
    const { version, headline, summary, spans } = read as Record<string, unknown>;
    if (typeof version !== "number" || typeof headline !== "string" || typeof summary !== "string") return null;
    return { version, headline, summary, spans: typeof spans === "string" ? spans : null };
  } catch {
    return null;
  }
}

/** Paragraphs of a summary: apart by an empty line, each in one line. */
export function paragraphs(summary: string): string[] {
  return summary
    .split(/\n\s*\n/)
    .map((one) => one.replace(/\s+/g, " ").trim())
    .filter((one) => one !== "");
}

/** Spans as the field has them, one a line; null where one cannot be read. */
export function spansOf(text: string): { start_ms: number; end_ms: number }[] | null {
  const all: { start_ms: number; end_ms: number }[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const [from, to, ...more] = line.trim().split(/\s*[-–—]\s*|\s+/).filter((one) => one !== "");
    const start = timeOf(from ?? "");
    const end = timeOf(to ?? "");
    if (start === null || end === null || end <= start || more.length > 0) return null;
    all.push({ start_ms: start, end_ms: end });
  }
  return all.length > 0 ? all : null;
}

function timeOf(text: string): number | null {
  const match = /^(?:(?:(\d{1,4}):)?(\d{1,5}):)?(\d{1,7}(?:\.\d{1,3})?)$/.exec(text);
  if (!match) return null;
  const [, hours = "0", minutes = "0", seconds = "0"] = match;
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000);
}
