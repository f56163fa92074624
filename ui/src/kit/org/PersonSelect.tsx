import { Select } from 'antd'
import { useState } from 'react'
import { usePeopleFound } from '../../api/people'
import { useEmployee } from '../../api/queries'
import { named } from '../named'

interface Props {
  id?: string
  label: string
  /** What stands there while nobody is chosen; the label, where it has no label beside it. */
  nobody?: string
  value: string
  onChange: (id: string | undefined) => void
  width?: number | string
  status?: 'error'
}

/** One person: searched by the service, since there may be thousands. */
export function PersonSelect({ id, label, nobody = label, value, onChange, width = 160, ...rest }: Props) {
  const [search, setSearch] = useState('')
  const people = usePeopleFound(search)
  const chosen = useEmployee(value)
  const options = people.rows.map((person) => ({ value: person.id, label: person.fields['employeeNumber'] ? `${person.name} ${person.fields['employeeNumber']}` : person.name }))
  if (chosen.data && !options.some((option) => option.value === chosen.data.id)) options.unshift({ value: chosen.data.id, label: chosen.data.name })
  return (
    <Select
      {...rest}
      {...(id === undefined ? { 'aria-label': label } : { id })}
      allowClear
      showSearch={{ filterOption: false, onSearch: setSearch }}
      popupRender={named(label)}
      placeholder={nobody}
      style={{ width }}
      value={value || undefined}
      onChange={(next: string | undefined) => onChange(next)}
      options={options}
    />
  )
}
