import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Machine } from '../../api/types'
import { useFilters } from '../../kit'
import { OnMachine } from './OnMachine'
import { Roster } from './Roster'

/** Who should be on the machine, and who it says is. */
export function People({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const view = get('view') === 'machine' ? 'machine' : 'list'
  return (
    <div className="tab-body">
      <Segmented<'list' | 'machine'>
        className="view-choice"
        aria-label={t('seen.view')}
        value={view}
        onChange={(next) => set({ view: next === 'list' ? undefined : next, sort: undefined })}
        options={[
          { value: 'list', label: t('seen.viewList') },
          { value: 'machine', label: t('seen.viewMachine') },
        ]}
      />
      {view === 'list' ? <Roster machine={machine} /> : <OnMachine machine={machine} />}
    </div>
  )
}
