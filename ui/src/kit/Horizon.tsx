import { useTranslation } from 'react-i18next'
import type { Machine } from '../api/types'
import { localTime, today } from './format'

/** Up to when the data is complete: the oldest last contact among machines in contact, and how many lag behind. */
export function horizonOf(machines: readonly Machine[]): { asOf: string | undefined; lagging: number } {
  const counted = machines.filter((machine) => machine.enabled)
  const lagging = counted.filter((machine) => !machine.online).length
  const contacts = counted.flatMap((machine) => (machine.online && machine.lastSeenAt ? [machine.lastSeenAt] : []))
  const latest = counted.flatMap((machine) => (machine.lastSeenAt ? [machine.lastSeenAt] : []))
  const asOf = contacts.length > 0 ? contacts.toSorted()[0] : latest.toSorted().at(-1)
  return { asOf, lagging }
}

export function Horizon({ machines }: { machines: readonly Machine[] }) {
  const { t } = useTranslation()
  const { asOf, lagging } = horizonOf(machines)
  if (!asOf) return <p className="horizon muted">{t('horizon.none')}</p>
  const time = localTime(asOf)
  return (
    <p className="horizon muted">
      {t('horizon.asOf', { time: time.startsWith(today()) ? time.slice(11, 16) : time.slice(0, 16) })}
      {' · '}
      {lagging > 0 ? <strong className="warn">{t('horizon.lagging', { count: lagging })}</strong> : t('horizon.complete')}
    </p>
  )
}
