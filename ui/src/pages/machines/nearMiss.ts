import type { Machine, Stranger } from '../../api/types'

/** Pairs that people misread on a small screen; such a difference weighs less than half. */
const ALIKE = new Set(['0o', '0d', '1i', '1l', '2z', '5s', '8b', '6g'])
const alike = (a: string, b: string) => ALIKE.has(a + b) || ALIKE.has(b + a)

/** How many characters differ: replaced, missing, added, or two neighbours swapped each count as one. */
export function distance(one: string, other: string): number {
  const a = one.toLowerCase()
  const b = other.toLowerCase()
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const left = a[i - 1] ?? ''
      const right = b[j - 1] ?? ''
      const cost = left === right ? 0 : alike(left, right) ? 0.4 : 1
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1)
      row.push(best)
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}

/**
 * Machines that never connected beside strangers whose SN is nearly theirs: the commonest cause of “no data”. A
 * stranger is named once, with the machine it most likely is.
 */
export function nearMisses(machines: readonly Machine[], strangers: readonly Stranger[]) {
  const waiting = machines.filter((machine) => machine.lastSeenAt === null)
  const near = waiting
    .flatMap((machine) => strangers.map((stranger) => ({ machine, stranger, apart: distance(machine.sn, stranger.sn) })))
    .filter(({ apart }) => apart > 0 && apart <= 2)
    .toSorted((x, y) => x.apart - y.apart)
  const used = new Set<string>()
  return near.filter(({ machine, stranger }) => {
    if (used.has(`machine ${machine.sn}`) || used.has(`stranger ${stranger.sn}`)) return false
    used.add(`machine ${machine.sn}`).add(`stranger ${stranger.sn}`)
    return true
  })
}
