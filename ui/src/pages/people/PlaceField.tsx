import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { named } from '../../kit'
import { pathText, useOrg } from '../../kit/org'

interface Props {
  id: string
  value: string
  onChange: (key: string) => void
  status?: 'error'
}

/** Where somebody is: a department, or a branch with no department. */
export function PlaceField({ value, onChange, ...given }: Props) {
  const { t } = useTranslation()
  const { org } = useOrg()
  return (
    <Select
      {...given}
      allowClear
      popupRender={named(t('people.place'))}
      showSearch={{ optionFilterProp: 'label' }}
      placeholder={t('people.placeNone')}
      {...(org.byKey.has(value) ? { value } : {})}
      onChange={(key: string | undefined) => onChange(key ?? '')}
      options={[...org.byKey.values()].map((unit) => ({ value: unit.key, label: pathText(unit) }))}
    />
  )
}

/** `department:ID` → what the API wants of a person. */
export function placeOf(key: string): { departmentId: string | null; branchId: string | null } {
  const id = key.slice(key.indexOf(':') + 1)
  return { departmentId: key.startsWith('department:') ? id : null, branchId: key.startsWith('branch:') ? id : null }
}
