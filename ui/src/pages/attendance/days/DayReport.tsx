import { PrinterOutlined } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { exportDays, useDays, type DayFilter } from '../../../api/attendance'
import type { Day } from '../../../api/attendanceTypes'
import { useMachines } from '../../../api/queries'
import { DataTable, Horizon, named, today, useFilters, useSaveFile } from '../../../kit'
import { PersonSelect, unitFilter, UnitSelect, useOrg } from '../../../kit/org'
import { RaiseAppeal } from '../appeals/RaiseAppeal'
import { DateSwitch } from '../DateSwitch'
import { dateOr } from '../dates'
import { MARKS, STATUSES } from '../marks'
import { dayKey } from '../openDay'
import { reasonsOf, reasonText } from '../reasonText'
import { DaySummaryPanel } from './DaySummaryPanel'
import { NoDays } from './NoDays'
import { usePrintDays } from './PrintDays'
import { useDayColumns } from './useDayColumns'

const NONE = { search: undefined, person: undefined, status: undefined, mark: undefined }

/** One day: how everybody's was, who came when, and whose is not yet certain. */
export function DayReport() {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const { org } = useOrg()
  const date = dateOr(get('date'))
  const unit = get('unit')
  const person = get('person')
  const status = STATUSES.find((name) => name === get('status'))
  const mark = MARKS.find((name) => name === get('mark'))
  const search = get('search').trim()
  const filter = useMemo<DayFilter>(
    () => ({
      from: date,
      to: date,
      ...unitFilter(unit),
      ...(person === '' ? {} : { employeeId: person }),
      ...(status === undefined ? {} : { status }),
      ...(mark === undefined ? {} : { mark }),
      ...(search === '' ? {} : { search }),
    }),
    [date, unit, person, status, mark, search],
  )
  const list = useDays(useDeferredValue(filter))
  const machines = useMachines()
  const print = usePrintDays(filter, org.byKey.get(unit)?.name)
  const [raising, setRaising] = useState<Day | null>(null)
  const columns = useDayColumns((day) => set({ day: dayKey(day.employeeId, day.date) }), setRaising)
  const filtered = status !== undefined || mark !== undefined || person !== '' || search !== ''
  const waiting = reasonsOf(list.rows).filter(({ reason }) => reason.sn !== null)

  return (
    <div className="tab-body">
      <div className="part-tools">
        <DateSwitch date={date} onChange={(next) => set({ date: next === today() ? undefined : next })} />
        <UnitSelect label={t('people.place')} value={unit} onChange={(next) => set({ unit: next })} />
        <span className="part-note">{machines.data && <Horizon machines={machines.data.items} />}</span>
        <Button icon={<PrinterOutlined aria-hidden="true" />} loading={print.busy} disabled={list.rows.length === 0} onClick={print.start}>{t('paper.print')}</Button>
        <ExportDays filter={filter} />
      </div>
      <DaySummaryPanel date={date} unit={unitFilter(unit)} status={status} onStatus={(next) => set({ status: next })} />
      {waiting[0] && (
        <p className="horizon-note" role="status">
          {t('attendance.waiting', { count: waiting[0].days, why: reasonText(waiting[0].reason) })}
          {waiting.length > 1 && ` ${t('attendance.waitingMore', { count: waiting.length - 1 })}`}
        </p>
      )}
      <DataTable
        id="days"
        label={t('attendance.part.days')}
        columns={columns}
        list={list}
        rowKey={(day) => dayKey(day.employeeId, day.date)}
        rowName={(day) => day.name}
        filtered={filtered || unit !== ''}
        onClearFilters={() => set({ ...NONE, unit: undefined })}
        filters={
          <>
            <Input.Search allowClear aria-label={t('people.search')} placeholder={t('people.search')} style={{ width: 270 }} value={get('search')} onChange={(event) => set({ search: event.target.value })} />
            <PersonSelect label={t('punches.person')} value={person} onChange={(next) => set({ person: next })} width={140} />
            <Select
              allowClear
              aria-label={t('attendance.colMarks')}
              placeholder={t('attendance.colMarks')}
              popupRender={named(t('attendance.colMarks'))}
              style={{ width: 120 }}
              value={status}
              onChange={(value: string | undefined) => set({ status: value })}
              options={STATUSES.map((value) => ({ value, label: t(`attendance.status.${value}`) }))}
            />
            <Select
              allowClear
              aria-label={t('attendance.markFilter')}
              placeholder={t('attendance.markFilter')}
              popupRender={named(t('attendance.markFilter'))}
              style={{ width: 150 }}
              value={mark}
              onChange={(value: string | undefined) => set({ mark: value })}
              options={MARKS.map((value) => ({ value, label: t(`attendance.mark.${value}`) }))}
            />
          </>
        }
        empty={<NoDays date={date} />}
      />
      {print.paper}
      {raising && <RaiseAppeal employeeId={raising.employeeId} name={raising.name} date={raising.date} onClose={() => setRaising(null)} />}
    </div>
  )
}

/** What the list shows now, as a workbook. */
function ExportDays({ filter }: { filter: DayFilter }) {
  const { t } = useTranslation()
  const saveFile = useSaveFile()
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    await saveFile(exportDays(filter), `${t('attendance.part.days')}-${filter.from}.xlsx`, t('attendance.exportFailed'))
    setBusy(false)
  }
  return <Button loading={busy} onClick={() => void save()}>{t('attendance.export')}</Button>
}
