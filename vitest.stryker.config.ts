/** The tests that judge mutants of the core: its unit tests and the properties. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/core/**/*.test.ts', 'test/property/**/*.test.ts'],
    testTimeout: 120_000,
  },
});
