import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export const TOKEN = 'e2e-console-token-1234567890'

function program(name: string): string {
  const path = process.env[name]
  if (!path) throw new Error(`${name} must name the program to test, for example ${name}=target/debug/${name.toLowerCase()}`)
  return path
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

/** A service of our own in a folder of its own, on free ports. */
export class Site {
  private child: ChildProcess | undefined
  readonly data = mkdtempSync(join(tmpdir(), 'rollcall-e2e-'))
  machines = ''
  console = ''

  async start(): Promise<this> {
    const child = spawn(
      program('ROLLCALLD'),
      ['--data', this.data, '--machines', this.machines || '127.0.0.1:0', '--console', this.console || '127.0.0.1:0'],
      { env: { ...process.env, ROLLCALL_TOKEN: TOKEN }, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    this.child = child
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    const bound = JSON.parse(line) as { machines: string; console: string }
    this.machines = bound.machines
    this.console = bound.console
    return this
  }

  get url(): string {
    return `http://${this.console}`
  }

  /** Stops it and leaves its data, for a start on the same ports. */
  async stop(): Promise<void> {
    if (!this.child) return
    this.child.kill('SIGTERM')
    await ended(this.child)
    this.child = undefined
  }

  async end(): Promise<void> {
    await this.stop()
    rmSync(this.data, { recursive: true, force: true })
  }

  /** A call as a script makes it, for what a story takes as given. */
  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${String(answer.status)} ${text}`)
    return text === '' ? undefined : (JSON.parse(text) as unknown)
  }

  /** Waits until something holds, looking again whenever the service tells of an event of that name. */
  async until(event: string, holds: () => Promise<boolean>): Promise<void> {
    const over = new AbortController()
    const stream = await fetch(`${this.url}/api/events`, { headers: { authorization: `Bearer ${TOKEN}` }, signal: over.signal })
    try {
      if (await holds()) return
      const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
      for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
        if (piece.value.includes(`event: ${event}`) && (await holds())) return
      }
      throw new Error(`the events ended before it held: ${event}`)
    } finally {
      over.abort()
    }
  }

  /** What a machine sends, without the machine: for a day full of punches. */
  async push(path: string, body?: string): Promise<number> {
    return (await this.exchange(path, body)).status
  }

  /** The same, with what it is answered. */
  async exchange(path: string, body?: string): Promise<{ status: number; text: string }> {
    const answer = await fetch(`http://${this.machines}/iclock/${path}`, body === undefined ? {} : { method: 'POST', body })
    return { status: answer.status, text: await answer.text() }
  }
}

/** A simulated machine with a keyboard. */
export class SimulatedMachine {
  private readonly child: ChildProcess

  constructor(site: Site, sn: string, flags: readonly string[] = []) {
    this.child = spawn(program('ROLLCALL_MACHINE'), ['--server', `http://${site.machines}`, '--sn', sn, '--lang', 'en', ...flags], {
      stdio: ['pipe', 'ignore', 'inherit'],
    })
  }

  /** Somebody with this number identifies at the machine. */
  punch(pin: string): void {
    this.child.stdin?.write(`${pin}\n`)
  }

  async off(): Promise<void> {
    this.child.kill('SIGKILL')
    await ended(this.child)
  }
}
