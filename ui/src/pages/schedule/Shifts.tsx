import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useFilters } from '../../kit'
import { Rotations } from './Rotations'
import { ShiftList } from './shifts/ShiftList'
import './schedule.css'

const VIEWS = ['shifts', 'rotations'] as const
type View = (typeof VIEWS)[number]

/** Shifts, and the rotations that are made of them. */
export function Shifts() {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const shown = VIEWS.find((view) => view === get('view')) ?? 'shifts'
  const choice = (
    <Segmented<View>
      aria-label={t('shifts.view')}
      value={shown}
      onChange={(view) => set({ view: view === 'shifts' ? undefined : view, sort: undefined })}
      options={VIEWS.map((view) => ({ value: view, label: t(`shifts.views.${view}`) }))}
    />
  )
  return shown === 'shifts' ? <ShiftList view={choice} /> : <Rotations view={choice} />
}
