import type { Site } from './site'

/** Shifts, cycles, who works them, holidays, leave and some days set by hand: what a site looks like that plans its days. */
const SHIFTS = [
  { name: '行政班', color: 'blue', segments: [['09:00', '18:00']], breaks: [['12:00', '13:00']], graceInMinutes: 5 },
  { name: '早班', color: 'amber', segments: [['06:00', '14:00']], graceInMinutes: 5 },
  { name: '中班', color: 'teal', segments: [['14:00', '22:00']], graceInMinutes: 5 },
  { name: '夜班', color: 'purple', segments: [['22:00', '06:00']], breaks: [['02:00', '02:30']], graceInMinutes: 5, overtimeAfterMinutes: 30, roundingMinutes: 30 },
  { name: '两头班', color: 'rose', segments: [['07:30', '11:30'], ['16:30', '20:30']], graceOutMinutes: 10 },
  { name: '弹性', color: 'green', kind: 'flexible', segments: [['07:00', '21:00']], breaks: [['12:00', '13:00']], requiredMinutes: 480 },
] as const

const spans = (pairs: readonly (readonly [string, string])[]) => pairs.map(([start, end]) => ({ start, end }))

interface Made { id: string }

/** The ids of the shifts by name. */
export async function addShifts(site: Site): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const { segments, ...shift } of SHIFTS) {
    const breaks = 'breaks' in shift ? spans(shift.breaks) : []
    const made = (await site.call('POST', '/api/shifts', { ...shift, segments: spans(segments), breaks })) as Made
    ids.set(shift.name, made.id)
  }
  return ids
}

const YEAR = 2026
const HOLIDAYS: readonly [kind: 'holiday' | 'workday', name: string, from: string, days: number][] = [
  ['holiday', '元旦', '2026-01-01', 3], ['workday', '元旦', '2026-01-04', 1],
  ['holiday', '春节', '2026-02-15', 9], ['workday', '春节', '2026-02-14', 1], ['workday', '春节', '2026-02-28', 1],
  ['holiday', '清明节', '2026-04-04', 3], ['holiday', '劳动节', '2026-05-01', 5], ['workday', '劳动节', '2026-05-09', 1],
  ['holiday', '端午节', '2026-06-19', 3], ['holiday', '中秋节', '2026-09-25', 3], ['holiday', '国庆节', '2026-10-01', 7],
  ['workday', '国庆节', '2026-09-20', 1], ['workday', '国庆节', '2026-10-10', 1],
]

const dayAfter = (date: string, days: number): string => new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

export async function addHolidays(site: Site): Promise<void> {
  for (const [kind, name, from, days] of HOLIDAYS) {
    for (let day = 0; day < days; day += 1) await site.call('POST', '/api/calendar-days', { date: dayAfter(from, day), kind, name })
  }
}

/** For a site that has the people of `fillTheDay`. */
export async function fillThePlan(site: Site): Promise<void> {
  const ids = await addShifts(site)
  const id = (name: string): string => ids.get(name) ?? ''
  const rotation = (await site.call('POST', '/api/rotations', { name: '四班三运转', steps: ['早班', '早班', '中班', '中班', '夜班', '夜班', '', ''].map((name) => (name === '' ? null : id(name))) })) as Made
  await site.call('POST', '/api/rotations', { name: '做六休一', steps: [...Array<string>(6).fill(id('早班')), null] })
  await addHolidays(site)
  const from = `${String(YEAR)}-01-01`
  const assign = (kind: string, target: string, more: object) => site.call('POST', '/api/shift-assignments', { target: { kind, id: target }, from, ...more })
  await assign('branch', 'b1', { shiftId: id('行政班') })
  await assign('department', 'd2', { rotationId: rotation.id, anchor: from, worksOnHolidays: true })
  await assign('department', 'd3', { shiftId: id('早班'), weekdays: [1, 2, 3, 4, 5, 6] })
  await assign('department', 'd3', { shiftId: id('两头班'), weekdays: [6], from: '2026-11-01' })
  await assign('department', 'd5', { shiftId: id('弹性') })
  await assign('employee', 'e7', { shiftId: id('夜班'), from: '2026-11-01', to: '2026-12-31' })
  await site.call('POST', '/api/leaves', { employeeId: 'e4', kind: 'annual', from: '2026-11-16', to: '2026-11-20', note: '探亲' })
  await site.call('POST', '/api/leaves', { employeeId: 'e10', kind: 'sick', from: '2026-11-05', to: '2026-11-05', start: '13:00', end: '18:00' })
  await site.call('POST', '/api/leaves', { employeeId: 'e5', kind: 'businessTrip', from: '2026-11-23', to: '2026-12-04', start: '13:30', note: '苏州客户' })
  await site.call('PUT', '/api/schedule', {
    cells: [
      { employeeId: 'e1', date: '2026-11-10', shiftId: id('夜班') },
      { employeeId: 'e1', date: '2026-11-11', shiftId: null },
      { employeeId: 'e13', date: '2026-11-21', shiftId: id('早班') },
    ],
  })
}
