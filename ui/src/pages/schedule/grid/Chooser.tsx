import { useId, useState, type CSSProperties, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { nameMatches } from '../../../kit/org/tree'
import type { CellValue } from '../../../api/scheduleTypes'
import type { ShiftWords } from '../useWords'
import { DEFAULT } from './edits'

interface Props {
  words: ShiftWords
  /** The letter that opened it. */
  typed: string
  style: CSSProperties
  onChoose: (value: CellValue) => void
  onClose: () => void
}

/** A shift by name, at the cell: typing narrows, Enter takes, Escape leaves. */
export function Chooser({ words, typed, style, onChoose, onClose }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const [search, setSearch] = useState(typed)
  const [at, setAt] = useState(0)
  const options = [
    ...words.shifts.map((shift) => ({ value: shift.id as CellValue, label: shift.name, more: words.times(shift), short: words.short.get(shift.id) ?? '' })),
    { value: null, label: t('grid.rest'), more: '', short: '' },
    { value: DEFAULT, label: t('grid.reset'), more: t('grid.resetHint'), short: '' },
  ].filter(({ label, short }) => nameMatches(label, search) || short.toLowerCase() === search.trim().toLowerCase())
  const index = Math.min(at, Math.max(0, options.length - 1))

  const onKeyDown = (event: KeyboardEvent) => {
    const chosen = options[index]
    const steps: Record<string, () => void> = {
      ArrowDown: () => setAt(Math.min(index + 1, options.length - 1)),
      ArrowUp: () => setAt(Math.max(index - 1, 0)),
      Escape: onClose,
      Tab: onClose,
      Enter: () => chosen && onChoose(chosen.value),
    }
    const step = event.nativeEvent.isComposing ? undefined : steps[event.key]
    event.stopPropagation()
    if (!step) return
    event.preventDefault()
    step()
  }

  return (
    <div className="grid-chooser" style={style}>
      <input
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={options[index] ? `${id}-${String(index)}` : undefined}
        aria-label={t('grid.choose')}
        autoComplete="off"
        value={search}
        onChange={(event) => { setSearch(event.target.value); setAt(0) }}
        onKeyDown={onKeyDown}
        onBlur={onClose}
      />
      <div id={`${id}-list`} role="listbox" aria-label={t('grid.choose')}>
        {options.map(({ value, label, more }, place) => (
          // The keyboard chooses in the field above; the mouse must not take the focus from it.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={String(value)}
            id={`${id}-${String(place)}`}
            role="option"
            tabIndex={-1}
            aria-selected={place === index}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(value)}
          >
            {label} <span className="muted">{more}</span>
          </div>
        ))}
      </div>
      {options.length === 0 && <p className="muted" role="status">{t('grid.chooseNone')}</p>}
    </div>
  )
}
