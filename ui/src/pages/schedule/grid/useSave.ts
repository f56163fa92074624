import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CELLS_AT_ONCE, useSaveSchedule } from '../../../api/schedule'
import { explainError, useNotice } from '../../../kit'
import type { ScheduleProblem } from '../../../api/scheduleTypes'
import { cellsOf, portions } from './edits'
import type { Editor } from './useEditor'

/** Sends the changes, in portions where there are very many; what was saved is no change any more, even if a later portion fails. */
export function useSave(editor: Editor) {
  const { t } = useTranslation()
  const notice = useNotice()
  const put = useSaveSchedule()
  const [report, setReport] = useState<ScheduleProblem[]>([])
  const [error, setError] = useState<string | null>(null)
  const { edits } = editor.history

  const save = async () => {
    if (edits.size === 0 || put.isPending) return
    setReport([])
    setError(null)
    let changed = 0
    const problems: ScheduleProblem[] = []
    try {
      for (const portion of portions(cellsOf(edits), CELLS_AT_ONCE)) {
        const answer = await put.mutateAsync(portion)
        changed += answer.changed
        problems.push(...answer.problems)
        editor.saved(portion)
      }
      notice.done(changed === 0 ? t('grid.savedNothing') : t('grid.saved', { count: changed }))
    } catch (failure) {
      setError(`${explainError(failure)}${changed > 0 ? ` ${t('grid.savedSome')}` : ''}`)
    }
    setReport(problems)
  }
  return { save, saving: put.isPending, report, error, clear: () => { setReport([]); setError(null) } }
}
