import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/** Where `npm run dev` finds a running `rollcalld`. */
const node = process.env['ROLLCALL_CONSOLE'] ?? 'http://127.0.0.1:8090'

export default defineConfig({
  plugins: [react()],
  // The window's WebKit (2.40 and later) and every browser of the last three years.
  build: {
    target: ['es2022', 'safari16'],
    rolldownOptions: {
      // What a module of ours says is wanted by name: so a page fetches of the kit what it uses, and the first screen no calendar.
      treeshake: { moduleSideEffects: [{ test: /[\\/]src[\\/](?!main).*\.tsx?$/, sideEffects: false }] },
      output: {
        // Named by what they hold, so that a change of ours does not renew what did not change.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|react-router|scheduler|@tanstack|i18next|react-i18next)[\\/]/, priority: 2 },
            { name: 'texts', test: /[\\/]src[\\/]i18n[\\/](en|zh)/, priority: 1 },
          ],
        },
      },
    },
  },
  server: { port: 5173, strictPort: true, proxy: { '/api': { target: node } } },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node', setupFiles: ['src/testSetup.ts'] },
})
