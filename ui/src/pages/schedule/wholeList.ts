import type { UseQueryResult } from '@tanstack/react-query'
import type { Rows } from '../../kit'

/** A list that is taken whole, for the table. */
export const wholeList = <T>(query: UseQueryResult<T[]>): Rows<T> => ({
  rows: query.data ?? [],
  total: query.data?.length ?? 0,
  loading: query.isPending,
  error: query.error,
  retry: () => void query.refetch(),
})
