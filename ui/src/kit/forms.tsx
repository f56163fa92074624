import { Button, Drawer, Modal, type DrawerProps } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { focusFirst } from './focusFirst'

/** The fields of a dialog or a drawer. Their visible button stands outside, in the foot; Enter in a field sends them too. */
export function SendForm({ onSend, children }: { onSend: () => void; children: ReactNode }) {
  return (
    <form className="form" onSubmit={(event) => { event.preventDefault(); onSend() }}>
      {children}
      <input type="submit" hidden aria-hidden="true" tabIndex={-1} />
    </form>
  )
}

interface Props {
  title: string
  /** What the button that sends it says. */
  action: string
  busy: boolean
  onSend: () => void
  onClose: () => void
  children: ReactNode
}

interface DialogProps extends Props {
  danger?: boolean
  /** Whether it can be sent as it is. */
  ready?: boolean
  width?: number
}

/** What is asked in the middle of the screen: its button does it, and nothing else. */
export function Dialog({ title, action, busy, danger = false, ready = true, width = 520, onSend, onClose, children }: DialogProps) {
  const { t } = useTranslation()
  return (
    <Modal
      open
      width={width}
      afterOpenChange={focusFirst}
      title={title}
      onCancel={onClose}
      onOk={onSend}
      okText={action}
      cancelText={t('action.cancel')}
      okButtonProps={{ danger, disabled: !ready, loading: busy }}
    >
      {children}
    </Modal>
  )
}

/** The same with fields that Enter sends too, when its button would. */
export function FormDialog({ children, ...dialog }: DialogProps) {
  const send = () => {
    if (dialog.ready !== false && !dialog.busy) dialog.onSend()
  }
  return <Dialog {...dialog}><SendForm onSend={send}>{children}</SendForm></Dialog>
}

/** A form that wants more room, at the side of what it is about; its fields are a `SendForm` among what else it shows. */
export function FormDrawer({ title, action, busy, onSend, onClose, children, ...drawer }: Props & Pick<DrawerProps, 'size' | 'afterOpenChange'>) {
  const { t } = useTranslation()
  return (
    <Drawer
      open
      {...drawer}
      title={title}
      onClose={onClose}
      footer={
        <div className="form-foot" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="primary" loading={busy} onClick={onSend}>{action}</Button>
        </div>
      }
    >
      {children}
    </Drawer>
  )
}
