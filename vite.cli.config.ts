import { defineConfig } from 'vite';

/** The CLI with the local server, for Node: dependencies stay outside. */
export default defineConfig({
  build: {
    ssr: true,
    target: 'node22',
    outDir: 'out/cli',
    rollupOptions: { input: { rasr: 'src/cli/rasr.ts' } },
  },
});
