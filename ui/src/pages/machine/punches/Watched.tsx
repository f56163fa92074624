import { useState } from 'react'
import type { Job } from '../../../api/types'
import { JobProgress } from '../../../kit'
import { JobDrawer } from '../../jobs/JobDrawer'

/** A job with its log at hand. */
export function Watched({ job }: { job: Job }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <JobProgress job={job} onOpen={() => setOpen(true)} />
      {open && <JobDrawer id={job.id} onClose={() => setOpen(false)} />}
    </>
  )
}
