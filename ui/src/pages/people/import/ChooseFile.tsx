import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { importTemplate, type FileFormat } from '../../../api/imports'
import { Failure, FileDrop, Panel, useSaveFile } from '../../../kit'

export function ChooseFile({ busy, error, onFile }: { busy: boolean; error: unknown; onFile: (file: File) => void }) {
  const { t } = useTranslation()
  const saveFile = useSaveFile()
  const template = (format: FileFormat) => saveFile(importTemplate(format), `${t('importing.templateName')}.${format}`, t('importing.templateFailed'))
  return (
    <Panel label={t('importing.step.file')}>
      <div className="form">
        <p>{t('importing.fileHint')}</p>
        <FileDrop accept=".csv,.xlsx,text/csv" busy={busy} onFile={onFile} />
        {error !== null && error !== undefined && <Failure title={t('kit.fileUnread')} error={error} />}
        <p className="muted">
          {t('importing.templateHint')}{' '}
          <Button type="link" size="small" onClick={() => void template('xlsx')}>{t('importing.templateXlsx')}</Button>
          <Button type="link" size="small" onClick={() => void template('csv')}>{t('importing.templateCsv')}</Button>
        </p>
      </div>
    </Panel>
  )
}
