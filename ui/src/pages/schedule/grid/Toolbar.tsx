import { QuestionCircleOutlined, RedoOutlined, UndoOutlined } from '@ant-design/icons'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { shiftColor } from '../../../theme/shiftColors'
import type { CellValue } from '../../../api/scheduleTypes'
import type { ShiftWords } from '../useWords'
import { DEFAULT } from './edits'
import type { Editor } from './useEditor'

interface Props {
  words: ShiftWords
  editor: Editor
  onSet: (value: CellValue) => void
  onRotate: () => void
  /** After a button the keyboard is back in the grid. */
  onDone: () => void
}

/** What the selection can become, each with the key that does the same. */
export function Toolbar({ words, editor, onSet, onRotate, onDone }: Props) {
  const { t } = useTranslation()
  const [help, setHelp] = useState(false)
  const then = (run: () => void) => () => {
    run()
    onDone()
  }
  return (
    <div className="grid-tools" role="toolbar" aria-label={t('grid.tools')}>
      <div className="palette" role="group" aria-label={t('grid.palette')}>
        {words.shifts.map((shift, index) => (
          <PaletteButton key={shift.id} className={`shift-${shiftColor(shift.color)}`} label={shift.name} hint={words.times(shift)} name={index < 9 ? String(index + 1) : undefined} onClick={then(() => onSet(shift.id))} />
        ))}
        <PaletteButton className="shift-rest" label={t('grid.rest')} name="0" onClick={then(() => onSet(null))} />
        <PaletteButton className="shift-default" label={t('grid.reset')} hint={t('grid.resetHint')} name="Del" onClick={then(() => onSet(DEFAULT))} />
      </div>
      <span className="tool-group">
        <Button size="small" title="Ctrl+R" onClick={then(editor.fillRight)}>{t('grid.fillRight')}</Button>
        <Button size="small" title="Ctrl+D" onClick={then(editor.fillDown)}>{t('grid.fillDown')}</Button>
        <Button size="small" onClick={onRotate}>{t('grid.rotate')}</Button>
        <Button size="small" icon={<UndoOutlined />} title={`${t('grid.undo')} · Ctrl+Z`} aria-label={t('grid.undo')} disabled={editor.history.undo.length === 0} onClick={then(editor.undo)} />
        <Button size="small" icon={<RedoOutlined />} title={`${t('grid.redo')} · Ctrl+Y`} aria-label={t('grid.redo')} disabled={editor.history.redo.length === 0} onClick={then(editor.redo)} />
        <Button size="small" icon={<QuestionCircleOutlined />} title={t('grid.keys.title')} aria-label={t('grid.keys.title')} onClick={() => setHelp(true)} />
      </span>
      {help && <Keys onClose={() => setHelp(false)} />}
    </div>
  )
}

function PaletteButton({ className, label, hint, name, onClick }: { className: string; label: string; hint?: string; name?: string | undefined; onClick: () => void }) {
  return (
    <button type="button" className={`palette-shift ${className}`} title={hint} onClick={onClick} {...(name === undefined ? {} : { 'aria-keyshortcuts': name === 'Del' ? 'Delete' : name })}>
      {label}
      {name !== undefined && <kbd aria-hidden="true">{name}</kbd>}
    </button>
  )
}

const KEYS: readonly [keys: readonly string[], what: 'move' | 'all' | 'row' | 'set' | 'type' | 'clear' | 'clipboard' | 'fill' | 'undo' | 'save'][] = [
  [['←', '→', '↑', '↓', 'PgUp', 'PgDn', 'Home', 'End'], 'move'],
  [['Ctrl+A'], 'all'],
  [['Shift+Space', 'Ctrl+Space'], 'row'],
  [['1', '…', '9', '0'], 'set'],
  [['Enter', 'A', '…', 'Z'], 'type'],
  [['Del'], 'clear'],
  [['Ctrl+C', 'Ctrl+X', 'Ctrl+V'], 'clipboard'],
  [['Ctrl+R', 'Ctrl+D'], 'fill'],
  [['Ctrl+Z', 'Ctrl+Y'], 'undo'],
  [['Ctrl+S'], 'save'],
]

function Keys({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal open title={t('grid.keys.title')} footer={null} onCancel={onClose} width={560}>
      <table className="plain-table keys-table">
        <tbody>
          {KEYS.map(([keys, what]) => (
            <tr key={what}>
              <th scope="row">{keys.map((key) => <kbd key={key}>{key}</kbd>)}</th>
              <td>{t(`grid.keys.${what}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  )
}
