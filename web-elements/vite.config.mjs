import { existsSync, readdirSync } from "node:fs";
import { defineConfig } from "vite";

// Entries have fixed names: the pages add the digest of their bytes to the address. `main` is on
// every page; each file of src/pages is on the pages that ask for it. What they share lies in files
// whose names carry the digest.
const pages = existsSync("src/pages") ? readdirSync("src/pages") : [];
const input = { elements: "src/main.ts" };
for (const file of pages) {
  if (file.endsWith(".ts")) input[file.slice(0, -3)] = `src/pages/${file}`;
}

export default defineConfig({
  build: {
    outDir: "../src/offair/web/built",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    rolldownOptions: {
      input,
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "shared-[hash].js",
        comments: { legal: true },
      },
    },
  },
});
