import { PlusOutlined } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEmployees, type EmployeeStatus } from '../../api/queries'
import type { Employee } from '../../api/types'
import { type Column, DataTable, Empty, named, PageHead, useFilters } from '../../kit'
import { PersonDrawer } from './PersonDrawer'

const STATUSES: readonly EmployeeStatus[] = ['active', 'left']

export function People() {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const search = get('search')
  const status = STATUSES.find((value) => value === get('status'))
  const list = useEmployees(useDeferredValue(search.trim()), status)
  const [drawer, setDrawer] = useState<Employee | 'new' | null>(null)

  const columns = useMemo<Column<Employee>[]>(
    () => [
      {
        key: 'name',
        title: t('people.colName'),
        width: 'minmax(160px, 1.4fr)',
        always: true,
        compare: (a, b) => a.name.localeCompare(b.name),
        render: (person) => (
          <button type="button" className="link-button" style={{ fontSize: 14 }} onClick={() => setDrawer(person)}>
            {person.name}
          </button>
        ),
      },
      { key: 'number', title: t('field.employeeNumber'), width: 'minmax(120px, 1fr)', render: (person) => <span>{person.fields['employeeNumber']}</span> },
      { key: 'id', title: t('people.colId'), width: 'minmax(140px, 1fr)', compare: (a, b) => a.id.localeCompare(b.id), render: (person) => <span className="mono">{person.id}</span> },
      { key: 'mobile', title: t('field.mobile'), width: 'minmax(130px, 1fr)', render: (person) => <span>{person.fields['mobile']}</span> },
      { key: 'position', title: t('field.position'), width: 'minmax(120px, 1fr)', optional: true, render: (person) => <span>{person.fields['position']}</span> },
      { key: 'email', title: t('field.email'), width: 'minmax(160px, 1fr)', optional: true, render: (person) => <span>{person.fields['email']}</span> },
      { key: 'hired', title: t('people.colHired'), width: '120px', render: (person) => <span>{person.hiredOn}</span> },
      {
        key: 'status',
        title: t('people.filterStatus'),
        width: '170px',
        render: (person) => (person.leftOn === null ? <span>{t('people.active')}</span> : <span className="tag">{`${person.status === 'left' ? t('people.left') : t('people.lastDay')} ${person.leftOn}`}</span>),
      },
    ],
    [t],
  )

  const addButton = (
    <Button type="primary" icon={<PlusOutlined aria-hidden="true" />} onClick={() => setDrawer('new')}>
      {t('people.add')}
    </Button>
  )

  return (
    <main className="page">
      <PageHead title={t('people.title')}>{addButton}</PageHead>
      <DataTable
        id="people"
        label={t('people.title')}
        columns={columns}
        list={list}
        rowKey={(person) => person.id}
        rowName={(person) => person.name}
        filtered={search !== '' || status !== undefined}
        onClearFilters={() => set({ search: undefined, status: undefined })}
        filters={
          <>
            <Input.Search allowClear aria-label={t('people.search')} placeholder={t('people.search')} style={{ width: 280 }} value={search} onChange={(event) => set({ search: event.target.value })} />
            <Select
              aria-label={t('people.filterStatus')} popupRender={named(t('people.filterStatus'))}
              style={{ width: 130 }}
              value={status ?? ''}
              onChange={(value: string) => set({ status: value })}
              options={[{ value: '', label: t('people.all') }, ...STATUSES.map((value) => ({ value, label: t(`people.${value}`) }))]}
            />
          </>
        }
        empty={<Empty title={t('people.empty')} hint={t('people.emptyHint')} action={addButton} />}
      />
      {drawer !== null && <PersonDrawer key={drawer === 'new' ? '' : drawer.id} person={drawer === 'new' ? null : drawer} onClose={() => setDrawer(null)} />}
    </main>
  )
}
