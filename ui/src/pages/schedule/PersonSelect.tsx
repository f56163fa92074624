import { Select } from 'antd'
import { useState } from 'react'
import { usePeopleFound } from '../../api/people'
import { useEmployee } from '../../api/queries'
import { named } from '../../kit'

interface Props {
  label: string
  /** What stands there while nobody is chosen. */
  nobody: string
  value: string
  width?: number
  onChange: (id: string) => void
}

const labelOf = (person: { name: string; departmentName: string | null }) => (person.departmentName === null ? person.name : `${person.name} · ${person.departmentName}`)

/** One person, found by name, pinyin or number. */
export function PersonSelect({ label, nobody, value, width = 220, onChange }: Props) {
  const [search, setSearch] = useState('')
  const people = usePeopleFound(search)
  const chosen = useEmployee(value)
  const options = people.rows.map((person) => ({ value: person.id, label: labelOf(person) }))
  if (chosen.data && !options.some((option) => option.value === value)) options.unshift({ value, label: labelOf(chosen.data) })
  return (
    <Select
      aria-label={label}
      popupRender={named(label)}
      style={{ width }}
      placeholder={nobody}
      allowClear
      showSearch={{ filterOption: false, onSearch: setSearch }}
      {...(value === '' ? {} : { value })}
      onChange={(id: string | undefined) => {
        setSearch('')
        onChange(id ?? '')
      }}
      options={options}
    />
  )
}
