import type { AppealState } from '../../../api/attendanceTypes'

export const APPEAL_STATES: readonly AppealState[] = ['open', 'approved', 'rejected', 'withdrawn']
export const APPEAL_TONE: Record<AppealState, string> = { open: 'warn', approved: 'good', rejected: 'bad', withdrawn: '' }
