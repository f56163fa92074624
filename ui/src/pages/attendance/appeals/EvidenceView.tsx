import { FilePdfOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { evidence, useEvidence } from '../../../api/appeals'
import type { Appeal } from '../../../api/attendanceTypes'
import { Failure, Loading, useObjectUrl, useSaveFile } from '../../../kit'

/** Only what is a picture by its declared kind is shown, as a picture; a PDF is never opened in here, only saved. */
const PICTURES = new Set(['image/jpeg', 'image/png'])

export function EvidenceView({ appeal }: { appeal: Appeal }) {
  const { t } = useTranslation()
  const saveFile = useSaveFile()
  const file = appeal.evidence
  const picture = file !== null && PICTURES.has(file.mediaType)
  const query = useEvidence(appeal.id, picture)
  const url = useObjectUrl(picture ? query.data : undefined)
  if (file === null) return <p className="muted">{t('appeal.noEvidence')}</p>
  const save = <Button size="small" onClick={() => void saveFile(evidence(appeal.id), file.name, t('appeal.evidenceSaveFailed'))}>{t('appeal.saveEvidence')}</Button>
  return (
    <div className="evidence">
      {picture && query.error && !query.data && <Failure title={t('appeal.evidenceLoadFailed')} error={query.error} onRetry={() => void query.refetch()} />}
      {picture && query.isPending && <Loading />}
      {picture && url !== undefined && <img src={url} alt={t('appeal.evidenceOf', { name: appeal.name, file: file.name })} />}
      <p className="form-foot">
        {!picture && <FilePdfOutlined aria-hidden="true" />}
        <span>{file.name}</span>
        <span className="muted">{t('appeal.kilobytes', { count: Math.max(1, Math.round(file.size / 1024)) })}</span>
        {save}
      </p>
    </div>
  )
}
