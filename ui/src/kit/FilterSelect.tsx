import { Select } from 'antd'
import { named } from './named'

interface Props {
  label: string
  /** What stands there while the list is not narrowed down. */
  any: string
  options: readonly { value: string; label: string }[]
  /** Empty for all. */
  value: string
  width: number
  onChange: (value: string) => void
}

/** Narrows a list down to those of one kind. */
export function FilterSelect({ label, any, options, value, width, onChange }: Props) {
  return (
    <Select
      aria-label={label}
      popupRender={named(label)}
      style={{ width }}
      value={value}
      onChange={onChange}
      options={[{ value: '', label: any }, ...options]}
    />
  )
}
