import type { TFunction } from 'i18next'
import type { Command } from '../../api/types'
import { ago, explain } from '../../kit'
import { said } from '../../words/said'

export type Tone = '' | 'good' | 'warn' | 'bad'
export const TONE: Record<Command['state'], Tone> = { queued: '', sent: '', done: 'good', failed: 'bad', expired: 'warn', cancelled: 'warn' }

export const kindText = (kind: string): string => said(`command.kind.${kind}`) ?? kind

/** “Read people”, “Delete a person · number 7”. */
export const orderText = (t: TFunction, { kind, pin }: Pick<Command, 'kind' | 'pin'>): string =>
  pin === null ? kindText(kind) : `${kindText(kind)} · ${t('command.forPin', { pin })}`

/**
 * Where an order is in its life. A machine fetches its orders at its own pace: while one waits, what counts is when
 * the machine was heard from last.
 */
export function stateText(t: TFunction, { state, sentAt }: Pick<Command, 'state' | 'sentAt'>, lastSeenAt: string | null, now: number): string {
  if (state === 'queued') {
    if (lastSeenAt === null) return t('command.waitingNever')
    const heard = ago(lastSeenAt, now)
    return heard === undefined ? t('command.waitingNow') : t('command.waiting', { ago: heard })
  }
  if (state === 'sent') {
    const sent = sentAt === null ? undefined : ago(sentAt, now)
    return sent === undefined ? t('command.sentNow') : t('command.sent', { ago: sent })
  }
  return t(`commandState.${state}`)
}

/** What the machine said, in words, and its own number with it; why nothing came of an order that has ended. */
export function answerText(t: TFunction, { state, reason, detail, returnCode }: Pick<Command, 'state' | 'reason' | 'detail' | 'returnCode'>): string {
  const words = reason === null ? detail : explain({ code: reason, detail: detail ?? '' })
  return [...(words === null ? [] : [words]), ...numberText(t, state, returnCode)].join(' · ')
}

/** 0 says nothing more than “done”, and what is above it counts what was read. */
function numberText(t: TFunction, state: Command['state'], code: number | null): string[] {
  if (code === null) return []
  if (state !== 'done') return [t('command.code', { code })]
  return code > 0 ? [t('command.counted', { count: code })] : []
}
