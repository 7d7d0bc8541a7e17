import { defineConfig } from 'vitest/config';

/** Unit and integration tests: plain Node, the real SQLite, ONNX Runtime and sharp. */
export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts', 'test/integration/**/*.test.ts'],
    // Integration tests mostly wait, for programs they start and for the disk: no core is kept free.
    maxWorkers: '100%',
    // Native inference on busy machines: waiting is no failure, and no test measures time.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
