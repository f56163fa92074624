import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { named } from '../../kit'
import { pathText, useOrg } from '../../kit/org'

/** A department or branch to look at, as `department:ID`; empty is everywhere. */
export function UnitSelect({ value, departmentsOnly = false, onChange }: { value: string; departmentsOnly?: boolean; onChange: (unit: string) => void }) {
  const { t } = useTranslation()
  const { org } = useOrg()
  const units = [...org.byKey.values()].filter(({ kind }) => !departmentsOnly || kind === 'department')
  return (
    <Select
      aria-label={t('grid.unit')}
      popupRender={named(t('grid.unit'))}
      style={{ width: 200 }}
      showSearch={{ optionFilterProp: 'label' }}
      value={value}
      onChange={onChange}
      options={[{ value: '', label: t('grid.everywhere') }, ...units.map((unit) => ({ value: unit.key, label: pathText(unit) }))]}
    />
  )
}

/** `department:d1` as the API's filter. */
export function unitFilter(unit: string): { departmentId?: string; branchId?: string } {
  const id = unit.slice(unit.indexOf(':') + 1)
  if (unit.startsWith('department:')) return { departmentId: id }
  return unit.startsWith('branch:') ? { branchId: id } : {}
}
