import { Alert, Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Mapping } from '../../../api/imports'
import { asProblem } from '../../../api/problem'
import { usePunchFile } from '../../../api/reuploads'
import type { Machine, PunchFileReport } from '../../../api/types'
import { explainError, FileDrop, mappingOf } from '../../../kit'
import { columnsOf, type FileColumns } from './punchColumns'
import { PunchColumns } from './PunchColumns'
import { PunchFileCounts } from './PunchFileCounts'

interface Looked {
  file: File
  columns: FileColumns
  /** What it would bring; none while the table does not say enough. */
  report: PunchFileReport | null
}

/** A machine's own log from a USB stick, or a table of punches: looked through, then taken in. */
export function PunchFile({ machine, onClose }: { machine: Machine; onClose: () => void }) {
  const { t } = useTranslation()
  const run = usePunchFile(machine.sn)
  const [looked, setLooked] = useState<Looked | null>(null)
  const [mapping, setMapping] = useState<Mapping>({})
  const [done, setDone] = useState<PunchFileReport | null>(null)
  const [error, setError] = useState<{ title: string; error: unknown } | null>(null)

  /** Nothing is stored. A table that does not say enough comes back with its columns, to be chosen among. */
  const look = async (file: File, chosen?: Mapping) => {
    setError(null)
    try {
      const report = await run.mutateAsync({ file, mapping: chosen, dryRun: true })
      setLooked({ file, columns: report.columns, report })
      if (!chosen) setMapping(mappingOf(report.columns))
    } catch (failure) {
      const columns = columnsOf(asProblem(failure))
      if (columns.length > 0) {
        setLooked({ file, columns, report: null })
        if (!chosen) setMapping(mappingOf(columns))
      }
      setError({ title: t('kit.fileUnread'), error: failure })
    }
  }

  const take = async () => {
    if (!looked) return
    setError(null)
    try {
      setDone(await run.mutateAsync({ file: looked.file, mapping: looked.columns.length > 0 ? mapping : undefined, dryRun: false }))
    } catch (failure) {
      setError({ title: t('punchFile.takeFailed'), error: failure })
    }
  }

  const again = () => {
    setLooked(null)
    setDone(null)
    setError(null)
  }

  const fresh = looked?.report?.new ?? 0
  const footer = done ? (
    <>
      <Button onClick={again}>{t('punchFile.otherFile')}</Button>
      <Button type="primary" onClick={onClose}>{t('action.close')}</Button>
    </>
  ) : (
    <>
      <Button onClick={onClose}>{t('action.cancel')}</Button>
      {looked && <Button onClick={again}>{t('punchFile.otherFile')}</Button>}
      {looked && <Button type="primary" loading={run.isPending} disabled={fresh === 0 || changed(looked, mapping)} onClick={() => void take()}>{t('punchFile.take', { count: fresh })}</Button>}
    </>
  )

  return (
    <Modal open width={680} title={t('punchFile.title', { name: machine.name })} onCancel={onClose} footer={footer} mask={{ closable: false }}>
      <div className="form">
        {!looked && (
          <>
            <p>{t('punchFile.hint')}</p>
            <FileDrop accept=".dat,.txt,.log,.csv,.xlsx,text/csv,text/plain" busy={run.isPending} onFile={(file) => void look(file)} />
          </>
        )}
        {error && <Alert type="error" showIcon role="alert" title={error.title} description={<>{explainError(error.error)}{looked?.report && <p>{t('punchFile.takeFailedHint')}</p>}</>} />}
        {looked && !done && <p><strong>{looked.file.name}</strong></p>}
        {looked && !done && looked.columns.length > 0 && (
          <PunchColumns columns={looked.columns} mapping={mapping} busy={run.isPending} onChange={setMapping} onCheck={() => void look(looked.file, mapping)} />
        )}
        {done && <Alert type="success" showIcon role="status" title={t('punchFile.done', { count: done.new })} />}
        {looked?.report && !done && !changed(looked, mapping) && (
          <>
            {fresh === 0 && <Alert type="info" showIcon title={t('punchFile.nothingNew')} />}
            <PunchFileCounts report={looked.report} />
          </>
        )}
        {done && <PunchFileCounts report={done} />}
      </div>
    </Modal>
  )
}

/** The columns were chosen anew since the file was looked through: what was found then holds no more. */
function changed({ columns, report }: Looked, mapping: Mapping): boolean {
  const known = mappingOf(columns)
  return report !== null && columns.some(({ header }) => known[header] !== (mapping[header] ?? ''))
}
