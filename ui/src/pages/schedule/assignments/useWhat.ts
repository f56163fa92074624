import { useTranslation } from 'react-i18next'
import type { Assignment } from '../../../api/scheduleTypes'
import { useRotationsById, useShiftWords } from '../useWords'

/** What an assignment is of, by name. */
export function useWhat(): (assignment: Pick<Assignment, 'shiftId' | 'rotationId'>) => string {
  const { t } = useTranslation()
  const words = useShiftWords()
  const rotations = useRotationsById()
  return ({ shiftId, rotationId }) =>
    (shiftId === null ? rotations.get(rotationId ?? '')?.name : words.byId.get(shiftId)?.name) ?? t('assignments.gone')
}
