import { App } from 'antd'
import { useMemo } from 'react'
import { explainError } from './explain'

/** Says briefly that something worked, or stays with why it did not. */
export function useNotice() {
  const { message, notification } = App.useApp()
  return useMemo(
    () => ({
      done: (text: string) => void message.success(text),
      failed: (title: string, error: unknown) =>
        notification.error({ title, description: explainError(error), duration: 0, role: 'alert' }),
    }),
    [message, notification],
  )
}
