const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The fields of a person lie one level deeper; beside the others they read better. */
function flat(value: unknown): Record<string, unknown> {
  if (!isRecord(value)) return {}
  return Object.fromEntries(Object.entries(value).flatMap(([key, inner]) => (isRecord(inner) ? Object.entries(inner) : [[key, inner]])))
}

const differs = (a: unknown, b: unknown) => JSON.stringify(a ?? null) !== JSON.stringify(b ?? null)

/** Only what differs: `name: 正门 → 北门, enabled: true → false`; for something new, what it is. */
export function changeText(before: unknown, after: unknown, show: (value: unknown, key: string) => string, name: (key: string) => string): string {
  if (!isRecord(before) && !isRecord(after)) return `${show(before, '')} → ${show(after, '')}`
  const old = flat(before)
  const now = flat(after)
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((key) => differs(old[key], now[key]))
    .map((key) => {
      if (!isRecord(before)) return `${name(key)}: ${show(now[key], key)}`
      if (!isRecord(after)) return `${name(key)}: ${show(old[key], key)}`
      return `${name(key)}: ${show(old[key], key)} → ${show(now[key], key)}`
    })
    .join(', ')
}
