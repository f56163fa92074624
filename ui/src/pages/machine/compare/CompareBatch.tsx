import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Comparison, Machine } from '../../../api/types'
import type { Refusal } from '../../../kit'
import { resolutions, rowsFor, type Action } from './actions'
import { useResolveNotice } from './useResolveNotice'

interface Props {
  machine: Machine
  selected: readonly Comparison[]
  clear: () => void
  onDelete: (rows: readonly Comparison[]) => void
  onRefused: (refused: readonly Refusal[]) => void
}

/** Each action says for how many of the selected rows it is. */
export function CompareBatch({ machine, selected, clear, onDelete, onRefused }: Props) {
  const { t } = useTranslation()
  const { resolve, busy } = useResolveNotice(machine, onRefused)
  const count = (action: Action) => resolutions(action, selected).length
  const run = async (action: Action) => {
    if (await resolve(resolutions(action, selected), selected)) clear()
  }
  return (
    <>
      {(['push', 'adopt', 'claim'] as const).map((action) => (
        <Button key={action} disabled={count(action) === 0 || busy} onClick={() => void run(action)}>
          {t(`compare.batch.${action}`, { count: count(action) })}
        </Button>
      ))}
      <Button danger disabled={count('delete') === 0 || busy} onClick={() => onDelete(rowsFor('delete', selected))}>
        {t('compare.batch.delete', { count: count('delete') })}
      </Button>
    </>
  )
}
