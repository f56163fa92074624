import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Machine } from '../../api/types'
import { useFilters } from '../../kit'
import { Compare } from './compare/Compare'
import { OnMachine } from './OnMachine'
import { Roster } from './roster/Roster'

const VIEWS = ['list', 'compare', 'machine'] as const
type View = (typeof VIEWS)[number]
const CLEARED = { sort: undefined, search: undefined, state: undefined, role: undefined, enabled: undefined, kind: undefined }

/** Who should be on the machine, how that differs from who is, and what the machine says of everybody. */
export function People({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const view = VIEWS.find((each) => each === get('view')) ?? 'list'
  return (
    <div className="tab-body">
      <Segmented<View>
        className="view-choice"
        aria-label={t('seen.view')}
        value={view}
        onChange={(next) => set({ ...CLEARED, view: next === 'list' ? undefined : next })}
        options={[
          { value: 'list', label: t('seen.viewList') },
          { value: 'compare', label: t('compare.title') },
          { value: 'machine', label: t('seen.viewMachine') },
        ]}
      />
      {view === 'list' && <Roster machine={machine} />}
      {view === 'compare' && <Compare machine={machine} />}
      {view === 'machine' && <OnMachine machine={machine} />}
    </div>
  )
}
