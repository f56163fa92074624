import type { ReactNode } from 'react'
import { Dialog } from './forms'
import { Failure } from './small'
import { useSubmit } from './useSubmit'

interface Props {
  title: string
  /** What the button that does it says. */
  action: string
  danger?: boolean
  ready?: boolean
  /** What stands above why it did not work. */
  failed: string
  run: () => Promise<unknown>
  onClose: () => void
  /** What will be hit. */
  children: ReactNode
}

/** Asks before something is done, closes when it is, and stays with why it is not. */
export function Confirm({ failed, run, children, ...dialog }: Props) {
  const { submit, busy, problem } = useSubmit(async () => {
    await run()
    dialog.onClose()
  })
  return (
    <Dialog danger {...dialog} busy={busy} onSend={submit}>
      <div className="form">
        {children}
        {problem && <Failure title={failed} error={problem} />}
      </div>
    </Dialog>
  )
}
