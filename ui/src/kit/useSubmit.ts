import { useState } from 'react'
import { asProblem, type ApiProblem } from '../api/problem'

/** How a form stands: whether it is being sent, and why it was not taken the last time. */
export interface Standing {
  busy: boolean
  problem: ApiProblem | null
}

const IDLE: Standing = { busy: false, problem: null }

/**
 * Does one thing at a time, and says before and after how that stands. A second Enter while the first is on its way, which no
 * button's waiting stops, does nothing: it would add somebody twice.
 */
export function attempts(say: (now: Standing) => void): (work: () => Promise<unknown>) => Promise<void> {
  let running = false
  return async (work) => {
    if (running) return
    running = true
    say({ busy: true, problem: null })
    try {
      await work()
      say(IDLE)
    } catch (error) {
      say({ busy: false, problem: asProblem(error) })
    } finally {
      running = false
    }
  }
}

/**
 * Sending a form: `work` does it and, as its last step, says that it is done and closes the form. When it fails, the form
 * stays as it is with the `problem`, until the next try or `clear`. What is not `whole` is not sent: from the first time it
 * was `tried`, the form says beside its fields what is missing.
 */
export function useSubmit<Given extends unknown[]>(work: (...given: Given) => Promise<unknown>, whole = true) {
  const [now, setNow] = useState(IDLE)
  const [tried, setTried] = useState(false)
  const [attempt] = useState(() => attempts(setNow))
  const clear = () => setNow(({ busy }) => ({ busy, problem: null }))
  const submit = (...given: Given) => {
    setTried(true)
    if (whole) void attempt(() => work(...given))
    else clear()
  }
  return { ...now, tried, submit, clear }
}
