import { useEffect, useRef, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { useNotice } from '../../../kit'
import type { CellValue } from '../../../api/scheduleTypes'
import type { ShiftWords } from '../useWords'
import { parseTsv, pasteOnto, readerFor, toTsv } from './clipboard'
import { DEFAULT } from './edits'
import { rectOf } from './selection'
import type { Editor } from './useEditor'

/** What was copied here last: the text is for spreadsheets, the values are for pasting here again. */
interface Copied {
  text: string
  values: CellValue[][]
}

/** Copying, cutting and pasting, within the grid and from and to spreadsheets. */
export function useClipboard(frame: RefObject<HTMLElement | null>, editor: Editor, words: ShiftWords) {
  const { t } = useTranslation()
  const notice = useNotice()
  const copied = useRef<Copied | null>(null)
  const now = useRef({ editor, words, t, notice })
  useEffect(() => {
    now.current = { editor, words, t, notice }
  })

  useEffect(() => {
    const element = frame.current
    if (!element) return undefined
    const own = (event: Event) => event.target === element

    const copy = (event: ClipboardEvent) => {
      if (!own(event)) return
      event.preventDefault()
      const { editor: { range, valueAt }, words: { byId }, t: say, notice: { done } } = now.current
      const rect = rectOf(range)
      const values: CellValue[][] = []
      for (let row = rect.top; row <= rect.bottom; row += 1) {
        const line: CellValue[] = []
        for (let column = rect.left; column <= rect.right; column += 1) {
          const value = valueAt({ row, column })
          line.push(value === undefined ? DEFAULT : value)
        }
        values.push(line)
      }
      const text = toTsv(values.map((line) => line.map((value) => (value === null ? say('grid.restWord') : value === DEFAULT ? '' : (byId.get(value)?.name ?? '')))))
      copied.current = { text, values }
      event.clipboardData?.setData('text/plain', text)
      if (event.type === 'copy') done(say('grid.copied', { count: values.length * (values[0]?.length ?? 0) }))
    }
    const cut = (event: ClipboardEvent) => {
      if (!own(event)) return
      copy(event)
      now.current.editor.setAll(DEFAULT)
    }
    const paste = (event: ClipboardEvent) => {
      if (!own(event)) return
      event.preventDefault()
      const text = (event.clipboardData?.getData('text/plain') ?? '').replace(/\r?\n$/, '')
      if (text === '' && copied.current?.text !== '') return
      take(text)
    }
    const take = (text: string) => {
      const { editor: { range, size, put, select }, words: { shifts, short, times }, t: say, notice: { done, warn } } = now.current
      // Spreadsheets and browsers write line breaks differently; the words in between are what tells whether it is ours.
      const kept = copied.current !== null && copied.current.text.replaceAll('\r', '') === text.replaceAll('\r', '') ? copied.current.values : null
      const unknown = new Set<string>()
      const read = readerFor(shifts.map((shift) => ({ id: shift.id, name: shift.name, short: short.get(shift.id) ?? '', times: times(shift) })))
      const table: (CellValue | undefined)[][] = kept ?? parseTsv(text).map((row) =>
        row.map((cell) => {
          const meant = read(cell)
          if (meant === 'unknown') unknown.add(cell.trim())
          return typeof meant === 'string' ? undefined : meant.value
        }),
      )
      const { writes, outside, rect } = pasteOnto(rectOf(range), table, size)
      put(writes.flatMap(({ at, value }) => (value === undefined ? [] : [{ at, value }])))
      select({ anchor: { row: rect.top, column: rect.left }, focus: { row: rect.bottom, column: rect.right } })
      const wrong = [
        ...(unknown.size > 0 ? [say('grid.pasteUnknown', { names: [...unknown].slice(0, 5).map((name) => `“${name}”`).join(say('picker.and')) })] : []),
        ...(outside > 0 ? [say('grid.pasteOutside', { count: outside })] : []),
      ]
      const told = say('grid.pasted', { count: writes.filter(({ value }) => value !== undefined).length })
      if (wrong.length === 0) done(told)
      else warn(told, wrong.join(' '))
    }
    // WebKit asks beforehand whether there is anything to copy, where no text is selected.
    const before = (event: Event) => {
      if (own(event)) event.preventDefault()
    }
    const listeners: [string, (event: ClipboardEvent) => void][] = [['copy', copy], ['cut', cut], ['paste', paste], ['beforecopy', before], ['beforecut', before], ['beforepaste', before]]
    for (const [name, listener] of listeners) element.addEventListener(name, listener as (event: Event) => void)
    return () => {
      for (const [name, listener] of listeners) element.removeEventListener(name, listener as (event: Event) => void)
    }
  }, [frame])
}
