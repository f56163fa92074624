import i18next from 'i18next'
import type { Day, DayReason } from '../../api/attendanceTypes'
import { explainWith, localTime, number } from '../../kit'

/** Why a day may still change, by the machine that could still change it. */
export const reasonText = ({ code, detail, sn, name, heardUntil, gap }: DayReason): string =>
  explainWith(
    { code, detail },
    {
      machine: name ?? sn ?? '',
      heard: heardUntil === null ? i18next.t('attendance.everBefore') : localTime(heardUntil).slice(0, 16),
      theirs: number(gap?.theirs ?? 0),
      ours: number(gap?.ours ?? 0),
    },
  )

/** What keeps days of a list provisional: each reason once, that of most days first. */
export function reasonsOf(days: readonly Pick<Day, 'reasons'>[]): { reason: DayReason; days: number }[] {
  const found = new Map<string, { reason: DayReason; days: number }>()
  for (const reason of days.flatMap(({ reasons }) => reasons)) {
    const key = `${reason.code} ${reason.sn ?? ''}`
    const known = found.get(key)
    if (known) known.days += 1
    else found.set(key, { reason, days: 1 })
  }
  return [...found.values()].toSorted((a, b) => b.days - a.days)
}
