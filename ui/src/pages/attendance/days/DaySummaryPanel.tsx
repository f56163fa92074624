import { useTranslation } from 'react-i18next'
import { useQuarters, useSummary, type UnitFilter } from '../../../api/attendance'
import type { DayStatus, DaySummary } from '../../../api/attendanceTypes'
import { useSettings } from '../../../api/queries'
import { number, Panel, today, useNow } from '../../../kit'
import { QuarterChart } from '../../overview/QuarterChart'
import { quarterNow } from '../../overview/quarterNow'
import { signOf } from '../marks'
import { Sign } from '../Sign'

type Counted = Exclude<keyof DaySummary, 'date'>
const COUNTS: readonly Counted[] = ['normal', 'late', 'earlyLeave', 'missing', 'absent', 'leave', 'rest', 'pending']

interface Props {
  date: string
  unit: UnitFilter
  status: DayStatus | undefined
  onStatus: (status: DayStatus | undefined) => void
}

/** The day at a glance: how many of each, and when people punched. A number is a filter as well. */
export function DaySummaryPanel({ date, unit, status, onStatus }: Props) {
  const { t } = useTranslation()
  const summary = useSummary({ from: date, to: date, ...unit })
  const quarters = useQuarters(date)
  const settings = useSettings()
  const now = useNow()
  const counts = summary.data?.find((day) => day.date === date)
  const nowIndex = date === today() && settings.data ? quarterNow(now, settings.data.timeZone) : undefined
  return (
    <Panel label={t('attendance.atAGlance')}>
      <div className="day-glance">
        <ul className="day-counts">
          {COUNTS.map((name) => (
            <li key={name}>
              <button type="button" aria-pressed={status === name} className={`count-${name}`} onClick={() => onStatus(status === name ? undefined : name)}>
                <strong>{counts ? number(counts[name]) : '–'}</strong>
                <span><Sign name={signOf(name)} /> {t(`attendance.status.${name}`)}</span>
              </button>
            </li>
          ))}
        </ul>
        <div>{quarters.data && <QuarterChart counts={quarters.data.quarterHours} date={date} nowIndex={nowIndex} height={104} />}</div>
      </div>
    </Panel>
  )
}
