import i18next from 'i18next'

type Lookup = (key: string, values?: object) => string

/** The text for what a machine or the service said, by key; undefined for what has none. Never the bare key. */
export function said(key: string, values?: object): string | undefined {
  // A part of the key comes from outside, so it cannot be one of the typed ones.
  return i18next.exists(key) ? (i18next.t as unknown as Lookup)(key, values) : undefined
}
