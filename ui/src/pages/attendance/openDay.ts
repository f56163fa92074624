/** A day that is open over the page, as it stands in the address: `2026-11-02.e1`. */
export const dayKey = (employeeId: string, date: string): string => `${date}.${employeeId}`

export function dayOf(key: string): { employeeId: string; date: string } | undefined {
  const date = key.slice(0, 10)
  return /^\d{4}-\d\d-\d\d\../.test(key) ? { employeeId: key.slice(11), date } : undefined
}
