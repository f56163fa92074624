import type { TFunction } from 'i18next'

/** More than this and punches carry a wrong time. */
const FINE_SECONDS = 60
const HOUR = 60
const DAY = 24 * HOUR

export const clockIsOff = (seconds: number | null): boolean => seconds !== null && Math.abs(seconds) > FINE_SECONDS

/** How far the machine's clock is off, in the unit that reads best. */
export function skewText(t: TFunction, seconds: number | null): string {
  if (seconds === null) return t('machine.skewUnknown')
  if (!clockIsOff(seconds)) return t('machine.skewFine')
  const minutes = Math.round(Math.abs(seconds) / 60)
  const span =
    minutes < 2 * HOUR ? t('machine.minutes', { count: minutes }) : minutes < 2 * DAY ? t('machine.hours', { count: Math.round(minutes / HOUR) }) : t('kit.days', { count: Math.round(minutes / DAY) })
  return seconds > 0 ? t('machine.skewAhead', { span }) : t('machine.skewBehind', { span })
}
