import type { Machine, Stranger } from '../../api/types'

/** How many characters differ: replaced, missing, added, or two neighbours swapped each count as one. */
export function distance(left: string, right: string): number {
  const a = left.toLowerCase()
  const b = right.toLowerCase()
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1)
      row.push(best)
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}

/** Machines that never connected beside strangers whose SN is nearly theirs: the commonest cause of “no data”. */
export function nearMisses(machines: readonly Machine[], strangers: readonly Stranger[]) {
  return machines
    .filter((machine) => machine.lastSeenAt === null)
    .flatMap((machine) => {
      const near = strangers
        .map((stranger) => ({ machine, stranger, apart: distance(machine.sn, stranger.sn) }))
        .filter(({ apart }) => apart > 0 && apart <= 2)
        .toSorted((x, y) => x.apart - y.apart)
      return near.slice(0, 1)
    })
}
