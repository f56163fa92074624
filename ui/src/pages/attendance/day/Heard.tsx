import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { DayDetail } from '../../../api/attendanceTypes'
import { localTime, number } from '../../../kit'
import { Section } from './Section'

/** Which machines could still hold a punch of this day. */
export function Heard({ detail }: { detail: DayDetail }) {
  const { t } = useTranslation()
  const { horizon, day } = detail
  return (
    <Section title={t('attendance.heard')}>
      {horizon.length === 0 ? (
        <p className="muted">{t('attendance.noMachines')}</p>
      ) : (
        <ul className="day-list">
          {horizon.map((machine) => (
            <li key={machine.sn}>
              <span className={machine.covers ? 'tag tag-good' : 'tag tag-warn'}>{t(machine.covers ? 'attendance.covers' : 'attendance.coversNot')}</span>
              <span>
                <Link to={`/machines/${encodeURIComponent(machine.sn)}`}>{machine.name}</Link>
                {' · '}
                {machine.heardUntil === null ? t('attendance.neverHeard') : t('attendance.heardUntil', { time: localTime(machine.heardUntil).slice(0, 16) })}
                {!machine.enabled && <> · {t('status.disabled')}</>}
                {machine.gap !== null && <> · <span className="warn">{t('attendance.gap', { theirs: number(machine.gap.theirs), ours: number(machine.gap.ours) })}</span></>}
              </span>
              {!machine.covers && <Link to={reuploadPath(machine.sn, day.date)}>{t('attendance.reupload')}</Link>}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

/** The machine's own page, where punches of a day are asked for again. */
export const reuploadPath = (sn: string, date: string): string => `/machines/${encodeURIComponent(sn)}?tab=punches&reupload=${date}`
