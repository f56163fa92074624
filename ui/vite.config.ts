import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/** Where `npm run dev` finds a running `rollcalld`. */
const node = process.env['ROLLCALL_CONSOLE'] ?? 'http://127.0.0.1:8090'

export default defineConfig({
  plugins: [react()],
  // The window's WebKit (2.40 and later) and every browser of the last three years.
  build: { target: ['es2022', 'safari16'], chunkSizeWarningLimit: 700 },
  server: { port: 5173, strictPort: true, proxy: { '/api': { target: node } } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
})
