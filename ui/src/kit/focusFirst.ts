/**
 * For `afterOpenChange` of dialogs and drawers: the keyboard starts in the first field. `autoFocus` alone comes too
 * early, while the dialog is still hidden.
 */
export function focusFirst(open: boolean) {
  if (!open) return
  const dialogs = document.querySelectorAll<HTMLElement>('[role=dialog]')
  dialogs[dialogs.length - 1]?.querySelector<HTMLElement>('input:not([type=submit], [type=file], [readonly]), textarea')?.focus()
}
