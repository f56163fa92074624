import type { NewShift } from '../../../api/scheduleTypes'

const PLAIN: NewShift = {
  name: '',
  color: 'blue',
  kind: 'fixed',
  segments: [{ start: '09:00', end: '18:00' }],
  breaks: [],
  graceInMinutes: 0,
  graceOutMinutes: 0,
  windowBeforeMinutes: 120,
  windowAfterMinutes: 240,
  requiredMinutes: null,
  halfDayAfterMinutes: null,
  absentAfterMinutes: null,
  overtimeAfterMinutes: null,
  roundingMinutes: null,
  doublePunchMinutes: 1,
}

export const TEMPLATES = ['fixed', 'split', 'overnight', 'flexible'] as const
export type Template = (typeof TEMPLATES)[number]

/** What most sites begin with; everything of it can be changed. */
export const TEMPLATE: Readonly<Record<Template, NewShift>> = {
  fixed: { ...PLAIN, breaks: [{ start: '12:00', end: '13:00' }], graceInMinutes: 5 },
  split: { ...PLAIN, color: 'teal', segments: [{ start: '08:30', end: '12:00' }, { start: '13:30', end: '17:30' }], graceInMinutes: 5 },
  overnight: { ...PLAIN, color: 'purple', segments: [{ start: '22:00', end: '06:00' }], breaks: [{ start: '02:00', end: '02:30' }], graceInMinutes: 5 },
  flexible: {
    ...PLAIN,
    color: 'green',
    kind: 'flexible',
    segments: [{ start: '07:00', end: '21:00' }],
    breaks: [{ start: '12:00', end: '13:00' }],
    requiredMinutes: 480,
    windowBeforeMinutes: 60,
    windowAfterMinutes: 60,
  },
}
