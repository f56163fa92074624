import { Input, Radio, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePeopleFound } from '../../api/people'
import type { Employee } from '../../api/types'
import { Field, named } from '../../kit'
import { DateField } from './DateField'
import { PlaceField } from './PlaceField'

export interface Account {
  kind: 'new' | 'existing'
  existing: { id: string; name: string } | undefined
  name: string
  id: string
  place: string
  hiredOn: string | null
  employeeNumber: string
}

/** The account somebody comes back under: one that is here already, or a new one. */
export function NewAccount({ old, account, onChange }: { old: Employee; account: Account; onChange: (account: Account) => void }) {
  const { t } = useTranslation()
  const change = (changes: Partial<Account>) => onChange({ ...account, ...changes })
  return (
    <>
      <Radio.Group
        aria-label={t('rehire.step.account')}
        value={account.kind}
        onChange={(event) => change({ kind: event.target.value as Account['kind'] })}
        options={[
          { value: 'new', label: t('rehire.newAccount') },
          { value: 'existing', label: t('rehire.existingAccount') },
        ]}
      />
      {account.kind === 'existing' ? (
        <Existing old={old} account={account} onChoose={(existing) => change({ existing })} />
      ) : (
        <>
          <div className="form-row">
            <Field label={t('people.name')}>
              {(given) => <Input {...given} autoComplete="off" value={account.name} onChange={(event) => change({ name: event.target.value })} />}
            </Field>
            <Field label={t('people.place')}>
              {(given) => <PlaceField {...given} value={account.place} onChange={(place) => change({ place })} />}
            </Field>
          </div>
          <div className="form-row">
            <Field label={t('people.id')} hint={t('people.idHint')}>
              {(given) => <Input {...given} className="mono" autoComplete="off" value={account.id} onChange={(event) => change({ id: event.target.value })} />}
            </Field>
            <Field label={t('field.employeeNumber')} hint={t('rehire.numberHint')}>
              {(given) => <Input {...given} autoComplete="off" value={account.employeeNumber} onChange={(event) => change({ employeeNumber: event.target.value })} />}
            </Field>
          </div>
          <Field label={t('people.hiredOn')}>
            {(given) => <DateField {...given} value={account.hiredOn} onChange={(hiredOn) => change({ hiredOn })} />}
          </Field>
        </>
      )}
    </>
  )
}

function Existing({ old, account, onChoose }: { old: Employee; account: Account; onChoose: (person: Account['existing']) => void }) {
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  const people = usePeopleFound(search, 'active')
  return (
    <Field label={t('rehire.existingLabel')} hint={t('picker.personHint')}>
      {({ id }) => (
        <Select
          id={id}
          popupRender={named(t('rehire.existingLabel'))}
          showSearch={{ filterOption: false, onSearch: setSearch }}
          {...(account.existing ? { value: account.existing.id } : {})}
          onChange={(value: string) => onChoose(people.rows.find((person) => person.id === value))}
          options={people.rows.filter((person) => person.id !== old.id).map(({ id: value, name, departmentName }) => ({ value, label: [name, departmentName, value].filter(Boolean).join(' · ') }))}
        />
      )}
    </Field>
  )
}
