import { Alert, Input, Progress } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRaiseAppeal } from '../../../api/appeals'
import type { ExceptionRow } from '../../../api/attendanceTypes'
import { asProblem } from '../../../api/problem'
import { explain, Field, FormDialog, type Refusal, useNotice } from '../../../kit'
import { clockFrom, isMissing } from '../appeals/claimed'

interface Props {
  rows: readonly ExceptionRow[]
  onRefused: (refused: readonly Refusal[]) => void
  onClose: () => void
}

/** The same reason for many, as when a machine was down for a morning; who cannot be is told by name. */
export function RaiseMany({ rows, onRefused, onClose }: Props) {
  const { t } = useTranslation()
  const notice = useNotice()
  const raise = useRaiseAppeal()
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const [unsaid, setUnsaid] = useState(false)
  const [done, setDone] = useState<number | null>(null)
  const claims = rows.some(({ mark }) => isMissing(mark))
  const clock = clockFrom(typed)

  const submit = async () => {
    const whole = reason.trim() !== '' && (!claims || clock !== undefined)
    setUnsaid(!whole)
    if (!whole || done !== null) return
    const refused: Refusal[] = []
    for (const [index, row] of rows.entries()) {
      setDone(index)
      const body = { employeeId: row.employeeId, date: row.date, mark: row.mark, reason: reason.trim(), ...(isMissing(row.mark) && clock !== undefined ? { claimed: clock } : {}) }
      await raise.mutateAsync(body).catch((error: unknown) => {
        const { code, detail } = asProblem(error)
        refused.push({ key: `${row.employeeId} ${row.date} ${row.mark}`, who: `${row.name} ${row.date}`, code, detail })
      })
    }
    if (rows.length > refused.length) notice.done(t('exceptions.raisedMany', { count: rows.length - refused.length }))
    onRefused(refused)
    onClose()
  }

  return (
    <FormDialog title={t('exceptions.raiseMany', { count: rows.length })} action={t('appeal.submit')} busy={done !== null} onSend={() => void submit()} onClose={onClose}>
      <Field label={t('appeal.reason')} error={unsaid && reason.trim() === '' ? t('appeal.reasonNeeded') : undefined}>
        {(given) => <Input {...given} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Field>
      {claims && (
        <Field label={t('appeal.claimed')} hint={t('exceptions.claimedHint')} error={unsaid && clock === undefined ? explain({ code: 'appeal.claimed_needed', detail: '' }) : undefined}>
          {(given) => <Input {...given} style={{ width: 120 }} inputMode="numeric" autoComplete="off" placeholder="09:00" value={typed} onChange={(event) => setTyped(event.target.value)} />}
        </Field>
      )}
      <Alert type="info" showIcon title={t('exceptions.raiseManyHint')} />
      {done !== null && <Progress percent={Math.floor((done / rows.length) * 100)} showInfo={false} size="small" aria-label={t('exceptions.raiseMany', { count: rows.length })} />}
    </FormDialog>
  )
}
