import { client } from './client'

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

type Call = <T>(path: string, options?: object) => Promise<Answer<T>>

/** The client for what the description does not have yet. */
export const loose = client as unknown as Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Call>
