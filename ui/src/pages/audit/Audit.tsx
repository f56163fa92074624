import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useAudit } from '../../api/queries'
import type { AuditLine } from '../../api/types'
import { DataTable, Empty, localTime, PageHead, type Column } from '../../kit'

const WHAT = new Set(['machine.add', 'machine.change', 'machine.delete', 'machine.adopt', 'employee.add', 'employee.change', 'roster.add', 'roster.change', 'roster.remove', 'settings.change'] as const)
type What = typeof WHAT extends Set<infer Name> ? Name : never
const isWhat = (what: string): what is What => (WHAT as ReadonlySet<string>).has(what)

const WHO = ['console', 'desktop', 'system'] as const

/** Who, when, what, from what to what. */
export function Audit() {
  const { t } = useTranslation()
  const list = useAudit()
  const columns = useMemo<Column<AuditLine>[]>(
    () => [
      { key: 'time', title: t('audit.colTime'), width: '170px', always: true, render: (line) => <span>{localTime(line.time)}</span> },
      { key: 'who', title: t('audit.colWho'), width: '110px', render: (line) => <span>{whoText(t, line.who)}</span> },
      { key: 'what', title: t('audit.colWhat'), width: '150px', always: true, render: (line) => <span>{isWhat(line.what) ? t(`auditWhat.${line.what}`) : line.what}</span> },
      { key: 'subject', title: t('audit.colSubject'), width: 'minmax(180px, 1fr)', render: (line) => <span className="mono" title={line.subject}>{line.subject}</span> },
      {
        key: 'change',
        title: t('audit.colChange'),
        width: 'minmax(320px, 3fr)',
        render: (line) => {
          const text = changeText(line.before, line.after, t('kit.none'))
          return <span title={text}>{text}</span>
        },
      },
    ],
    [t],
  )
  return (
    <main className="page">
      <PageHead title={t('audit.title')} />
      <DataTable
        id="audit"
        label={t('audit.title')}
        columns={columns}
        list={list}
        rowKey={(line) => String(line.id)}
        rowName={(line) => line.subject}
        empty={<Empty title={t('audit.empty')} hint={t('audit.emptyHint')} />}
      />
    </main>
  )
}

function whoText(t: TFunction, who: string): string {
  const known = WHO.find((name) => name === who)
  return known ? t(`audit.${known}`) : who
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function shown(value: unknown, none: string): string {
  if (value === null || value === undefined || value === '') return none
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Only what differs: `name: 正门 → 北门, enabled: true → false`. */
export function changeText(before: unknown, after: unknown, none: string): string {
  if (!isRecord(before) && !isRecord(after)) return `${shown(before, none)} → ${shown(after, none)}`
  const old = isRecord(before) ? before : {}
  const now = isRecord(after) ? after : {}
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])]
  return keys
    .filter((key) => JSON.stringify(old[key] ?? null) !== JSON.stringify(now[key] ?? null))
    .map((key) => {
      if (!isRecord(before)) return `${key}: ${shown(now[key], none)}`
      if (!isRecord(after)) return `${key}: ${shown(old[key], none)} → ${none}`
      return `${key}: ${shown(old[key], none)} → ${shown(now[key], none)}`
    })
    .join(', ')
}
