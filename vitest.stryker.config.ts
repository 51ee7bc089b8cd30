/** The tests that judge mutants of the core: its unit tests; the properties would take hours. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/core/**/*.test.ts'],
    testTimeout: 120_000,
  },
});
