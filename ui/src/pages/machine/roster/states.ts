import type { EntryState } from '../../../api/types'

export const STATE_TONE = { noNumber: 'warn', waiting: '', sent: '', synced: 'good', failed: 'bad', removing: '' } as const
export const STATES: readonly EntryState[] = ['noNumber', 'waiting', 'sent', 'synced', 'failed', 'removing']
