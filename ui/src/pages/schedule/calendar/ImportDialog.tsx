import { Alert, Button, Input, Modal, Segmented, Select } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useImportCalendar, type CalendarSource } from '../../../api/schedule'
import { explain, Failure, Field, named, useNotice } from '../../../kit'
import { weekdayOf } from '../../../kit/dates'
import { weekdayName } from '../../../kit/dateWords'
import type { CalendarImport } from '../../../api/scheduleTypes'

const SOURCES = ['builtIn', 'text', 'file'] as const
type Source = (typeof SOURCES)[number]
/** The years whose notice comes with Rollcall. */
export const BUILT_IN = [2025, 2026]

interface Props {
  year: number
  onClose: () => void
}

/** Holidays from where they are written down; what they would change is shown before it does. */
export function ImportDialog({ year, onClose }: Props) {
  const { t } = useTranslation()
  const notice = useNotice()
  const run = useImportCalendar()
  const input = useRef<HTMLInputElement>(null)
  const [kind, setKind] = useState<Source>(BUILT_IN.includes(year) ? 'builtIn' : 'text')
  const [builtIn, setBuiltIn] = useState(BUILT_IN.includes(year) ? year : (BUILT_IN.at(-1) ?? year))
  const [text, setText] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const [report, setReport] = useState<CalendarImport | null>(null)
  const [error, setError] = useState<{ title: string; error: unknown } | null>(null)
  const again = () => {
    setReport(null)
    setError(null)
  }

  const source: CalendarSource | null = kind === 'builtIn' ? { builtIn } : kind === 'text' ? (text.trim() === '' ? null : { text }) : file && { file }

  const look = async (dryRun: boolean) => {
    if (!source) return
    setError(null)
    try {
      const found = await run.mutateAsync({ source, year, dryRun })
      if (dryRun) setReport(found)
      else {
        notice.done(t('calendar.imported', { count: found.added + found.changed }))
        onClose()
      }
    } catch (failure) {
      setError({ title: t(dryRun ? 'calendar.checkFailed' : 'calendar.importFailed'), error: failure })
    }
  }
  const takes = report ? report.added + report.changed : 0

  return (
    <Modal
      open
      width={720}
      style={{ top: 40 }}
      title={t('calendar.import')}
      onCancel={onClose}
      footer={
        <div className="form-foot" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          {report ? (
            <Button type="primary" loading={run.isPending} disabled={takes === 0 || report.rejected.length > 0} onClick={() => void look(false)}>{t('calendar.take', { count: takes })}</Button>
          ) : (
            <Button type="primary" loading={run.isPending} disabled={!source} onClick={() => void look(true)}>{t('calendar.check')}</Button>
          )}
        </div>
      }
    >
      <div className="form">
        <Segmented<Source>
          aria-label={t('calendar.sources')}
          className="view-choice"
          value={kind}
          onChange={(next) => { setKind(next); again() }}
          options={SOURCES.map((value) => ({ value, label: t(`calendar.source.${value}`) }))}
        />
        {kind === 'builtIn' && (
          <Field label={t('calendar.yearLabel')} hint={t('calendar.builtInHint')}>
            {(given) => <Select {...given} style={{ width: 160 }} popupRender={named(t('calendar.yearLabel'))} value={builtIn} onChange={(next: number) => { setBuiltIn(next); again() }} options={BUILT_IN.map((value) => ({ value, label: String(value) }))} />}
          </Field>
        )}
        {kind === 'text' && (
          <Field label={t('calendar.textLabel')} hint={t('calendar.textHint')}>
            {(given) => <Input.TextArea {...given} autoFocus rows={report ? 4 : 8} value={text} onChange={(event) => { setText(event.target.value); again() }} />}
          </Field>
        )}
        {kind === 'file' && (
          <div className="form-field">
            <input ref={input} type="file" accept=".csv,.xlsx,.json,.txt" hidden data-calendar onChange={(event) => { setFile(event.target.files?.[0] ?? null); again(); event.target.value = '' }} />
            <div className="form-foot">
              <Button onClick={() => input.current?.click()}>{t('kit.fileChoose')}</Button>
              {file && <span>{t('calendar.fileChosen', { name: file.name })}</span>}
            </div>
            <p className="field-hint">{t('calendar.fileHint')}</p>
          </div>
        )}
        {error && <Failure title={error.title} error={error.error} />}
        {report && <Found report={report} />}
      </div>
    </Modal>
  )
}

const TONE = { added: 'tag tag-good', changed: 'tag tag-warn', unchanged: 'tag' } as const

function Found({ report }: { report: CalendarImport }) {
  const { t } = useTranslation()
  return (
    <section className="calendar-found" aria-label={t('calendar.found', { count: report.days.length })}>
      <p role="status">
        <strong>{t('calendar.found', { count: report.days.length })}</strong>{' '}
        {report.added + report.changed === 0 ? t('calendar.nothingNew') : t('calendar.counts', { added: report.added, changed: report.changed, unchanged: report.unchanged })}
      </p>
      {report.rejected.length > 0 && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title={t('calendar.rejected', { count: report.rejected.length })}
          description={<ul className="import-bad">{report.rejected.map((each) => <li key={`${String(each.row)} ${each.code}`}><strong>{t('calendar.row', { row: each.row })}</strong> {explain(each)}</li>)}</ul>}
        />
      )}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard */}
      <ul className="calendar-days" tabIndex={0} aria-label={t('calendar.list')}>
        {report.days.map((day) => (
          <li key={day.date}>
            <span>{day.date} <span className="muted">{weekdayName(weekdayOf(day.date))}</span></span>
            <span className={`day-kind day-${day.kind}`}>{t(`calendar.kind.${day.kind}`)}</span>
            <span>{day.name}{day.asWeekday !== null && <span className="muted"> {t('calendar.worksAs', { weekday: weekdayName(day.asWeekday, 'long') })}</span>}</span>
            <span className={TONE[day.action]}>{t(`calendar.action.${day.action}`)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
