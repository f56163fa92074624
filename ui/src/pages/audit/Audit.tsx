import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useAudit, useMachines } from '../../api/queries'
import { useRotations, useShifts } from '../../api/schedule'
import type { AuditLine } from '../../api/types'
import { DataTable, Empty, localTime, type Column } from '../../kit'
import { useOrg } from '../../kit/org'
import { said } from '../../words/said'
import { keyText, subjectText, valueText, type Known } from './auditWords'
import { changeText } from './changeText'
import { whoText } from './whoText'


/** Who, when, what, from what to what. */
export function AuditTable() {
  const { t } = useTranslation()
  const list = useAudit()
  const machines = useMachines()
  const { org } = useOrg()
  const shifts = useShifts()
  const rotations = useRotations()
  const known = useMemo<Known>(
    () => ({
      machines: new Map(machines.data?.items.map(({ sn, name }) => [sn.toLowerCase(), name])),
      org,
      plans: new Map([...(shifts.data ?? []), ...(rotations.data ?? [])].map(({ id, name }) => [id, name])),
    }),
    [machines.data, org, shifts.data, rotations.data],
  )
  const columns = useMemo<Column<AuditLine>[]>(
    () => [
      { key: 'time', title: t('audit.colTime'), width: '170px', always: true, render: (line) => <span>{localTime(line.time)}</span> },
      { key: 'who', title: t('audit.colWho'), width: '110px', render: (line) => <span>{whoText(t, line.who)}</span> },
      { key: 'what', title: t('audit.colWhat'), width: '150px', always: true, render: (line) => <span>{said(`auditWhat.${line.what}`) ?? line.what}</span> },
      { key: 'subject', title: t('audit.colSubject'), width: 'minmax(220px, 1.4fr)', render: (line) => <span title={line.subject}>{subjectText(t, line.subject, known)}</span> },
      {
        key: 'change',
        title: t('audit.colChange'),
        width: 'minmax(320px, 3fr)',
        render: (line) => {
          const text = changeText(line.before, line.after, (value, key) => valueText(t, value, key, known), keyText)
          return <span title={text}>{text}</span>
        },
      },
    ],
    [t, known],
  )
  return (
    <div className="tab-body">
      <DataTable
        id="audit"
        label={t('audit.title')}
        columns={columns}
        list={list}
        rowKey={(line) => String(line.id)}
        rowName={(line) => line.subject}
        empty={<Empty title={t('audit.empty')} hint={t('audit.emptyHint')} />}
      />
    </div>
  )
}
