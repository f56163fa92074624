import { useSyncExternalStore } from 'react'

const EVERY_MS = 10_000
let now = Date.now()
const watchers = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(watcher: () => void) {
  watchers.add(watcher)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of watchers) each()
  }, EVERY_MS)
  return () => {
    watchers.delete(watcher)
    if (watchers.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
}

/** The time now, refreshed every ten seconds for everything that says “3 minutes ago”. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now, () => now)
