import type { Site } from './site'

/** Two months at the same small site, so that days, sheet, exceptions and appeals have something to show. Needs `fillTheDay`. */
const SHIFT = { kind: 'fixed', graceInMinutes: 5, halfDayAfterMinutes: 60, absentAfterMinutes: 180, overtimeAfterMinutes: 30, roundingMinutes: 30 }
const SHIFTS = [
  { id: 'day', name: '白班', ...SHIFT, color: 'blue', segments: [{ start: '09:00', end: '18:00' }], breaks: [{ start: '12:00', end: '13:00' }] },
  { id: 'two', name: '两头班', ...SHIFT, color: 'green', segments: [{ start: '08:30', end: '12:00' }, { start: '13:30', end: '18:00' }] },
  { id: 'night', name: '夜班', ...SHIFT, color: 'purple', segments: [{ start: '22:00', end: '06:00' }], breaks: [{ start: '02:00', end: '02:30' }] },
  { id: 'free', name: '弹性班', kind: 'flexible', color: 'amber', segments: [{ start: '08:00', end: '20:00' }], requiredMinutes: 480, graceOutMinutes: 10 },
] as const

const WORKDAYS = [1, 2, 3, 4, 5]
const two = (n: number): string => String(n).padStart(2, '0')

/** The same numbers at every run. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

export const dateAt = (daysAgo: number): string => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10)

function datesSince(first: string): string[] {
  const dates: string[] = []
  for (let at = Date.parse(first); at < Date.parse(dateAt(0)); at += 86_400_000) dates.push(new Date(at).toISOString().slice(0, 10))
  return dates
}

const firstOfLastMonth = (): string => {
  const now = new Date()
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 10)
}

/** When the people of a department come and go, in minutes of the day. */
const HOURS: Record<string, readonly number[]> = { d2: [510, 720, 810, 1080], d5: [550, 1050], d6: [1320, 1800] }

export async function fillTheMonth(site: Site): Promise<void> {
  const from = firstOfLastMonth()
  const shifts: Record<string, string> = {}
  for (const shift of SHIFTS) {
    const { id, ...body } = shift
    shifts[id] = ((await site.call('POST', '/api/shifts', body)) as { id: string }).id
  }
  const assign = (kind: string, id: string, shift: string, weekdays = WORKDAYS) =>
    site.call('POST', '/api/shift-assignments', { target: { kind, id }, shiftId: shifts[shift], from, weekdays })
  await assign('branch', 'b1', 'day')
  await assign('department', 'd2', 'two')
  await assign('department', 'd5', 'free')
  await assign('department', 'd6', 'night')
  const dates = datesSince(from)
  const workdays = dates.filter((date) => WORKDAYS.includes(new Date(date).getUTCDay()))
  const holiday = workdays.at(-8)
  if (holiday !== undefined) await site.call('POST', '/api/calendar-days', { date: holiday, kind: 'holiday', name: '厂庆' })
  await site.call('POST', '/api/leaves', { employeeId: 'e4', kind: 'annual', from: workdays.at(-6), to: workdays.at(-4), note: '回老家' })
  await site.call('POST', '/api/leaves', { employeeId: 'e10', kind: 'sick', from: workdays.at(-3), to: workdays.at(-3), start: '13:00', end: null, note: '' })
  const came = await punches(site, workdays.filter((date) => date !== holiday))
  await judged(site, from, came)
  await appeals(site)
}

/** How many days of people it makes. */
async function punches(site: Site, dates: readonly string[]): Promise<number> {
  const roll = dice(7)
  const lines: string[] = []
  let came = 0
  for (const date of dates) {
    for (let index = 0; index < 17; index += 1) {
      const hours = HOURS[`d${String((index % 6) + 1)}`] ?? [540, 1080]
      if (roll() < 0.015) continue
      came += 1
      for (const [nth, due] of hours.entries()) {
        const luck = roll()
        if (luck < 0.02) continue
        const off = luck < 0.1 ? 6 + Math.floor(roll() * 50) : -Math.floor(roll() * 14)
        const minute = nth % 2 === 0 ? due + off : due - off
        const at = new Date(Date.parse(date) + minute * 60_000).toISOString()
        lines.push(`${String(1001 + index)}\t${at.slice(0, 10)} ${at.slice(11, 17)}${two(Math.floor(roll() * 60))}\t${String(nth % 2)}\t15\t0\n`)
      }
    }
  }
  for (let at = 0; at < lines.length; at += 500) await site.push('cdata?SN=CQZ7000000001&table=ATTLOG&Stamp=9999', lines.slice(at, at + 500).join(''))
  // They have nothing more: only a machine that calls and brings nothing has sent everything.
  for (const sn of ['CQZ7000000001', 'CQZ7000000002', 'CQZ7000000003']) {
    for (let call = 0; call < 3; call++) await site.push(`getrequest?SN=${sn}`)
  }
  return came
}

interface Found { items: { employeeId: string; date: string; mark: string }[]; total: number }

const exceptions = async (site: Site) => (await site.call('GET', `/api/attendance/exceptions?from=${dateAt(40)}&to=${dateAt(0)}&limit=1000`)) as Found

/** Until the worker has been through; a few of the punches are nobody's, so not every day of them can be waited for. */
async function judged(site: Site, from: string, came: number): Promise<void> {
  const firsts = async (since: string, to: string) => {
    let found = 0
    for (let cursor: string | null = ''; cursor !== null; ) {
      const path = `/api/attendance/days?from=${since}&to=${to}&limit=1000${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`
      const page = (await site.call('GET', path)) as { items: { firstIn: string | null }[]; next: string | null }
      found += page.items.filter(({ firstIn }) => firstIn !== null).length
      cursor = page.next
    }
    return found
  }
  await site.until('attendance', async () => (await firsts(from, dateAt(0))) >= came * 0.93)
}

async function appeals(site: Site): Promise<void> {
  const { items } = await exceptions(site)
  const of = (mark: string) => items.filter((each) => each.mark === mark)
  const raise = async (found: Found['items'][number] | undefined, reason: string, claimed?: string) => {
    if (!found) return undefined
    const { employeeId, date, mark } = found
    return ((await site.call('POST', '/api/appeals', { employeeId, date, mark, reason, ...(claimed === undefined ? {} : { claimed }) })) as { id: number }).id
  }
  await raise(of('late')[0], '地铁二号线故障，有延误证明')
  await raise(of('earlyLeave')[0], '陪同客户外出，部门经理已知情')
  // Of the first whose shift may end at six: of a night that would put nothing right, and is refused.
  for (const found of of('missingOut')) {
    if ((await raise(found, '下班时考勤机排队太长，没有打上', '18:00').catch(() => undefined)) !== undefined) break
  }
  const approved = await raise(of('late')[1], '早会安排在另一厂区')
  if (approved !== undefined) await site.call('POST', `/api/appeals/${String(approved)}/approve`, { note: '会议记录已核对' })
  const rejected = await raise(of('earlyLeave')[1], '忘记了')
  if (rejected !== undefined) await site.call('POST', `/api/appeals/${String(rejected)}/reject`, { note: '没有说明原因' })
}
