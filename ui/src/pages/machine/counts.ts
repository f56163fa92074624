import type { TFunction } from 'i18next'
import type { Machine } from '../../api/types'

export interface Finding {
  tone: 'info' | 'warning' | 'good'
  text: string
  /** What to do about it. */
  action?: 'readInfo' | 'rejected' | 'seen' | 'roster'
}

type Counted = Pick<Machine, 'dialect' | 'reported' | 'held' | 'roster'>

/** What a difference between the machine's counts and ours means. A lasting one is how lost data looks. */
export function punchFinding(t: TFunction, { dialect, reported, held }: Counted): Finding {
  if (reported.punches === null) return { tone: 'info', text: t('machine.countsUnknown'), action: 'readInfo' }
  if (dialect === 'access') return { tone: 'info', text: t('machine.countsOfDoors') }
  const more = reported.punches - held.punches
  if (more > 0) return { tone: 'warning', text: t('machine.countsMore', { count: more }), action: 'rejected' }
  if (more < 0) return { tone: 'info', text: t('machine.countsFewer', { count: -more }) }
  return { tone: 'good', text: t('machine.countsAgree') }
}

/** The same for people; nothing to say when they agree or were not reported. */
export function peopleFinding(t: TFunction, { reported, roster }: Counted): Finding | undefined {
  if (reported.people === null || reported.people === roster.total) return undefined
  const more = reported.people - roster.total
  return more > 0
    ? { tone: 'info', text: t('machine.peopleMore', { count: more }), action: 'seen' }
    : { tone: 'info', text: t('machine.peopleFewer', { count: -more }), action: 'roster' }
}
