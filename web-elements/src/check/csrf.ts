/** The header by which the server knows that a request comes from a page of its own. */
export function csrf(): Record<string, string> {
  const token = document.querySelector<HTMLMetaElement>("meta[name=csrf]")?.content;
  return token ? { "x-csrf-token": token } : {};
}
