import { today } from '../../kit'
import { isDate } from '../../kit/dates'

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/

/** A date of the address; anything else is today. */
export const dateOr = (text: string, otherwise = today()): string => (isDate(text) ? text : otherwise)
export const monthOr = (text: string): string => (MONTH.test(text) ? text : today().slice(0, 7))
