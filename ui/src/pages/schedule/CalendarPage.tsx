import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCalendar } from '../../api/schedule'
import { Empty, Failure, Panel, today, useFilters } from '../../kit'
import { DayForm } from './calendar/DayForm'
import { stretchesOf } from './calendar/edit'
import { ImportDialog } from './calendar/ImportDialog'
import { Year } from './calendar/Year'
import { weekdayOf } from '../../kit/dates'
import { weekdayName } from '../../kit/dateWords'
import type { CalendarDay } from '../../api/scheduleTypes'
import './schedule.css'

const NONE: CalendarDay[] = []

/** The year with its holidays and make-up workdays. */
export function CalendarPage() {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const year = /^\d{4}$/.test(get('year')) ? Number(get('year')) : Number(today().slice(0, 4))
  const query = useCalendar(year)
  const [opened, setOpened] = useState<string | null>(null)
  const [importing, setImporting] = useState(false)
  const list = query.data ?? NONE
  const days = useMemo(() => new Map(list.map((day) => [day.date, day])), [list])
  const go = (by: number) => set({ year: String(year + by) })
  const open = useCallback((date: string) => setOpened(date), [])
  const importButton = <Button type="primary" onClick={() => setImporting(true)}>{t('calendar.import')}</Button>

  return (
    <div className="tab-body">
      <div className="view-head">
        <div className="stepper">
          <Button icon={<LeftOutlined />} aria-label={t('calendar.before')} onClick={() => go(-1)} />
          <h2 aria-live="polite">{t('calendar.year', { year })}</h2>
          <Button icon={<RightOutlined />} aria-label={t('calendar.after')} onClick={() => go(1)} />
        </div>
        <ul className="calendar-legend" aria-hidden="true">
          {(['holiday', 'workday'] as const).map((kind) => (
            <li key={kind}><span className={`day-sample day-${kind}`}>{t(`calendar.mark.${kind}`)}</span> {t(`calendar.kind.${kind}`)}</li>
          ))}
        </ul>
        {importButton}
      </div>
      {query.error && <Failure title={t('calendar.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />}
      <div className="calendar-page">
        <Year year={year} days={days} onDay={open} />
        <Panel title={t('calendar.list')}>
          {query.data && list.length === 0 ? (
            <Empty title={t('calendar.empty', { year })} hint={t('calendar.emptyHint')} action={importButton} />
          ) : (
            <ul className="calendar-list">
              {stretchesOf(list).map((stretch) => (
                <li key={stretch.from}>
                  <span className={`day-sample day-${stretch.kind}`} title={t(`calendar.kind.${stretch.kind}`)}>{t(`calendar.mark.${stretch.kind}`)}</span>
                  <button type="button" className="link-button" onClick={() => open(stretch.from)}>
                    {stretch.from.slice(5)}{stretch.days > 1 && ` – ${stretch.to.slice(5)}`}
                  </button>
                  <span className="calendar-name" title={stretch.name}>{stretch.name}</span>
                  <span className="muted">{stretch.days > 1 ? t('kit.days', { count: stretch.days }) : weekdayName(weekdayOf(stretch.from))}</span>
                </li>
              ))}
            </ul>
          )}
        </Panel>
      </div>
      {opened !== null && <DayForm key={opened} date={opened} days={days} onClose={() => setOpened(null)} />}
      {importing && <ImportDialog year={year} onClose={() => setImporting(false)} />}
    </div>
  )
}
