import { Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure, focusFirst, useNotice } from '../../kit'

interface Props {
  title: string
  what: string
  action: string
  failed: string
  done: string
  run: () => Promise<unknown>
  onClose: () => void
}

/** Asks before something goes, and stays with why it did not. */
export function Remove({ title, what, action, failed, done, run, onClose }: Props) {
  const { t } = useTranslation()
  const notice = useNotice()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const remove = async () => {
    setBusy(true)
    setError(null)
    try {
      await run()
      notice.done(done)
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
      onOk={() => void remove()}
      okText={action}
      cancelText={t('action.cancel')}
      okButtonProps={{ danger: true, loading: busy }}
    >
      <p>{what}</p>
      {error !== null && <Failure title={failed} error={error} />}
    </Modal>
  )
}
