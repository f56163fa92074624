import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { ImportReport } from '../../../api/types'
import { explain } from '../../../kit'
import { LastImport } from './LastImport'

/** What was taken in; and the way back. */
export function Result({ report, onAgain }: { report: ImportReport; onAgain: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const bad = report.rows.filter(({ code }) => code !== null)
  return (
    <>
      <Alert
        type="success"
        showIcon
        role="status"
        title={t('importing.done', { added: report.added, changed: report.changed })}
        description={report.unchanged > 0 ? t('importing.doneUnchanged', { count: report.unchanged }) : undefined}
      />
      {bad.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t('importing.leftOut', { count: report.rejected })}
          description={
            <ul className="import-bad">
              {bad.slice(0, 50).map(({ row, name, code, detail }) => <li key={row}>{t('importing.badRow', { row, name: name ?? '', why: explain({ code: code ?? '', detail: detail ?? '' }) })}</li>)}
            </ul>
          }
        />
      )}
      <LastImport />
      <div className="form-foot">
        <Button type="primary" onClick={() => void navigate('/people')}>{t('importing.toPeople')}</Button>
        <Button onClick={onAgain}>{t('importing.another')}</Button>
      </div>
    </>
  )
}
