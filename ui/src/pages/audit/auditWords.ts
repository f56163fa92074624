import type { TFunction } from 'i18next'
import { jobKindText } from '../../kit'
import { unitKey, type Org } from '../../kit/org'
import { said } from '../../words/said'
import { GROUPS } from '../machine/kinds'
import { ROLES } from '../machine/roster/roles'
import { planSubject, planText } from './planWords'

/** What the lines of the log speak of by their ids. */
export interface Known {
  machines: ReadonlyMap<string, string>
  org: Org
  /** Shifts and rotations. */
  plans: ReadonlyMap<string, string>
}

/** `machine/SN/roster/ID` → “正门 · 人员 ID”. */
export function subjectText(t: TFunction, subject: string, { machines, org, plans }: Known): string {
  const [kind = '', id = '', , person] = subject.split('/')
  if (kind === 'machine') {
    const machine = machines.get(id.toLowerCase()) ?? id
    return person === undefined ? `${t('nav.machines')} ${machine}` : `${machine} · ${t('people.id')} ${person}`
  }
  if (kind === 'branch' || kind === 'department') return `${t(`picker.kind.${kind}`)} ${org.byKey.get(unitKey(kind, id))?.name ?? id}`
  if (kind === 'settings') return t('nav.settings')
  const name = said(`auditSubject.${kind}`)
  const plan = planSubject(t, subject, plans)
  if (plan !== undefined) return plan
  return name === undefined ? subject : `${name} ${id}`
}

export const keyText = (key: string): string => said(`auditKey.${key}`) ?? said(`field.${key}`) ?? key

const isTarget = (value: unknown): value is { kind: string; id: string } => typeof value === 'object' && value !== null && 'kind' in value && 'id' in value

/** Which words a value is one of, by what it is the value of. */
const FAMILIES: Readonly<Record<string, string>> = { outOfScope: 'rule.out', type: 'fields.types', group: 'fields.group', state: 'jobs.state', field: 'field', role: 'role' }

export function valueText(t: TFunction, value: unknown, key: string, known: Known): string {
  const plan = planText(t, value, key, known.plans)
  if (plan !== undefined) return plan
  if (value === null || value === undefined || value === '') return t('kit.none')
  if (typeof value === 'boolean') return value ? t('kit.yes') : t('kit.no')
  if (Array.isArray(value)) return value.length === 0 ? t('kit.none') : value.map((each) => valueText(t, each, key, known)).join(t('picker.and'))
  if (isTarget(value)) {
    const unit = known.org.byKey.get(`${value.kind}:${value.id}`)
    return `${said(`picker.kind.${value.kind}`) ?? value.kind} ${unit?.name ?? value.id}`
  }
  if (typeof value !== 'string') return JSON.stringify(value)
  if (key === 'departmentId' || key === 'branchId') return known.org.byKey.get(unitKey(key === 'branchId' ? 'branch' : 'department', value))?.name ?? value
  if (key === 'parentId') return (known.org.byKey.get(unitKey('department', value)) ?? known.org.byKey.get(unitKey('branch', value)))?.name ?? value
  const word = FAMILIES[key] === undefined ? undefined : said(`${FAMILIES[key]}.${value}`)
  if (word !== undefined) return word
  if (key === 'kind') {
    const order = GROUPS.flatMap(({ kinds }) => [...kinds]).find((kind) => kind === value)
    return order ? t(`command.kind.${order}`) : (said(`command.kind.${value}`) ?? jobKindText(value))
  }
  const role = ROLES.find((name) => name === value)
  return role ? t(`role.${role}`) : value
}
