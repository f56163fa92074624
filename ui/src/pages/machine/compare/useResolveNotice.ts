import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useResolve } from '../../../api/rosterQueries'
import type { Comparison, Machine, ResolveRow } from '../../../api/types'
import { type Refusal, useNotice } from '../../../kit'
import { nameOf } from './actions'

/** Does what was decided about rows, and says what of it did not work. */
export function useResolveNotice(machine: Machine, onRefused: (refused: readonly Refusal[]) => void) {
  const { t } = useTranslation()
  const notice = useNotice()
  const { mutateAsync, isPending } = useResolve(machine.sn)
  const resolve = useCallback(
    async (decided: ResolveRow[], rows: readonly Comparison[]) => {
      try {
        const { done, rejected } = await mutateAsync(decided)
        if (done > 0) notice.done(t('compare.done', { count: done }))
        const known = new Map(rows.map((row) => [row.pin, nameOf(row)]))
        onRefused(rejected.map(({ pin, code, detail }) => ({ key: pin, who: known.get(pin) ?? pin, code, detail })))
        return true
      } catch (error) {
        notice.failed(t('compare.failed'), error)
        return false
      }
    },
    [mutateAsync, notice, onRefused, t],
  )
  return { resolve, busy: isPending }
}
