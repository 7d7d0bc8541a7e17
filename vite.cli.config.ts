import { defineConfig } from 'vite';

/** The CLI with the local server, and the threads that compute: for Node, dependencies stay outside. */
export default defineConfig({
  build: {
    ssr: true,
    target: 'node22',
    outDir: 'out/cli',
    rollupOptions: {
      input: {
        rasr: 'src/cli/rasr.ts',
        'inference-worker': 'src/core/models/inference-worker.ts',
        'heic-worker': 'src/core/photo/heic-worker.ts',
        'alignment-worker': 'src/core/alignment/alignment-worker.ts',
      },
    },
  },
});
