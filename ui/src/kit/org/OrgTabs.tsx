import { Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import { Failure } from '../small'
import type { ChooserProps } from './chooser'
import { PeopleChooser } from './People'
import { UnitChooser } from './Units'
import { useOrg } from './useOrg'

interface Props extends ChooserProps {
  below?: { value: boolean; onChange: (value: boolean) => void } | undefined
}

/** The left half of every dialog that chooses from the directory: people, departments, branches. */
export function OrgTabs({ below, ...chooser }: Props) {
  const { t } = useTranslation()
  const { org, error, retry } = useOrg()
  return (
    <>
      {error && <Failure title={t('kit.loadFailed')} error={error} onRetry={retry} />}
      <Tabs
        className="picker-tabs"
        size="small"
        items={[
          { key: 'employee', label: t('picker.tab.employee'), children: <div className="picker-pane"><PeopleChooser org={org} {...chooser} /></div> },
          { key: 'department', label: t('picker.tab.department'), children: <div className="picker-pane"><UnitChooser kind="department" org={org} below={below} {...chooser} /></div> },
          { key: 'branch', label: t('picker.tab.branch'), children: <div className="picker-pane"><UnitChooser kind="branch" org={org} below={below} {...chooser} /></div> },
        ]}
      />
    </>
  )
}
