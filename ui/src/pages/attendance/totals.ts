import type { Day, SheetTotals } from '../../api/attendanceTypes'
import { unlifted } from './marks'

const minutes = (list: readonly { minutes: number }[]): number => list.reduce((sum, mark) => sum + mark.minutes, 0)

/** One person's days taken together, as the sheet does it. */
export function totalsOf(days: readonly Day[]): SheetTotals {
  const marks = days.flatMap((day) => unlifted(day.marks))
  const of = (...kinds: string[]) => marks.filter(({ kind }) => kinds.includes(kind))
  const sum = (key: 'workedMinutes' | 'requiredMinutes' | 'overtimeMinutes' | 'leaveMinutes') => days.reduce((total, day) => total + day[key], 0)
  return {
    workedMinutes: sum('workedMinutes'),
    requiredMinutes: sum('requiredMinutes'),
    overtimeMinutes: sum('overtimeMinutes'),
    leaveMinutes: sum('leaveMinutes'),
    workedDays: days.filter((day) => day.workedMinutes > 0).length,
    lateCount: of('late').length,
    lateMinutes: minutes(of('late')),
    earlyCount: of('earlyLeave').length,
    earlyMinutes: minutes(of('earlyLeave')),
    missingCount: of('missingIn', 'missingOut').length,
    absentMinutes: minutes(of('absent')),
    absentDays: days.filter((day) => unlifted(day.marks).some(({ kind }) => kind === 'absent')).length,
    leaveDays: days.filter((day) => day.status === 'leave').length,
    liftedCount: days.flatMap((day) => day.marks).filter(({ lifted }) => lifted).length,
  }
}
