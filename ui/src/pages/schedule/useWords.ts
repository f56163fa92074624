import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useRotations, useShifts } from '../../api/schedule'
import { shortNames } from './shortNames'
import { timesText } from './shifts/sentences'
import type { Rotation, Shift } from '../../api/scheduleTypes'

export interface ShiftWords {
  shifts: readonly Shift[]
  byId: ReadonlyMap<string, Shift>
  short: ReadonlyMap<string, string>
  times: (shift: Shift) => string
}

/** Shifts by id, with the names that fit into a cell. */
export function useShiftWords(): ShiftWords {
  const { t } = useTranslation()
  const { data } = useShifts()
  return useMemo(() => {
    const shifts = data ?? []
    return {
      shifts,
      byId: new Map(shifts.map((shift) => [shift.id, shift])),
      short: shortNames(shifts),
      times: (shift: Shift) => timesText(t, shift),
    }
  }, [data, t])
}

export function useRotationsById(): ReadonlyMap<string, Rotation> {
  const { data } = useRotations()
  return useMemo(() => new Map((data ?? []).map((rotation) => [rotation.id, rotation])), [data])
}
