/** The orders somebody can give by hand, in the groups they are shown in. */
export const GROUPS = [
  { group: 'ask', kinds: ['readInfo', 'readOptions', 'ping'] },
  { group: 'read', kinds: ['readPeople', 'readTemplates'] },
  { group: 'act', kinds: ['setClock', 'unlockDoor', 'restart'] },
  { group: 'clear', kinds: ['clearPunches', 'clearPeople', 'clearAll'] },
] as const

export type Given = (typeof GROUPS)[number]['kinds'][number]
export type Clearing = Extract<Given, `clear${string}`>
export const isClearing = (kind: Given): kind is Clearing => kind.startsWith('clear')
