import type { Punch } from '../../api/types'
import { accessEventText } from '../../words/events'

/** What the door made of it; only access control machines say so. */
export const punchEventText = ({ dialect, event }: Pick<Punch, 'dialect' | 'event'>): string | undefined =>
  dialect === 'access' && event !== null ? accessEventText(event) : undefined
