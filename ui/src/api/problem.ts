/** What the API says when it refuses (RFC 9457), or what the console says when there was no answer. */
export interface FieldProblem {
  pointer: string
  code: string
  detail: string
}

export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly fields: readonly FieldProblem[]
  /** The whole answer: some refusals say more than every problem does. */
  readonly body: unknown

  constructor(status: number, code: string, detail: string, fields: readonly FieldProblem[] = [], body: unknown = null) {
    super(`${code}: ${detail}`)
    this.name = 'ApiProblem'
    this.status = status
    this.code = code
    this.detail = detail
    this.fields = fields
    this.body = body
  }

  /** The problem of one field of the request body, by its JSON pointer (`/sn`) or bare name. */
  field(name: string): FieldProblem | undefined {
    return this.fields.find((field) => field.pointer === `/${name}` || field.pointer === name)
  }
}

/** No answer at all: the service is stopped, restarting, or the network between is down. */
export const UNREACHABLE = 'console.unreachable'
/** An answer that is not what the description promises. */
export const UNEXPECTED = 'console.unexpected_answer'

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Reads problem+json, whatever of it is there. */
export function problemFrom(status: number, body: unknown): ApiProblem {
  if (!isRecord(body) || text(body['code']) === '') {
    return new ApiProblem(status, status === 401 ? 'auth.required' : UNEXPECTED, `HTTP ${String(status)}`)
  }
  const fields = Array.isArray(body['fields']) ? body['fields'].filter(isRecord) : []
  return new ApiProblem(
    status,
    text(body['code']),
    text(body['detail']) || text(body['title']),
    fields.map((field) => ({ pointer: text(field['pointer']), code: text(field['code']), detail: text(field['detail']) })),
    body,
  )
}

export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  return new ApiProblem(0, UNREACHABLE, error instanceof Error ? error.message : String(error))
}
