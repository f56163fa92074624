import { defineConfig } from 'vitest/config'

/** The console in a real browser against a real service and a simulated machine; one story after another. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.e2e.ts'],
    fileParallelism: false,
    sequence: { concurrent: false },
    testTimeout: 90_000,
    hookTimeout: 60_000,
    bail: 0,
  },
})
