import { BarChartOutlined, PrinterOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { exportSheet, useSheet, type SheetFilter } from '../../../api/attendance'
import { Empty, Failure, Loading, number, useFilters, useSaveFile } from '../../../kit'
import { unitFilter, UnitSelect, useOrg } from '../../../kit/org'
import { MonthSwitch } from '../DateSwitch'
import { monthOr } from '../dates'
import { NoDays } from '../days/NoDays'
import { Legend } from './Legend'
import { LockBar } from './LockBar'
import { MonthChart } from './MonthChart'
import { usePrintSheet } from './PrintSheet'
import { Recompute } from './Recompute'
import { SheetGrid } from './SheetGrid'

/** Everybody's month: name by day, to be read, questioned, locked, printed and handed on. */
export function MonthSheet() {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const { org } = useOrg()
  const month = monthOr(get('month'))
  const unit = get('unit')
  const search = get('search').trim()
  const chart = get('chart') !== ''
  const filter: SheetFilter = { month, ...unitFilter(unit), ...(search === '' ? {} : { search }) }
  const list = useSheet(filter)
  const saveFile = useSaveFile()
  const [busy, setBusy] = useState(false)
  const print = usePrintSheet(filter, org.byKey.get(unit)?.name)
  const sheet = list.first
  const filtered = unit !== '' || search !== ''

  const save = async () => {
    setBusy(true)
    await saveFile(exportSheet(filter), `${t('attendance.part.sheet')}-${month}.xlsx`, t('attendance.exportFailed'))
    setBusy(false)
  }

  return (
    <div className="tab-body">
      <div className="part-tools">
        <MonthSwitch month={month} onChange={(next) => set({ month: next })} />
        <UnitSelect label={t('people.place')} value={unit} onChange={(next) => set({ unit: next })} width={170} />
        <Input.Search allowClear aria-label={t('people.search')} placeholder={t('sheet.search')} style={{ width: 170 }} value={get('search')} onChange={(event) => set({ search: event.target.value })} />
        <span className="part-note muted table-count" aria-live="polite">
          {list.rows.length < list.total ? t('kit.loaded', { shown: number(list.rows.length), total: number(list.total) }) : t('kit.people', { count: list.rows.length })}
        </span>
        <Button icon={<BarChartOutlined aria-hidden="true" />} aria-pressed={chart} onClick={() => set({ chart: chart ? undefined : '1' })}>{t('sheet.chart')}</Button>
        <Recompute month={month} unit={unitFilter(unit)} unitName={org.byKey.get(unit)?.name} locked={sheet?.locked ?? false} />
        <Button icon={<PrinterOutlined aria-hidden="true" />} loading={print.busy} disabled={list.rows.length === 0} onClick={print.start}>{t('paper.print')}</Button>
        <Button loading={busy} disabled={list.rows.length === 0} onClick={() => void save()}>{t('attendance.export')}</Button>
      </div>
      {sheet && <LockBar month={month} locked={sheet.locked} provisional={sheet.provisional} />}
      {chart && <MonthChart month={month} unit={unitFilter(unit)} />}
      {list.error && list.rows.length === 0 ? (
        <Failure title={t('kit.loadFailed')} error={list.error} onRetry={list.retry} />
      ) : list.loading ? (
        <Loading />
      ) : sheet && list.rows.length > 0 ? (
        <>
          <SheetGrid month={month} dates={sheet.dates} list={list} />
          <Legend />
        </>
      ) : (
        <div className="table-block">
          {filtered ? (
            <Empty title={t('kit.nothingFound')} hint={t('kit.nothingFoundHint')} action={<Button onClick={() => set({ unit: undefined, search: undefined })}>{t('action.clearFilters')}</Button>} />
          ) : (
            <NoDays />
          )}
        </div>
      )}
      {print.paper}
    </div>
  )
}
