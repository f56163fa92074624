import type { TFunction } from 'i18next'

const WHO = ['console', 'desktop', 'system'] as const

/** Who did something, in words; a name of somebody's own as it is. */
export function whoText(t: TFunction, who: string): string {
  const known = WHO.find((name) => name === who)
  return known ? t(`audit.${known}`) : who
}
