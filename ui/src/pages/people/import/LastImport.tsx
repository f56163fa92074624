import { Alert, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLastImport, useUndoImport } from '../../../api/imports'
import type { LastImport as Last } from '../../../api/types'
import { Confirm, explain, localTime, Panel } from '../../../kit'
import { whoText } from '../../audit/whoText'

type Undone = Awaited<ReturnType<ReturnType<typeof useUndoImport>['mutateAsync']>>

/** The last file that was taken in, and taking it back. */
export function LastImport() {
  const { t } = useTranslation()
  const last = useLastImport()
  const [asking, setAsking] = useState<Last | null>(null)
  const [undone, setUndone] = useState<Undone | null>(null)
  const shown = last.data
  if (!shown && !undone) return null
  return (
    <Panel title={t('importing.last')}>
      {shown && (
        <div className="last-import">
          <p>
            <strong>{shown.fileName}</strong>{' '}
            <span className="muted">{t('importing.lastWords', { time: localTime(shown.at), who: whoText(t, shown.who), added: shown.added, changed: shown.changed })}</span>
          </p>
          {shown.undoable ? (
            <Button onClick={() => setAsking(shown)}>{t('importing.undo')}</Button>
          ) : (
            <span className="muted">{shown.reason === null ? t('importing.notUndoable') : explain({ code: shown.reason, detail: '' })}</span>
          )}
        </div>
      )}
      {undone && (
        <Alert
          type={undone.kept.length === 0 ? 'success' : 'warning'}
          showIcon
          role="status"
          title={t('importing.undone', { count: undone.undone })}
          description={
            undone.kept.length === 0 ? undefined : (
              <>
                <p>{t('importing.kept', { count: undone.kept.length })}</p>
                <ul className="import-bad">
                  {undone.kept.slice(0, 50).map(({ employeeId, code, detail }) => <li key={employeeId}>{`${employeeId} · ${explain({ code, detail })}`}</li>)}
                </ul>
              </>
            )
          }
        />
      )}
      {asking && <AskUndo last={asking} onDone={setUndone} onClose={() => setAsking(null)} />}
    </Panel>
  )
}

function AskUndo({ last, onDone, onClose }: { last: Last; onDone: (answer: Undone) => void; onClose: () => void }) {
  const { t } = useTranslation()
  const undo = useUndoImport()
  return (
    <Confirm
      title={t('importing.undoTitle', { name: last.fileName })}
      action={t('importing.undo')}
      failed={t('importing.undoFailed')}
      run={async () => onDone(await undo.mutateAsync(last.id))}
      onClose={onClose}
    >
      <p>{t('importing.undoWhat', { added: last.added, changed: last.changed })}</p>
    </Confirm>
  )
}
