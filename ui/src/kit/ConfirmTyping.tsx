import { Input } from 'antd'
import { useId, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { FormDialog } from './forms'
import { Failure } from './small'
import { useSubmit } from './useSubmit'

interface Props {
  title: string
  /** What will be hit. */
  what: ReactNode
  /** What has to be typed. */
  name: string
  action: string
  failed: string
  onConfirm: () => Promise<unknown>
  onClose: () => void
}

/** Dangerous actions show what will be hit and ask to type the name. */
export function ConfirmTyping({ title, what, name, action, failed, onConfirm, onClose }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const { submit, busy, problem } = useSubmit(async () => {
    await onConfirm()
    onClose()
  })
  const id = useId()
  const matches = typed.trim() === name.trim()
  const differs = typed !== '' && !name.startsWith(typed.trim())

  return (
    <FormDialog danger title={title} action={action} ready={matches} busy={busy} onSend={submit} onClose={onClose}>
      <div>
        <p className="confirm-what">{what}</p>
        <label htmlFor={id}>{t('kit.confirmType', { name })}</label>
        <Input
          id={id}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          status={differs ? 'error' : ''}
          aria-describedby={`${id}-hint`}
        />
        <p id={`${id}-hint`} className="field-hint" aria-live="polite">{differs ? t('kit.confirmMismatch') : ' '}</p>
      </div>
      {problem && <Failure title={failed} error={problem} />}
    </FormDialog>
  )
}
