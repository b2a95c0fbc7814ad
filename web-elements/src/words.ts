/** The interface's words in the language of the page: English is the key, and what is shown where
 *  the page brings no other. `web/script_words.py` lists all of them for the translators. */
let words: Record<string, string> | undefined;

export function say(text: string, values: Record<string, string | number> = {}): string {
  if (!words) {
    const given = document.getElementById("words")?.textContent;
    words = given ? (JSON.parse(given) as Record<string, string>) : {};
  }
  return (words[text] ?? text).replace(/\{(\w+)\}/g, (whole, name: string) => `${values[name] ?? whole}`);
}
