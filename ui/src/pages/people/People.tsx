import { PlusOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { usePeople, type PeopleFilter } from '../../api/people'
import { useEmployee, type EmployeeStatus } from '../../api/queries'
import { DataTable, Empty, FilterSelect, PageHead, useFilters } from '../../kit'
import { unitFilter } from '../../kit/org'
import { ExportMenu } from './ExportMenu'
import { FieldsDialog } from './FieldsDialog'
import { OrgPanel } from './OrgPanel'
import { PersonDrawer } from './PersonDrawer'
import { usePeopleColumns } from './usePeopleColumns'

const STATUSES: readonly EmployeeStatus[] = ['active', 'left']
const NEW = 'new'

/** Where people are, on the left; who is there, on the right. */
export function People() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { get, set } = useFilters()
  const search = get('search')
  const unit = get('unit')
  const opened = get('person')
  const status = STATUSES.find((value) => value === get('status'))
  const [fields, setFields] = useState(false)
  const filter = useMemo(() => filterOf(search, unit, status), [search, unit, status])
  const list = usePeople(useDeferredValue(filter))
  const listed = list.rows.find(({ id }) => id === opened)
  const asked = useEmployee(opened === NEW || listed ? '' : opened)
  const person = listed ?? asked.data
  const columns = usePeopleColumns((id) => set({ person: id }))

  const addButton = (
    <Button type="primary" icon={<PlusOutlined aria-hidden="true" />} onClick={() => set({ person: NEW })}>
      {t('people.add')}
    </Button>
  )
  const importButton = <Button onClick={() => void navigate('/people/import')}>{t('people.import')}</Button>
  const close = () => set({ person: undefined })

  return (
    <main className="page">
      <PageHead title={t('people.title')}>
        <Button onClick={() => setFields(true)}>{t('people.fields')}</Button>
        <ExportMenu filter={filter} />
        {importButton}
        {addButton}
      </PageHead>
      <div className="people-page">
        <OrgPanel chosen={unit} onChoose={(next) => set({ unit: next })} />
        <DataTable
          id="people"
          label={t('people.title')}
          columns={columns}
          list={list}
          rowKey={(each) => each.id}
          rowName={(each) => each.name}
          filtered={search !== '' || unit !== '' || status !== undefined}
          onClearFilters={() => set({ search: undefined, status: undefined, unit: undefined })}
          filters={
            <>
              <Input.Search allowClear aria-label={t('people.search')} placeholder={t('people.search')} style={{ width: 300 }} value={search} onChange={(event) => set({ search: event.target.value })} />
              <FilterSelect label={t('people.filterStatus')} any={t('people.all')} options={STATUSES.map((value) => ({ value, label: t(`people.${value}`) }))} value={status ?? ''} width={120} onChange={(value) => set({ status: value })} />
            </>
          }
          empty={<Empty title={t('people.empty')} hint={t('people.emptyHint')} action={<>{importButton}{addButton}</>} />}
        />
      </div>
      {opened === NEW && <PersonDrawer person={null} unit={unit} onClose={close} />}
      {person && opened === person.id && <PersonDrawer key={person.id} person={person} unit="" onClose={close} />}
      {fields && <FieldsDialog onClose={() => setFields(false)} />}
    </main>
  )
}

function filterOf(search: string, unit: string, status: EmployeeStatus | undefined): PeopleFilter {
  return {
    ...(search.trim() === '' ? {} : { search: search.trim() }),
    ...unitFilter(unit),
    ...(status === undefined ? {} : { status }),
  }
}
