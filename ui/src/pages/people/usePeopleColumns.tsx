import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFields } from '../../api/organisation'
import type { Employee } from '../../api/types'
import type { Column } from '../../kit'
import { fieldLabel } from './fieldLabel'

const SHOWN = new Set(['employeeNumber', 'mobile'])

/** Name, where, and every field; most of those only when chosen. */
export function usePeopleColumns(onOpen: (id: string) => void): Column<Employee>[] {
  const { t } = useTranslation()
  const fields = useFields()
  return useMemo<Column<Employee>[]>(() => {
    const known = (fields.data ?? []).map<Column<Employee>>((field) => ({
      key: field.key,
      title: fieldLabel(field),
      width: 'minmax(110px, 1fr)',
      optional: !SHOWN.has(field.key),
      render: (person) => <span>{person.fields[field.key]}</span>,
    }))
    return [
      {
        key: 'name',
        title: t('people.name'),
        width: 'minmax(120px, 1.2fr)',
        always: true,
        compare: (a, b) => a.name.localeCompare(b.name, 'zh'),
        render: (person) => (
          <button type="button" className="link-button" title={person.name} onClick={() => onOpen(person.id)}>
            {person.name}
          </button>
        ),
      },
      {
        key: 'department',
        title: t('people.colDepartment'),
        width: 'minmax(120px, 1.2fr)',
        compare: (a, b) => (a.departmentName ?? '').localeCompare(b.departmentName ?? '', 'zh'),
        render: (person) => <span>{person.departmentName ?? person.branchName}</span>,
      },
      ...known.slice(0, 1),
      { key: 'id', title: t('people.id'), width: 'minmax(110px, 1fr)', optional: true, compare: (a, b) => a.id.localeCompare(b.id), render: (person) => <span className="mono">{person.id}</span> },
      ...known.slice(1),
      { key: 'branch', title: t('people.colBranch'), width: 'minmax(120px, 1fr)', optional: true, render: (person) => <span>{person.branchName}</span> },
      { key: 'hired', title: t('people.hiredOn'), width: '120px', render: (person) => <span>{person.hiredOn}</span> },
      {
        key: 'status',
        title: t('people.filterStatus'),
        width: '170px',
        render: (person) => (person.leftOn === null ? <span>{t('people.active')}</span> : <span className="tag">{`${person.status === 'left' ? t('people.left') : t('people.lastDay')} ${person.leftOn}`}</span>),
      },
    ]
  }, [t, fields.data, onOpen])
}
