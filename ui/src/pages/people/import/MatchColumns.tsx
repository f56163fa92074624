import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Mapping } from '../../../api/imports'
import { useFields } from '../../../api/organisation'
import type { ImportReport } from '../../../api/types'
import { doubled, Failure, MatchTable, Panel } from '../../../kit'
import { fieldLabel } from '../fieldLabel'
import { enough, TOP_COLUMNS } from './columns'

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

/** The step at which columns are matched. */
export function MatchColumns({ fileName, report, mapping, busy, error, onChange, onBack, onNext }: Props) {
  const { t } = useTranslation()
  const fields = useFields()
  const known = [
    ...TOP_COLUMNS.map((key) => ({ value: key as string, label: t(`importing.column.${key}`) })),
    ...(fields.data ?? []).map((field) => ({ value: field.key, label: fieldLabel(field) })),
  ]
  return (
    <Panel label={t('importing.step.columns')}>
      <div className="form">
        <p>{t('importing.columnsHint', { name: fileName })}</p>
        <MatchTable columns={report.columns} mapping={mapping} fields={known} twice={(names) => t('importing.twice', { names })} onChange={onChange} />
        {!enough(mapping) && <Alert type="warning" showIcon role="alert" title={t('importing.noName')} />}
        {error !== null && error !== undefined && <Failure title={t('kit.fileUnread')} error={error} />}
        <div className="form-foot">
          <Button onClick={onBack}>{t('importing.otherFile')}</Button>
          <Button type="primary" loading={busy} disabled={doubled(mapping).length > 0 || !enough(mapping)} onClick={onNext}>{t('importing.check')}</Button>
        </div>
      </div>
    </Panel>
  )
}
