import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useAudit, useMachines } from '../../api/queries'
import type { AuditLine } from '../../api/types'
import { DataTable, Empty, localTime, type Column } from '../../kit'
import { said } from '../../words/said'
import { GROUPS } from '../machine/kinds'
import { ROLES } from '../machine/roster/roles'
import { changeText } from './changeText'
import { whoText } from './whoText'


/** Who, when, what, from what to what. */
export function AuditTable() {
  const { t } = useTranslation()
  const list = useAudit()
  const machines = useMachines()
  const nameOf = useMemo(() => new Map(machines.data?.items.map(({ sn, name }) => [sn.toLowerCase(), name])), [machines.data])
  const columns = useMemo<Column<AuditLine>[]>(
    () => [
      { key: 'time', title: t('audit.colTime'), width: '170px', always: true, render: (line) => <span>{localTime(line.time)}</span> },
      { key: 'who', title: t('audit.colWho'), width: '110px', render: (line) => <span>{whoText(t, line.who)}</span> },
      { key: 'what', title: t('audit.colWhat'), width: '150px', always: true, render: (line) => <span>{said(`auditWhat.${line.what}`) ?? line.what}</span> },
      { key: 'subject', title: t('audit.colSubject'), width: 'minmax(220px, 1.4fr)', render: (line) => <span title={line.subject}>{subjectText(t, line.subject, nameOf)}</span> },
      {
        key: 'change',
        title: t('audit.colChange'),
        width: 'minmax(320px, 3fr)',
        render: (line) => {
          const text = changeText(line.before, line.after, (value) => valueText(t, value), (key) => keyText(t, key))
          return <span title={text}>{text}</span>
        },
      },
    ],
    [t, nameOf],
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

/** `machine/SN/roster/ID` → “正门 · 人员 ID”. */
function subjectText(t: TFunction, subject: string, nameOf: ReadonlyMap<string, string>): string {
  const [kind, id = '', , person] = subject.split('/')
  if (kind === 'machine') {
    const machine = nameOf.get(id.toLowerCase()) ?? id
    return person === undefined ? `${t('nav.machines')} ${machine}` : `${machine} · ${t('people.id')} ${person}`
  }
  if (kind === 'employee') return `${t('people.id')} ${id}`
  return kind === 'settings' ? t('nav.settings') : subject
}

const KEYS = {
  sn: 'machines.colSn',
  name: 'people.name',
  model: 'machines.model',
  timeZone: 'machines.zone',
  steerClocks: 'settings.steer',
  encoding: 'machineSettings.encoding',
  kind: 'command.colWhat',
  enabled: 'roster.colEnabled',
  pin: 'roster.colPin',
  role: 'roster.colRole',
  hiredOn: 'people.hiredOn',
  leftOn: 'people.leftOn',
  employeeNumber: 'field.employeeNumber',
  mobile: 'field.mobile',
  email: 'field.email',
  gender: 'field.gender',
  idNumber: 'field.idNumber',
  birthday: 'field.birthday',
  position: 'field.position',
} as const

const isKey = (key: string): key is keyof typeof KEYS => key in KEYS
const keyText = (t: TFunction, key: string): string => (isKey(key) ? t(KEYS[key]) : key)

function valueText(t: TFunction, value: unknown): string {
  if (value === null || value === undefined || value === '') return t('kit.none')
  if (typeof value === 'boolean') return value ? t('kit.yes') : t('kit.no')
  const order = GROUPS.flatMap(({ kinds }) => [...kinds]).find((kind) => kind === value)
  if (order) return t(`command.kind.${order}`)
  const role = ROLES.find((name) => name === value)
  if (role) return t(`role.${role}`)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
