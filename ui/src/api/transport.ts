/**
 * The only place that knows whether the console runs in the desktop window or in a browser. In the window, calls go
 * to the in-process router through one Tauri command and live events come as Tauri events; in the browser they are
 * `/api` and the event stream. Everything above speaks `Request`, `Response` and `LiveEvent`.
 */
export interface LiveEvent {
  name: string
  data: unknown
}

export type LiveState = 'connecting' | 'live' | 'lost'

export interface LiveSink {
  event: (event: LiveEvent) => void
  /** `live` is reported again after every reconnection: what happened in between was missed. */
  state: (state: LiveState) => void
}

export interface Transport {
  readonly kind: 'window' | 'browser'
  fetch: (request: Request) => Promise<Response>
  /** Gives a file to whoever asked for it; where it was put, when that is not for the browser to say. */
  save: (file: Blob, name: string) => Promise<string | undefined>
  /** Follows live events until the returned function is called. */
  follow: (sink: LiveSink) => () => void
}

interface WindowAnswer {
  status: number
  contentType: string | null
  contentDisposition: string | null
  /** JSON or text. */
  body: string
  /** Anything else. */
  base64: string | null
}

const BODILESS = new Set([204, 205, 304])

/** What the window's channel takes: JSON as it is, files as base64. */
async function windowBody(request: Request) {
  const contentType = request.headers.get('content-type') ?? ''
  if (request.method === 'GET') return {}
  if (contentType === '' || contentType.startsWith('application/json')) {
    const body = await request.text()
    return body === '' ? {} : { body }
  }
  return { contentType, base64: await base64Of(await request.blob()) }
}

async function base64Of(blob: Blob): Promise<string> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(reader.result as string))
    reader.addEventListener('error', () => reject(reader.error ?? new Error('the file cannot be read')))
    reader.readAsDataURL(blob)
  })
  return url.slice(url.indexOf(',') + 1)
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))

function windowTransport(): Transport {
  return {
    kind: 'window',
    fetch: async (request) => {
      const { invoke } = await import('@tauri-apps/api/core')
      const url = new URL(request.url)
      const answer = await invoke<WindowAnswer>('api', {
        request: { method: request.method, path: url.pathname + url.search, ...(await windowBody(request)) },
      })
      const headers = new Headers()
      if (answer.contentType) headers.set('content-type', answer.contentType)
      if (answer.contentDisposition) headers.set('content-disposition', answer.contentDisposition)
      const body = answer.base64 === null ? answer.body : bytesOf(answer.base64)
      return new Response(BODILESS.has(answer.status) ? null : body, { status: answer.status, headers })
    },
    save: async (file, name) => {
      const { invoke } = await import('@tauri-apps/api/core')
      return invoke<string>('save', { name, base64: await base64Of(file) })
    },
    follow: (sink) => {
      let stop: (() => void) | undefined
      let stopped = false
      sink.state('connecting')
      void import('@tauri-apps/api/event')
        .then(({ listen }) =>
          listen<{ event: string; data: unknown }>('rollcall', ({ payload }) =>
            sink.event({ name: payload.event, data: payload.data }),
          ),
        )
        .then((unlisten) => {
          if (stopped) unlisten()
          else {
            stop = unlisten
            sink.state('live')
          }
        })
      return () => {
        stopped = true
        stop?.()
      }
    },
  }
}

const EVENT_NAMES = ['machine', 'punch', 'attendance', 'schedule', 'roster', 'employee', 'organisation', 'command', 'job', 'storage', 'reset'] as const

/** A stream that has not opened by then is taken for lost: something between takes requests and answers none. */
const OPENS_WITHIN_MS = 10_000

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function browserTransport(): Transport {
  return {
    kind: 'browser',
    fetch: (request) => fetch(request),
    save: (file, name) => {
      const link = document.createElement('a')
      link.href = URL.createObjectURL(file)
      link.download = name
      link.click()
      // The browser reads it after this turn.
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
      return Promise.resolve(undefined)
    },
    follow: (sink) => {
      let source: EventSource | undefined
      let timer: ReturnType<typeof setTimeout> | undefined
      let attempt = 0
      let stopped = false

      const open = () => {
        sink.state('connecting')
        const stream = new EventSource('/api/events')
        source = stream
        const lost = () => {
          // The browser retries by itself only in some cases (not after a refused answer), and then at its own pace.
          stream.close()
          clearTimeout(timer)
          if (stopped) return
          sink.state('lost')
          attempt += 1
          timer = setTimeout(open, Math.min(500 * 2 ** (attempt - 1), 8_000))
        }
        timer = setTimeout(lost, OPENS_WITHIN_MS)
        stream.addEventListener('open', () => {
          clearTimeout(timer)
          attempt = 0
          sink.state('live')
        })
        for (const name of EVENT_NAMES) {
          stream.addEventListener(name, (event) => sink.event({ name, data: parsed(event.data as string) }))
        }
        stream.addEventListener('error', lost)
      }
      open()
      return () => {
        stopped = true
        clearTimeout(timer)
        source?.close()
      }
    },
  }
}

export const transport: Transport = '__TAURI_INTERNALS__' in globalThis ? windowTransport() : browserTransport()
