import { today } from '../../kit'

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/

/** A date of the address; anything else is today. */
export const dateOr = (text: string, otherwise = today()): string => (DATE.test(text) && !Number.isNaN(Date.parse(text)) ? text : otherwise)
export const monthOr = (text: string): string => (MONTH.test(text) ? text : today().slice(0, 7))
