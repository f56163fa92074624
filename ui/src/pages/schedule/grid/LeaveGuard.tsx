import { Modal } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useBlocker } from 'react-router'

/** Asks before changes are lost by going to another page or closing the window. */
export function LeaveGuard({ changes }: { changes: number }) {
  const { t } = useTranslation()
  const blocker = useBlocker(({ currentLocation, nextLocation }) => changes > 0 && currentLocation.pathname !== nextLocation.pathname)
  useEffect(() => {
    if (changes === 0) return undefined
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [changes])
  if (blocker.state !== 'blocked') return null
  return (
    <Modal open title={t('grid.leaveTitle')} okText={t('grid.leaveGo')} okButtonProps={{ danger: true }} cancelText={t('grid.leaveStay')} onOk={() => blocker.proceed()} onCancel={() => blocker.reset()}>
      <p>{t('grid.discardWhat', { count: changes })}</p>
    </Modal>
  )
}
