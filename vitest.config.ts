import { defineConfig } from 'vitest/config'

/** Suites are folders: what `npm test` runs needs Node alone; the heavier ones are named by `.ci/run`. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    restoreMocks: true,
  },
})
