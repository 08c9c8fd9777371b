import { defineConfig } from 'vitest/config'

/** Limits are for what hangs: a busy machine may be slow. */
const shared = { pool: 'forks', testTimeout: 120_000, hookTimeout: 180_000, maxWorkers: 2 } as const

/** `npm test` runs `light`: it needs Node and npm alone. `.ci/run` adds `heavy`: real programs, Chromium, campaigns. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'light',
          include: ['test/**/*.test.ts'],
          exclude: ['test/real/**', 'test/page/**', 'test/campaigns/**'],
        },
      },
      {
        test: {
          ...shared,
          name: 'heavy',
          include: ['test/{real,page,campaigns}/**/*.test.ts'],
        },
      },
    ],
  },
})
