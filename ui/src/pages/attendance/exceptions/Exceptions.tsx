import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useExceptions } from '../../../api/attendance'
import type { ExceptionRow } from '../../../api/attendanceTypes'
import { DataTable, Empty, number, PeriodSelect, type Refusal, Refusals, shiftDate, useFilters } from '../../../kit'
import { unitFilter, UnitSelect } from '../../../kit/org'
import { RaiseAppeal } from '../appeals/RaiseAppeal'
import { dateOr } from '../dates'
import { MARKS } from '../marks'
import { dayKey } from '../openDay'
import { Sign } from '../Sign'
import { RaiseMany } from './RaiseMany'
import { AskAgain } from './AskAgain'
import { useExceptionColumns } from './useExceptionColumns'

/** The API looks at no more than two months at once. */
const MOST_DAYS = 62

/** What is wrong and not lifted: gone through with the keyboard, one after another. */
export function Exceptions() {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const to = dateOr(get('to'))
  const from = dateOr(get('from'), shiftDate(to, -30))
  const mark = MARKS.find((name) => name === get('mark'))
  const list = useExceptions({ from, to, ...unitFilter(get('unit')), ...(mark === undefined ? {} : { mark }) })
  const [raising, setRaising] = useState<ExceptionRow | null>(null)
  const [many, setMany] = useState<readonly ExceptionRow[]>([])
  const [asking, setAsking] = useState<ExceptionRow | null>(null)
  const [refused, setRefused] = useState<readonly Refusal[]>([])
  const open = (row: ExceptionRow) => set({ day: dayKey(row.employeeId, row.date) })
  const columns = useExceptionColumns({ onOpen: open, onRaise: setRaising, onAskAgain: setAsking })
  const counts = list.first?.counts

  return (
    <div className="tab-body">
      <div className="part-tools">
        <PeriodSelect from={from} to={to} most={MOST_DAYS} onChange={set} />
        <UnitSelect label={t('people.place')} value={get('unit')} onChange={(unit) => set({ unit })} />
        <span className="part-note muted">{t('exceptions.keysHint')}</span>
      </div>
      <Refusals title={t('appeal.refused', { count: refused.length })} refused={refused} onClose={() => setRefused([])} />
      <DataTable
        id="exceptions"
        label={t('attendance.part.exceptions')}
        columns={columns}
        list={list}
        rowKey={(row) => `${row.date} ${row.employeeId} ${row.mark}`}
        rowName={(row) => `${row.name} ${row.date}`}
        filtered={mark !== undefined || get('unit') !== ''}
        onClearFilters={() => set({ mark: undefined, unit: undefined })}
        keys={{ Enter: open, a: setRaising, u: setAsking }}
        batch={(selected) => <Button type="primary" onClick={() => setMany(selected)}>{t('exceptions.raiseMany', { count: selected.length })}</Button>}
        filters={
          <ul className="count-chips" aria-label={t('attendance.markFilter')}>
            {MARKS.map((name) => (
              <li key={name}>
                <button type="button" aria-pressed={mark === name} onClick={() => set({ mark: mark === name ? undefined : name })}>
                  <Sign name={name} /> {t(`attendance.mark.${name}`)} <strong>{counts ? number(counts[name]) : '–'}</strong>
                </button>
              </li>
            ))}
          </ul>
        }
        empty={<Empty title={t('exceptions.none')} hint={t('exceptions.noneHint')} />}
      />
      {raising && <RaiseAppeal employeeId={raising.employeeId} name={raising.name} date={raising.date} mark={raising.mark} onClose={() => setRaising(null)} />}
      {many.length > 0 && <RaiseMany rows={many} onRefused={setRefused} onClose={() => setMany([])} />}
      {asking && <AskAgain row={asking} onClose={() => setAsking(null)} />}
    </div>
  )
}
