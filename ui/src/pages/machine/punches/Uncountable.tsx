import type { TFunction } from 'i18next'
import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Machine } from '../../../api/types'
import { number } from '../../../kit'

/** A machine that does not count by day: what it reports in all, and the way to be sure. */
export function Uncountable({ machine, onAsk }: { machine: Machine; onAsk: () => void }) {
  const { t } = useTranslation()
  return (
    <Alert
      type="info"
      showIcon
      title={t('gaps.unsupported')}
      description={
        <>
          <p>{totalText(t, machine)}</p>
          <p>{t('gaps.unsupportedHint')}</p>
        </>
      }
      action={<Button type="primary" disabled={!machine.enabled} onClick={onAsk}>{t('gaps.someDays')}</Button>}
    />
  )
}

function totalText(t: TFunction, { dialect, reported, held }: Machine): string {
  if (reported.punches === null) return t('gaps.unsupportedUnknown')
  const counts = { theirs: number(reported.punches), ours: number(held.punches) }
  return dialect === 'access' ? t('gaps.unsupportedDoors', counts) : t('gaps.unsupportedCounts', counts)
}
