import { Input, Modal } from 'antd'
import { useId, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { focusFirst } from './focusFirst'
import { Failure } from './small'

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
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const id = useId()
  const matches = typed.trim() === name.trim()

  const confirm = async () => {
    if (!matches) return
    setBusy(true)
    setError(null)
    try {
      await onConfirm()
      onClose()
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }

  return (
    <Modal
      open
      afterOpenChange={focusFirst}
      title={title}
      onCancel={onClose}
      onOk={() => void confirm()}
      okText={action}
      cancelText={t('action.cancel')}
      okButtonProps={{ danger: true, disabled: !matches, loading: busy }}
    >
      <p className="confirm-what">{what}</p>
      <label htmlFor={id}>{t('kit.confirmType', { name })}</label>
      <Input
        id={id}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onPressEnter={() => void confirm()}
        status={typed !== '' && !name.startsWith(typed.trim()) ? 'error' : ''}
        aria-describedby={`${id}-hint`}
      />
      <p id={`${id}-hint`} className="field-hint" aria-live="polite">
        {typed !== '' && !name.startsWith(typed.trim()) ? t('kit.confirmMismatch') : ' '}
      </p>
      {error !== null && <Failure title={failed} error={error} />}
    </Modal>
  )
}
