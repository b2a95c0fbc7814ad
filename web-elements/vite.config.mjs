import { defineConfig } from "vite";

// One file with a fixed name: the pages add the digest of its bytes to the address.
export default defineConfig({
  build: {
    outDir: "../src/offair/web/built",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    rolldownOptions: {
      input: "src/main.ts",
      output: { entryFileNames: "elements.js", comments: { legal: true } },
    },
  },
});
