import type { QueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { client, unwrap } from './client'
import { transport, type LiveEvent, type LiveState } from './transport'

/** Which cached answers an event makes stale, by the first part of their query key. */
const STALE: Record<string, readonly string[]> = {
  machine: ['machines', 'machine', 'strangers', 'overview', 'kinds', 'seen', 'log'],
  punch: ['punches', 'rejected', 'overview', 'machines', 'machine', 'quarters', 'gaps'],
  attendance: ['days', 'day', 'sheet', 'exceptions', 'summary', 'appeals', 'appeal', 'corrections', 'quota', 'locks', 'lateDays'],
  schedule: ['shifts', 'rotations', 'assignments', 'calendar', 'leaves', 'schedule', 'schedulePreview'],
  roster: ['roster', 'machines', 'machine', 'punches', 'overview', 'comparison', 'preview', 'employeeMachines', 'mapping', 'rule'],
  employee: ['employees', 'roster', 'punches', 'overview', 'branches', 'departments', 'fields', 'lastImport', 'preview', 'employeeMachines', 'schedule', 'assignments', 'leaves'],
  organisation: ['branches', 'departments', 'fields', 'employees', 'roster', 'lastImport', 'preview', 'overview', 'employeeMachines', 'punches', 'schedule', 'assignments', 'leaves'],
  job: ['jobs', 'job', 'differences', 'roster', 'machine', 'machines', 'overview', 'rule', 'preview', 'comparison', 'gaps'],
  command: ['commands', 'machine', 'machines', 'seen', 'log'],
  storage: ['health', 'overview'],
}

/** Under load hundreds of events come in a second; a screen needs a few looks. */
const GATHER_MS = 200

let state: LiveState = 'connecting'
const watchers = new Set<() => void>()

function setState(next: LiveState) {
  state = next
  for (const watcher of watchers) watcher()
}

/** Keeps the cache true while the console is open. Returns what ends it. */
export function followLive(queries: QueryClient): () => void {
  const stale = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let lost = false

  const flush = () => {
    timer = undefined
    const keys = new Set(stale)
    stale.clear()
    void queries.invalidateQueries({ predicate: (query) => keys.has(String(query.queryKey[0])) }, { cancelRefetch: false })
  }
  const event = ({ name }: LiveEvent) => {
    if (name === 'reset') {
      void queries.invalidateQueries()
      return
    }
    for (const key of STALE[name] ?? []) stale.add(key)
    timer ??= setTimeout(flush, GATHER_MS)
  }
  const stop = transport.follow({
    event,
    state: (next) => {
      // What happened while the line was down was missed: read everything on the screen again.
      if (next === 'live' && lost) void queries.invalidateQueries()
      // The stream does not say why it ended. If the session did, asking shows the sign-in at once.
      if (next === 'lost' && transport.kind === 'browser') void unwrap(client.GET('/api/session')).catch(() => undefined)
      lost = next === 'lost' || (lost && next === 'connecting')
      setState(next)
    },
  })
  return () => {
    clearTimeout(timer)
    stop()
  }
}

const subscribe = (watcher: () => void) => {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

export const useLiveState = (): LiveState => useSyncExternalStore(subscribe, () => state)
