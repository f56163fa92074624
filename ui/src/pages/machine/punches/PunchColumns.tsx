import { Alert, Button, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Mapping } from '../../../api/imports'
import { named } from '../../../kit'
import { heldTwice, HOLDS, type FileColumns } from './punchColumns'

interface Props {
  columns: FileColumns
  mapping: Mapping
  busy: boolean
  onChange: (mapping: Mapping) => void
  onCheck: () => void
}

/** What each column of a table holds. Known headings are understood already. */
export function PunchColumns({ columns, mapping, busy, onChange, onCheck }: Props) {
  const { t } = useTranslation()
  const options = [{ value: '', label: t('importing.ignore') }, ...HOLDS.map((key) => ({ value: key as string, label: t(`punchFile.column.${key}`) }))]
  const twice = heldTwice(mapping)
  return (
    <section className="form" aria-label={t('punchFile.columns')}>
      <h3>{t('punchFile.columns')}</h3>
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
                  style={{ width: 240 }}
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
      {twice.length > 0 && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title={t('punchFile.twice', { names: twice.map((field) => options.find(({ value }) => value === field)?.label ?? field).join(t('picker.and')) })}
        />
      )}
      <div className="form-foot">
        <Button loading={busy} disabled={twice.length > 0} onClick={onCheck}>{t('punchFile.check')}</Button>
      </div>
    </section>
  )
}
