import { Alert, Button, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Mapping } from '../../../api/imports'
import { useFields } from '../../../api/organisation'
import type { ImportReport } from '../../../api/types'
import { explainError, named, Panel } from '../../../kit'
import { fieldLabel } from '../fieldLabel'
import { doubled, enough, TOP_COLUMNS } from './columns'

interface Props {
  fileName: string
  report: ImportReport
  mapping: Mapping
  busy: boolean
  error: unknown
  onChange: (mapping: Mapping) => void
  onBack: () => void
  onNext: () => void
}

/** Which column of the file is what. Known headings are matched already. */
export function MatchColumns({ fileName, report, mapping, busy, error, onChange, onBack, onNext }: Props) {
  const { t } = useTranslation()
  const fields = useFields()
  const options = [
    { value: '', label: t('importing.ignore') },
    ...TOP_COLUMNS.map((key) => ({ value: key as string, label: t(`importing.column.${key}`) })),
    ...(fields.data ?? []).map((field) => ({ value: field.key, label: fieldLabel(field) })),
  ]
  const twice = doubled(mapping)
  const nameOf = (field: string) => options.find(({ value }) => value === field)?.label ?? field
  return (
    <Panel label={t('importing.step.columns')}>
      <div className="form">
        <p>{t('importing.columnsHint', { name: fileName })}</p>
        <table className="plain-table match-table">
          <thead>
            <tr>
              <th scope="col">{t('importing.header')}</th>
              <th scope="col">{t('importing.becomes')}</th>
            </tr>
          </thead>
          <tbody>
            {report.columns.map(({ header }) => (
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
        {twice.length > 0 && <Alert type="warning" showIcon role="alert" title={t('importing.twice', { names: twice.map(nameOf).join(t('picker.and')) })} />}
        {!enough(mapping) && <Alert type="warning" showIcon role="alert" title={t('importing.noName')} />}
        {error !== null && error !== undefined && <Alert type="error" showIcon role="alert" title={t('importing.readFailed')} description={explainError(error)} />}
        <div className="form-foot">
          <Button onClick={onBack}>{t('importing.otherFile')}</Button>
          <Button type="primary" loading={busy} disabled={twice.length > 0 || !enough(mapping)} onClick={onNext}>{t('importing.check')}</Button>
        </div>
      </div>
    </Panel>
  )
}
