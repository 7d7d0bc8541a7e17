import { defineConfig } from 'vitest/config';

/** Unit and integration tests: plain Node, the real SQLite, ONNX Runtime and sharp. */
export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts', 'test/integration/**/*.test.ts'],
    // Native inference on busy machines: waiting is no failure, and no test measures time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
