import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Alert, Button, Input, Modal, Segmented } from 'antd'
import { useCallback, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { Empty, Failure, number, today, useSlow } from '../../kit'
import { UnitSelect } from '../../kit/org'
import { stepDate } from '../../kit/dates'
import { GridTable } from './grid/GridTable'
import { LeaveGuard } from './grid/LeaveGuard'
import { CheckFailed, ProblemList, SavedReport } from './grid/ProblemList'
import { RotateDialog } from './grid/RotateDialog'
import { rectOf } from './grid/selection'
import { StatusLine } from './grid/StatusLine'
import { Toolbar } from './grid/Toolbar'
import { useEditor } from './grid/useEditor'
import { useProblems } from './grid/useProblems'
import { useSave } from './grid/useSave'
import { useSchedulePage, type View } from './grid/useSchedulePage'
import type { ScheduleProblem } from '../../api/scheduleTypes'
import { useShiftWords } from './useWords'
import './schedule.css'

/** Who works what on each day; changed like a spreadsheet, looked over before it is saved. */
export function ScheduleGrid() {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const plan = useSchedulePage()
  const { view, date, unit, search, from, to, list, dates, calendar, set } = plan
  const words = useShiftWords()
  const editor = useEditor(list.rows, dates.length)
  const { edits } = editor.history
  const found = useProblems(edits)
  const saving = useSave(editor)
  const block = useRef<HTMLDivElement>(null)
  const [rotating, setRotating] = useState(false)
  const [discarding, setDiscarding] = useState(false)
  const slow = useSlow(list.loading)
  const names = useMemo(() => new Map(list.rows.map((row) => [row.employeeId, row.name])), [list.rows])
  const nameOf = useCallback((id: string) => names.get(id) ?? id, [names])
  const rect = rectOf(editor.range)
  const focusGrid = () => block.current?.querySelector<HTMLElement>('[role=grid]')?.focus()
  // A dialog keeps the keyboard until it is gone.
  const focusGridSoon = () => requestAnimationFrame(focusGrid)
  const save = async () => {
    await saving.save()
    focusGridSoon()
  }

  const show = ({ employeeId, date: day }: ScheduleProblem) => {
    const row = list.rows.findIndex((each) => each.employeeId === employeeId)
    const column = dates.indexOf(day)
    if (column < 0) set({ date: day })
    else if (row >= 0) editor.select({ anchor: { row, column }, focus: { row, column } })
    focusGrid()
  }

  let body
  if (list.error && list.rows.length === 0) body = <Failure title={t('kit.loadFailed')} error={list.error} onRetry={list.retry} />
  else if (list.loading && list.rows.length === 0) body = <p className="muted loading" role="status">{slow ? t('kit.loading') : ''}</p>
  else if (list.rows.length === 0) {
    body = unit === '' && search === '' ? (
      <Empty title={t('grid.empty')} hint={t('grid.emptyHint')} action={<Button type="primary" onClick={() => void navigate('/people')}>{t('grid.toPeople')}</Button>} />
    ) : (
      <Empty title={t('kit.nothingFound')} hint={t('kit.nothingFoundHint')} action={<Button onClick={() => set({ unit: undefined, search: undefined })}>{t('action.clearFilters')}</Button>} />
    )
  } else {
    body = (
      <GridTable rows={list.rows} total={list.total} more={list.more} dates={dates} calendar={calendar} view={view} editor={editor} problems={found.byCell} words={words} onSave={() => void save()} />
    )
  }

  return (
    <div className="tab-body">
      <div className="view-head">
        <div className="table-filters">
          <div className="stepper">
            <Button icon={<LeftOutlined />} aria-label={t('grid.before')} onClick={() => set({ date: stepDate(date, view, -1) })} />
            <h2 aria-live="polite">{spanText(from, to, view, i18n.language)}</h2>
            <Button icon={<RightOutlined />} aria-label={t('grid.after')} onClick={() => set({ date: stepDate(date, view, 1) })} />
            <Button onClick={() => set({ date: today() })}>{t('time.today')}</Button>
          </div>
          <Segmented<View> aria-label={t('grid.view')} value={view} onChange={(next) => set({ show: next === 'week' ? next : undefined })} options={(['month', 'week'] as const).map((value) => ({ value, label: t(`grid.views.${value}`) }))} />
          <UnitSelect label={t('people.place')} value={unit} onChange={(next) => set({ unit: next })} />
          <Input.Search allowClear aria-label={t('grid.search')} placeholder={t('grid.search')} style={{ width: 210 }} value={search} onChange={(event) => set({ search: event.target.value })} />
        </div>
        <span className="muted" aria-live="polite">
          {list.rows.length < list.total ? t('grid.loaded', { shown: number(list.rows.length), total: number(list.total) }) : t('grid.people', { count: list.total })}
        </span>
      </div>
      {words.shifts.length === 0 && list.rows.length > 0 && (
        <Alert type="info" showIcon title={t('grid.noShifts')} description={t('grid.noShiftsHint')} action={<Button onClick={() => void navigate('/attendance/shifts')}>{t('assignments.toShifts')}</Button>} />
      )}
      {saving.error !== null && <Alert type="error" showIcon role="alert" title={t('grid.saveFailed')} description={saving.error} action={<Button onClick={() => void saving.save()}>{t('action.retry')}</Button>} />}
      <SavedReport problems={saving.report} nameOf={nameOf} onShow={show} onClose={saving.clear} />
      <div className="grid-block" ref={block}>
        {list.rows.length > 0 && <Toolbar words={words} editor={editor} onSet={editor.setAll} onRotate={() => setRotating(true)} onDone={focusGrid} />}
        {body}
        {list.rows.length > 0 && <StatusLine rows={list.rows} range={editor.range} edits={edits} words={words} />}
        {edits.size > 0 && (
          <section className="grid-unsaved" aria-label={t('grid.problems')}>
            <p role="status">
              <strong className="warn">{t('grid.unsaved', { count: edits.size })}</strong>{' '}
              {found.checking ? t('grid.checking') : found.problems.length > 0 ? t('grid.problemCount', { count: found.problems.length }) : found.error === null && t('grid.noProblems')}
            </p>
            <span className="form-foot">
              <Button onClick={() => setDiscarding(true)}>{t('grid.discard')}</Button>
              <Button type="primary" loading={saving.saving} title="Ctrl+S" onClick={() => void save()}>{t('grid.saveCount', { count: edits.size })}</Button>
            </span>
            {found.error !== null && <CheckFailed error={found.error} onRetry={found.retry} />}
            {found.problems.length > 0 && <ProblemList title={t('grid.problems')} problems={found.problems} nameOf={nameOf} onShow={show} />}
          </section>
        )}
      </div>
      {rotating && (
        <RotateDialog
          words={words}
          people={rect.bottom - rect.top + 1}
          days={rect.right - rect.left + 1}
          onClose={() => { setRotating(false); focusGridSoon() }}
          onApply={(values) => editor.put(values.flatMap((line, row) => line.map((value, column) => ({ at: { row: rect.top + row, column: rect.left + column }, value }))))}
        />
      )}
      {discarding && (
        <Modal open title={t('grid.discardTitle')} okText={t('grid.discard')} okButtonProps={{ danger: true }} cancelText={t('action.cancel')} onCancel={() => { setDiscarding(false); focusGridSoon() }} onOk={() => { editor.discard(); setDiscarding(false); focusGridSoon() }}>
          <p>{t('grid.discardWhat', { count: edits.size })}</p>
        </Modal>
      )}
      <LeaveGuard changes={edits.size} />
    </div>
  )
}

/** `November 2026`, `2026年11月`, or the first and last day of a week. */
function spanText(from: string, to: string, view: View, language: string): string {
  if (view === 'week') return `${from} – ${to.slice(5)}`
  return new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(`${from}T00:00:00Z`))
}
