import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useOrder } from '../../api/machineQueries'
import type { NewCommand } from '../../api/types'
import { useNotice } from '../../kit'
import { kindText } from './life'

/** Gives a machine an order that needs no question first, and says how that went. */
export function useGive(sn: string): (body: NewCommand) => void {
  const { t } = useTranslation()
  const notice = useNotice()
  const { mutateAsync } = useOrder(sn)
  return useCallback(
    (body) => {
      const what = kindText(body.kind)
      notice.attempt(mutateAsync(body), t('command.ordered', { what }), t('command.notOrdered', { what }))
    },
    [t, notice, mutateAsync],
  )
}
