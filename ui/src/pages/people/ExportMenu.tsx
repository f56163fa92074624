import { Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { exportPeople, type FileFormat } from '../../api/imports'
import type { PeopleFilter } from '../../api/people'
import { today, useSaveFile } from '../../kit'

/** What the list shows now, as a file that can be taken in again. */
export function ExportMenu({ filter }: { filter: PeopleFilter }) {
  const { t } = useTranslation()
  const saveFile = useSaveFile()
  const [busy, setBusy] = useState(false)
  const save = async (format: FileFormat) => {
    setBusy(true)
    await saveFile(exportPeople(format, filter), `${t('people.title')}-${today()}.${format}`, t('people.exportFailed'))
    setBusy(false)
  }
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'xlsx', label: 'Excel (XLSX)', onClick: () => void save('xlsx') },
          { key: 'csv', label: 'CSV', onClick: () => void save('csv') },
        ],
      }}
    >
      <Button loading={busy} aria-haspopup="menu">{t('people.export')}</Button>
    </Dropdown>
  )
}
