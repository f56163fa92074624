/** What modules ask of a browser when they are loaded. */
const kept = new Map<string, string>()
Object.assign(globalThis, {
  location: new URL('http://rollcall.test/'),
  localStorage: {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  },
})
Object.defineProperty(globalThis, 'navigator', { value: { languages: ['en'] }, configurable: true })
