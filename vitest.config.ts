import { defineConfig } from 'vitest/config';

// The language service imports JSON without import attributes, so Vite has to process it.
const inline = [/@actions\/(languageservice|workflow-parser|expressions)/];

const project = (name: string, testTimeout: number, extra: object = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    server: { deps: { inline } },
    ...extra,
  },
});

export default defineConfig({
  // The language service ships no source maps, and Vite warns about each file.
  logLevel: 'error',
  test: {
    projects: [
      project('unit', 5_000),
      project('property', 120_000),
      project('contract', 120_000),
      project('integration', 30_000),
      project('e2e', 120_000, { maxConcurrency: 12 }),
    ],
  },
});
