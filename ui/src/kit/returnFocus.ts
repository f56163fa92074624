/** Dialogs are taken off the page with what opened them, before antd gives the keyboard back; so it is given back here. */
const DIALOG = '.ant-modal-root, .ant-drawer'
/** The row of a list that Tab stops at. */
const ROW = '[data-row][tabindex="0"]'
/** A day over an appeal over a list, and some stops in each. */
const KEPT = 40

interface Stop {
  element: HTMLElement
  inDialog: boolean
  inRow: boolean
}

/** Where the keyboard was before: in place of a row that has gone, as an appeal does that was decided, the one that has moved up. */
function placeOf({ element, inRow }: Stop): HTMLElement | null {
  if (element.isConnected) return element
  return inRow ? document.querySelector<HTMLElement>(ROW) : null
}

/** From now on the keyboard goes back to where it was when a dialog is gone. */
export function returnFocus() {
  let trail: Stop[] = []
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement)) return
    const stop = { element: target, inDialog: target.closest(DIALOG) !== null, inRow: target.closest('[data-row]') !== null }
    trail = [...trail.filter(({ element }) => element !== target), stop].slice(-KEPT)
  })
  // What holds a dialog on the page is a child of the body, and is empty by the time it is taken away.
  new MutationObserver(() => {
    const last = trail.at(-1)
    if (document.activeElement !== document.body || !last?.inDialog || last.element.isConnected) return
    for (const stop of trail.toReversed()) {
      const place = stop.inDialog && !stop.element.isConnected ? null : placeOf(stop)
      if (!place) continue
      place.focus({ preventScroll: true })
      return
    }
  }).observe(document.body, { childList: true })
}
