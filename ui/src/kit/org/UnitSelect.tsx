import { Select } from 'antd'
import { named } from '../named'
import { pathText } from './tree'
import { useOrg } from './useOrg'

interface Props {
  id?: string
  label: string
  /** `department:ID` or `branch:ID`. */
  value: string
  onChange: (key: string | undefined) => void
  width?: number | string
  /** Departments only, where branches cannot be asked for. */
  departments?: boolean
}

/** A department or a branch with what is below it, as a filter. */
export function UnitSelect({ id, label, value, onChange, width = 200, departments = false }: Props) {
  const { org } = useOrg()
  return (
    <Select
      {...(id === undefined ? { 'aria-label': label } : { id })}
      allowClear
      popupRender={named(label)}
      showSearch={{ optionFilterProp: 'label' }}
      placeholder={label}
      style={{ width }}
      {...(org.byKey.has(value) ? { value } : {})}
      onChange={(key: string | undefined) => onChange(key)}
      options={[...org.byKey.values()].filter(({ kind }) => !departments || kind === 'department').map((unit) => ({ value: unit.key, label: pathText(unit) }))}
    />
  )
}

/** What of a chosen unit the API is asked for. */
export function unitFilter(key: string): { departmentId?: string; branchId?: string } {
  const id = key.slice(key.indexOf(':') + 1)
  if (key.startsWith('department:')) return { departmentId: id }
  return key.startsWith('branch:') ? { branchId: id } : {}
}
