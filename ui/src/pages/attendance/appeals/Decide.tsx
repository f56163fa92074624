import { Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDecideAppeals } from '../../../api/appeals'
import type { Appeal } from '../../../api/attendanceTypes'
import { explain, Failure, Field, FormDialog, type Refusal, useNotice, useSubmit } from '../../../kit'

export interface Asked {
  decision: 'approve' | 'reject'
  appeals: readonly Appeal[]
}

interface Props {
  asked: Asked
  onRefused: (refused: readonly Refusal[]) => void
  onClose: () => void
}

const NAMED = 8

/** A decision on one or several, with what is to be said to whoever asked; a refusal always says why. */
export function Decide({ asked: { decision, appeals }, onRefused, onClose }: Props) {
  const { t } = useTranslation()
  const notice = useNotice()
  const decide = useDecideAppeals()
  const [note, setNote] = useState('')
  const needed = decision === 'reject'
  const unsaid = needed && note.trim() === ''
  const { submit, busy, problem, tried } = useSubmit(async () => {
    const answer = await decide.mutateAsync({ ids: appeals.map(({ id }) => id), decision, ...(note.trim() === '' ? {} : { note: note.trim() }) })
    if (answer.decided > 0) notice.done(t(`appeal.decided.${decision}`, { count: answer.decided }))
    onRefused(
      answer.rejected.map(({ id, code, detail }) => {
        const appeal = appeals.find((each) => each.id === id)
        return { key: String(id), who: appeal ? `${appeal.name} ${appeal.date}` : String(id), code, detail }
      }),
    )
    onClose()
  }, !unsaid)

  return (
    <FormDialog danger={needed} title={t(`appeal.ask.${decision}`, { count: appeals.length })} action={t(`appeal.${decision}`)} busy={busy} onSend={submit} onClose={onClose}>
      <ul className="asked-list">
        {appeals.slice(0, NAMED).map((appeal) => (
          <li key={appeal.id}>
            <strong>{appeal.name}</strong> {appeal.date} · {t(`attendance.mark.${appeal.mark}`)}{appeal.claimed !== null && ` → ${appeal.claimed}`} · {appeal.reason}
          </li>
        ))}
        {appeals.length > NAMED && <li>{t('rule.more', { count: appeals.length - NAMED })}</li>}
      </ul>
      <p className="muted">{t(`appeal.what.${decision}`)}</p>
      <Field label={t('appeal.note')} error={tried && unsaid ? explain({ code: 'appeal.note_needed', detail: '' }) : undefined}>
        {(given) => <Input {...given} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />}
      </Field>
      {problem && <Failure title={t('appeal.decideFailed')} error={problem} />}
    </FormDialog>
  )
}
