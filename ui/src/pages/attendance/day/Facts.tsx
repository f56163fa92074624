import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { DayDetail, DayFact } from '../../../api/attendanceTypes'
import { wallClock, wallDate } from '../../../kit'
import { Section } from './Section'

/** Every punch of the day's window, what it was taken for, and why not. */
export function Facts({ detail }: { detail: DayDetail }) {
  const { t } = useTranslation()
  const segments = detail.plan.shift?.segments.length ?? 0
  return (
    <Section title={t('attendance.facts')}>
      {detail.facts.length === 0 ? (
        <p className="muted">{t('attendance.noFacts')}</p>
      ) : (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{t('attendance.colTime')}</th>
              <th scope="col">{t('attendance.colFrom')}</th>
              <th scope="col">{t('attendance.colTaken')}</th>
            </tr>
          </thead>
          <tbody>
            {detail.facts.map((fact) => (
              <tr key={`${fact.source} ${String(fact.id)}`}>
                <td>{wallDate(fact.time) === detail.day.date ? '' : `${wallDate(fact.time).slice(5)} `}{wallClock(fact.time)}</td>
                <td>{fact.source === 'correction' ? t('correction.punch') : fact.sn === null ? '–' : <Link to={`/machines/${encodeURIComponent(fact.sn)}?tab=punches`}>{fact.machineName ?? fact.sn}</Link>}</td>
                <td><Taken fact={fact} segments={segments} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}

function Taken({ fact, segments }: { fact: DayFact; segments: number }) {
  const { t } = useTranslation()
  return (
    <>
      {fact.use === null ? (
        <span className="muted">{t(`attendance.unused.${fact.unused ?? 'worse'}`)}</span>
      ) : (
        <strong>{segments > 1 ? t(`attendance.useOf.${fact.use}`, { segment: (fact.segment ?? 0) + 1 }) : t(`attendance.use.${fact.use}`)}</strong>
      )}
      {fact.flags.map((flag) => (
        <span key={flag} className="tag tag-warn">{t(`flag.${flag}`)}</span>
      ))}
    </>
  )
}
