import { App } from 'antd'
import { useMemo } from 'react'
import { explainError } from './explain'

/** Says briefly that something worked, or stays with why it did not. */
export function useNotice() {
  const { message, notification } = App.useApp()
  return useMemo(
    () => {
      const done = (text: string) => void message.success(text)
      const failed = (title: string, error: unknown) =>
        notification.error({ title, description: explainError(error), duration: 0, role: 'alert' })
      /** For what worked with something left to look at. */
      const warn = (title: string, description: string) => notification.warning({ title, description, duration: 10, role: 'alert' })
      /** Says how a change ended, even when what asked for it is no longer on the screen by then. */
      const attempt = (change: Promise<unknown>, success: string, failure: string) =>
        void change.then(
          () => done(success),
          (error: unknown) => failed(failure, error),
        )
      return { done, failed, warn, attempt }
    },
    [message, notification],
  )
}
