import type { TFunction } from 'i18next'
import { said } from '../../../words/said'
import { dateWords } from '../../../kit/dateWords'
import type { PlannedDay } from '../../../api/scheduleTypes'
import { frameText } from '../shifts/sentences'
import type { ShiftWords } from '../useWords'
import type { Shown } from './edits'

/** What a cell says in a month, where there is room for two characters, and in a week. */
export function cellText(t: TFunction, seen: Shown, day: PlannedDay, words: ShiftWords, long: boolean): string {
  if (seen.kind === 'works') {
    const shift = words.byId.get(seen.shiftId ?? '')
    if (!shift) return '?'
    return long ? shift.name : (words.short.get(shift.id) ?? shift.name)
  }
  if (seen.kind === 'rest') return t(long ? 'grid.rest' : 'grid.restMark')
  if (seen.kind === 'holiday') return long ? (day.holiday ?? t('calendar.kind.holiday')) : t('grid.holidayMark')
  if (seen.kind === 'default') return long ? t('grid.reset') : t('grid.defaultMark')
  return seen.kind === 'unscheduled' ? '·' : ''
}

/** What there is room for besides in a week: leave, else the times. */
export function moreText(t: TFunction, seen: Shown, day: PlannedDay, words: ShiftWords): string {
  if (day.leave !== null) return said(`leaves.kind.${day.leave}`) ?? t('leaves.title')
  const shift = seen.kind === 'works' ? words.byId.get(seen.shiftId ?? '') : undefined
  return shift ? frameText(shift) : ''
}

/** What it is, in full. */
export function whatText(t: TFunction, seen: Shown, day: PlannedDay, words: ShiftWords): string {
  if (seen.kind === 'works') {
    const shift = words.byId.get(seen.shiftId ?? '')
    return shift ? `${shift.name} ${words.times(shift)}` : t('rotations.gone')
  }
  if (seen.kind === 'holiday') return `${t('grid.cell.holiday')} ${day.holiday ?? ''}`.trim()
  return t(`grid.cell.${seen.kind}`)
}

interface Told {
  name: string
  day: PlannedDay
  seen: Shown
  /** Sentences of what is wrong with it. */
  problems: readonly string[]
}

/** The whole cell in a sentence, for tooltips and screen readers. */
export function cellLabel(t: TFunction, { name, day, seen, problems }: Told, words: ShiftWords): string {
  const parts = [whatText(t, seen, day, words)]
  if (seen.changed) parts.push(t('grid.isChanged'))
  else if (seen.cell) parts.push(t('grid.byHand'))
  if (day.leave !== null) parts.push(t('grid.hasLeave', { kind: said(`leaves.kind.${day.leave}`) ?? day.leave }))
  for (const problem of problems) parts.push(t('grid.hasProblem', { problem }))
  return t('grid.cellLabel', { name, date: dateWords(day.date), what: parts.join(t('picker.and')) })
}
