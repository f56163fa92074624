import { PaperClipOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { explain } from '../../../kit'
import { EVIDENCE_TYPES, evidenceProblem } from './claimed'

/** A picture or a PDF that shows why; refused here already when the service would. */
export function ChooseEvidence({ file, onChange }: { file: File | null; onChange: (file: File | null) => void }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState<string | undefined>()
  const id = useId()
  const choose = (chosen: File | undefined) => {
    if (!chosen) return
    const why = evidenceProblem(chosen)
    setProblem(why)
    onChange(why === undefined ? chosen : null)
  }
  return (
    <div className="form-field" role="group" aria-labelledby={id}>
      <span id={id} className="field-label">{t('appeal.evidence')}</span>
      <input ref={input} type="file" accept={EVIDENCE_TYPES.join(',')} hidden data-evidence onChange={(event) => { choose(event.target.files?.[0]); event.target.value = '' }} />
      <div className="form-foot">
        <Button icon={<PaperClipOutlined aria-hidden="true" />} onClick={() => input.current?.click()}>{t('appeal.choose')}</Button>
        {file && (
          <>
            <span>{file.name}</span>
            <Button type="text" size="small" onClick={() => onChange(null)}>{t('action.remove')}</Button>
          </>
        )}
      </div>
      {problem === undefined ? <p className="field-hint">{t('appeal.evidenceHint')}</p> : <p className="field-error" role="alert">{explain({ code: problem, detail: '' })}</p>}
    </div>
  )
}
