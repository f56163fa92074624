/** Which quarter hour it is on the site's clock. */
export function quarterNow(now: number, timeZone: string): number | undefined {
  try {
    const parts = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }).format(now)
    return Number(parts.slice(0, 2)) * 4 + Math.floor(Number(parts.slice(3, 5)) / 15)
  } catch {
    return undefined
  }
}
