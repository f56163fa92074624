import { useState } from 'react'
import { isUnfinished } from '../../api/jobs'
import type { Job } from '../../api/types'
import { JobProgress } from '../../kit'
import { JobDrawer } from './JobDrawer'

/** A job with its log at hand, while it is under way; `ended`: also when it has ended. The log that is open stays. */
export function Watched({ job, ended = false }: { job: Job; ended?: boolean }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      {(ended || isUnfinished(job)) && <JobProgress job={job} onOpen={() => setOpen(true)} />}
      {open && <JobDrawer id={job.id} onClose={() => setOpen(false)} />}
    </>
  )
}
