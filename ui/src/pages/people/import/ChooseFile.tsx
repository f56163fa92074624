import { InboxOutlined } from '@ant-design/icons'
import { Alert, Button } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { importTemplate, type FileFormat } from '../../../api/imports'
import { explainError, Panel, useSaveFile } from '../../../kit'

export function ChooseFile({ busy, error, onFile }: { busy: boolean; error: unknown; onFile: (file: File) => void }) {
  const { t } = useTranslation()
  const saveFile = useSaveFile()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const template = (format: FileFormat) => saveFile(importTemplate(format), `${t('importing.templateName')}.${format}`, t('importing.templateFailed'))
  const take = (files: FileList | null) => {
    const [file] = files ?? []
    if (file) onFile(file)
  }
  return (
    <Panel label={t('importing.step.file')}>
      <div className="form">
        <p>{t('importing.fileHint')}</p>
        {/* Dropping is a comfort for the mouse; the button inside does the same for everybody. */}
        {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
        <div
          className={over ? 'drop-zone over' : 'drop-zone'}
          onDragOver={(event) => { event.preventDefault(); setOver(true) }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => { event.preventDefault(); setOver(false); take(event.dataTransfer.files) }}
        >
          <InboxOutlined aria-hidden="true" className="drop-icon" />
          <p>{t('importing.drop')}</p>
          <input ref={input} type="file" accept=".csv,.xlsx,text/csv" hidden data-import onChange={(event) => { take(event.target.files); event.target.value = '' }} />
          <Button type="primary" loading={busy} onClick={() => input.current?.click()}>{t('importing.choose')}</Button>
        </div>
        {error !== null && error !== undefined && <Alert type="error" showIcon role="alert" title={t('importing.readFailed')} description={explainError(error)} />}
        <p className="muted">
          {t('importing.templateHint')}{' '}
          <Button type="link" size="small" onClick={() => void template('xlsx')}>{t('importing.templateXlsx')}</Button>
          <Button type="link" size="small" onClick={() => void template('csv')}>{t('importing.templateCsv')}</Button>
        </p>
      </div>
    </Panel>
  )
}
