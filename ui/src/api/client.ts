import createClient from 'openapi-fetch'
import { asProblem, problemFrom, type ApiProblem } from './problem'
import type { paths } from './schema'
import { transport } from './transport'

/** The generated client over the one transport. Pages use the hooks of queries.ts, not this. */
export const client = createClient<paths>({
  baseUrl: location.origin === 'null' ? 'http://rollcall' : location.origin,
  fetch: (request) => transport.fetch(request),
})

type Listener = () => void
const signedOut = new Set<Listener>()
/** How often this page has signed in: a refusal says nothing about a session that began after its question. */
let session = 0

/** Told whenever the API says that the browser is not signed in (any more). */
export function onSignedOut(listener: Listener) {
  signedOut.add(listener)
  return () => {
    signedOut.delete(listener)
  }
}

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The answer's body, or the problem thrown. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const asked = session
  const answer = await call.catch((error: unknown) => {
    throw asProblem(error)
  })
  if (answer.response.ok) return answer.data as T
  const problem: ApiProblem = problemFrom(answer.response.status, answer.error)
  if (problem.status === 401 && asked === session) for (const listener of signedOut) listener()
  throw problem
}

/** Begins a session of this browser. */
export async function signIn(token: string): Promise<void> {
  await unwrap(client.POST('/api/session', { body: { token } }))
  session += 1
}

/** Ends this browser's session; the sign-in page follows. */
export async function signOut(): Promise<void> {
  await unwrap(client.DELETE('/api/session'))
  for (const listener of signedOut) listener()
}
