import { useLayoutEffect, useRef, type ReactElement, type ReactNode } from 'react'

/** antd leaves the list of a select's options without a name; a screen reader then says only “list”. */
function Named({ label, children }: { label: string; children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    for (const list of frame.current?.querySelectorAll('[role=listbox]') ?? []) list.setAttribute('aria-label', label)
  })
  return <div ref={frame}>{children}</div>
}

/** For `popupRender` of every select. */
export const named = (label: string) => (menu: ReactElement) => <Named label={label}>{menu}</Named>
