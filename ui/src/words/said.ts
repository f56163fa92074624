import i18next from 'i18next'

type Values = Record<string, unknown>
type Lookup = (key: string, values?: Values) => string

/** The text for what a machine or the service said, by key; undefined for what has none. Never the bare key. */
export function said(key: string, values: Values = {}): string | undefined {
  // A part of the key comes from outside, so it cannot be one of the typed ones. With a count its form is looked for.
  return i18next.exists(key, values) ? (i18next.t as unknown as Lookup)(key, values) : undefined
}
