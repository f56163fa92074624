import { useCallback } from 'react'
import { useSearchParams } from 'react-router'

/** Filters live in the address, so that a view can be kept, shared and gone back to. */
export function useFilters() {
  const [params, setParams] = useSearchParams()
  const get = useCallback((name: string): string => params.get(name) ?? '', [params])
  const set = useCallback(
    (changes: Record<string, string | undefined>) =>
      setParams(
        (before) => {
          const next = new URLSearchParams(before)
          for (const [name, value] of Object.entries(changes)) {
            if (value === undefined || value === '') next.delete(name)
            else next.set(name, value)
          }
          return next
        },
        { replace: true },
      ),
    [setParams],
  )
  return { get, set }
}
