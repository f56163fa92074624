const ALL: readonly string[] = Intl.supportedValuesOf('timeZone')

/** Time zones that contain what was typed, the computer's own and Shanghai first. */
export function zoneOptions(typed: string): { value: string }[] {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  const wanted = typed.trim().toLowerCase().replaceAll(' ', '_')
  const first = new Set(['Asia/Shanghai', own])
  return [...first, ...ALL.filter((zone) => !first.has(zone))]
    .filter((zone) => zone.toLowerCase().includes(wanted))
    .slice(0, 40)
    .map((value) => ({ value }))
}
