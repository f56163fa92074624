import type { TFunction } from 'i18next'
import type { PreviewLine, RulePreview } from '../../../api/types'
import { explain, number } from '../../../kit'
import { said } from '../../../words/said'

export const PREVIEW_KINDS = ['add', 'enable', 'disable', 'delete', 'skip'] as const
export type PreviewKind = (typeof PREVIEW_KINDS)[number]
const CHANGES = ['add', 'enable', 'disable', 'delete'] as const

/** “In by 生产部, out by 保密组”. */
export function whyText(t: TFunction, { why, reason }: Pick<PreviewLine, 'why' | 'reason'>): string {
  const list = (names: readonly string[]) => names.join(t('picker.and'))
  return said(`rule.why.${why.code}`, { in: list(why.in), out: list(why.out) }) ?? explain({ code: why.code, detail: reason })
}

/** “12 added, 3 deleted”; what does not happen is not said. */
export function countsText(t: TFunction, { counts }: Pick<RulePreview, 'counts'>): string {
  const parts = CHANGES.filter((kind) => counts[kind] > 0).map((kind) => t(`rule.count.${kind}`, { count: counts[kind] }))
  return parts.length === 0 ? t('rule.nothing') : parts.join(t('picker.and'))
}

/** Why the brake would stop it; nothing while it would not. */
export function brakeText(t: TFunction, { brake }: Pick<RulePreview, 'brake'>): string | undefined {
  if (!brake.wouldStop) return undefined
  const percent = brake.entries === 0 ? 100 : Math.round((brake.hit / brake.entries) * 100)
  return t('rule.brake', { hit: number(brake.hit), entries: number(brake.entries), percent })
}
