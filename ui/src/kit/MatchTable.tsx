import { Alert, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Mapping } from '../api/imports'
import { doubled } from './matching'
import { named } from './named'

interface Props {
  columns: readonly { header: string }[]
  mapping: Mapping
  /** What a column may be, besides left out. */
  fields: readonly { value: string; label: string }[]
  /** Says that two columns would fill the same. */
  twice: (names: string) => string
  onChange: (mapping: Mapping) => void
}

/** Which column of a file is what. Known headings are matched already. */
export function MatchTable({ columns, mapping, fields, twice, onChange }: Props) {
  const { t } = useTranslation()
  const options = [{ value: '', label: t('importing.ignore') }, ...fields]
  const names = doubled(mapping).map((field) => fields.find(({ value }) => value === field)?.label ?? field)
  return (
    <>
      <table className="plain-table match-table">
        <thead>
          <tr>
            <th scope="col">{t('importing.header')}</th>
            <th scope="col">{t('importing.becomes')}</th>
          </tr>
        </thead>
        <tbody>
          {columns.map(({ header }) => (
            <tr key={header}>
              <td>{header}</td>
              <td>
                <Select
                  aria-label={t('importing.becomesOf', { header })}
                  popupRender={named(t('importing.becomesOf', { header }))}
                  style={{ width: 260 }}
                  showSearch={{ optionFilterProp: 'label' }}
                  value={mapping[header] ?? ''}
                  onChange={(field: string) => onChange({ ...mapping, [header]: field })}
                  options={options}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {names.length > 0 && <Alert type="warning" showIcon role="alert" title={twice(names.join(t('picker.and')))} />}
    </>
  )
}
