import { localTime } from './format'

/** “2026-07-01” for a whole day, “2026-07-01 – 2026-07-03” for some, and with the time where days are not whole. */
export function spanText(from: string, to: string): string {
  const [first, last] = [pointText(from, '00:00:00'), pointText(to, '23:59:59')]
  if (first === last) return first
  const sameDay = from.slice(0, 10) === to.slice(0, 10) && !from.includes('T')
  return sameDay ? `${from} – ${to.slice(11)}` : `${first} – ${last}`
}

/** Instants as the clock of whoever looks shows them; a time of a machine as it is, and left out at the edge of a day. */
function pointText(point: string, edge: string): string {
  if (point.includes('T')) return localTime(point)
  return point.endsWith(` ${edge}`) ? point.slice(0, 10) : point
}
