import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Our packages are tested from source; only tests that start processes need a build (turbo sees to it).
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    passWithNoTests: true,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    reporters: ['default', 'json'],
    // Counted by the bootstrap for the closing line of `npm test`.
    outputFile: { json: 'test-results/vitest.json' },
  },
})
