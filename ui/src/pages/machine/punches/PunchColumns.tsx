import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Mapping } from '../../../api/imports'
import { doubled, MatchTable } from '../../../kit'
import { HOLDS, type FileColumns } from './punchColumns'

interface Props {
  columns: FileColumns
  mapping: Mapping
  busy: boolean
  onChange: (mapping: Mapping) => void
  onCheck: () => void
}

/** What each column of a table holds. */
export function PunchColumns({ columns, mapping, busy, onChange, onCheck }: Props) {
  const { t } = useTranslation()
  const fields = HOLDS.map((key) => ({ value: key, label: t(`punchFile.column.${key}`) }))
  return (
    <section className="form" aria-label={t('punchFile.columns')}>
      <h3>{t('punchFile.columns')}</h3>
      <MatchTable columns={columns} mapping={mapping} fields={fields} twice={(names) => t('punchFile.twice', { names })} onChange={onChange} />
      <div className="form-foot">
        <Button loading={busy} disabled={doubled(mapping).length > 0} onClick={onCheck}>{t('punchFile.check')}</Button>
      </div>
    </section>
  )
}
