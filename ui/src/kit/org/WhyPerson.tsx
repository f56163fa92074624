import { Select } from 'antd'
import type { TFunction } from 'i18next'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePeopleFound } from '../../api/people'
import { named } from '../named'
import { verdict, type Selection, type Verdict } from './selection'
import type { Org } from './tree'

/** “In, by 生产部” – “Out, by 保密组”. */
function verdictText(t: TFunction, { code, in: within, out }: Verdict): string {
  const list = (names: readonly string[]) => names.join(t('picker.and'))
  if (code === 'inScope') return t('picker.why.inScope', { in: list(within) })
  return code === 'excluded' ? t('picker.why.excluded', { in: list(within), out: list(out) }) : t('picker.why.outOfScope')
}

/** Why is somebody in or out? */
export function WhyPerson({ selection, org }: { selection: Selection; org: Org }) {
  const { t } = useTranslation()
  const id = useId()
  const [search, setSearch] = useState('')
  const people = usePeopleFound(search, 'active')
  const [person, setPerson] = useState<(typeof people.rows)[number] | undefined>()
  const result = person ? verdict(person, selection, org) : undefined
  return (
    <div className="why-person">
      <label htmlFor={id}>{t('picker.whyAsk')}</label>
      <Select
        id={id}
        popupRender={named(t('picker.whyAsk'))}
        placeholder={t('picker.searchPeople')}
        showSearch={{ filterOption: false, onSearch: setSearch }}
        {...(person ? { value: person.id } : {})}
        onChange={(value: string) => setPerson(people.rows.find((each) => each.id === value))}
        options={people.rows.map(({ id: value, name, departmentName }) => ({ value, label: departmentName === null ? name : `${name} · ${departmentName}` }))}
      />
      <p role="status" className={result?.code === 'inScope' ? 'why-in' : 'why-out'}>{result ? verdictText(t, result) : ''}</p>
    </div>
  )
}
