import { Confirm, useNotice } from '../../kit'

interface Props {
  title: string
  what: string
  action: string
  failed: string
  done: string
  run: () => Promise<unknown>
  onClose: () => void
}

/** Asks before something of the plan goes, and says when it has. */
export function Remove({ what, done, run, ...confirm }: Props) {
  const notice = useNotice()
  return (
    <Confirm {...confirm} run={() => run().then(() => notice.done(done))}>
      <p>{what}</p>
    </Confirm>
  )
}
