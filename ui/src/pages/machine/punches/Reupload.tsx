import { Alert, Button, Modal, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isUnfinished, useJob, useLatestJob } from '../../../api/jobs'
import { useEverybody } from '../../../api/people'
import { useReupload, type Period } from '../../../api/reuploads'
import type { Machine } from '../../../api/types'
import { Failure, Field, focusFirst, shiftDate, today, useSubmit } from '../../../kit'
import { NOBODY, OrgPicker, peopleIn, useOrg, type Selection } from '../../../kit/org'
import { Watched } from '../../jobs/Watched'
import { Came } from './Came'
import { DayRange } from './DayRange'

interface Props {
  machine: Machine
  /** The days that are proposed; the last week by default. */
  period?: Period
  onClose: () => void
}

/** Has a machine send the punches of some days again, and shows how that goes. */
export function Reupload({ machine, period, onClose }: Props) {
  const { t } = useTranslation()
  const ask = useReupload(machine.sn)
  const [days, setDays] = useState<Period>(period ?? { from: shiftDate(today(), -6), to: today() })
  const [some, setSome] = useState(false)
  const [scope, setScope] = useState<Selection>(NOBODY)
  const [started, setStarted] = useState<number | null>(null)
  const everybody = useEverybody(some)
  const { org } = useOrg()
  const ids = peopleIn(everybody.data ?? [], scope, org).map(({ id }) => id)
  const ready = machine.enabled && (!some || ids.length > 0)

  const { submit, busy, problem } = useSubmit(async () => {
    const { jobId } = await ask.mutateAsync({ ...days, ...(some ? { employeeIds: ids } : {}) })
    setStarted(jobId)
  })

  const title = t('reupload.title', { name: machine.name })
  if (started !== null) {
    return (
      <Modal open width={640} title={title} onCancel={onClose} footer={<><Button onClick={() => setStarted(null)}>{t('reupload.again')}</Button><Button type="primary" onClick={onClose}>{t('action.close')}</Button></>}>
        <Started id={started} machine={machine} />
      </Modal>
    )
  }
  return (
    <Modal
      open
      width={640}
      afterOpenChange={focusFirst}
      title={title}
      onCancel={onClose}
      onOk={submit}
      okText={t('reupload.submit')}
      cancelText={t('action.close')}
      okButtonProps={{ disabled: !ready, loading: busy }}
    >
      <div className="form">
        <p>{t('reupload.hint')}</p>
        {!machine.enabled && <Alert type="warning" showIcon title={t('reupload.disabled')} />}
        {machine.enabled && !machine.online && <Alert type="info" showIcon title={t('reupload.waits')} />}
        <UnderWay sn={machine.sn} />
        <Field label={t('reupload.period')}>
          {({ id }) => <DayRange id={id} label={t('reupload.period')} value={days} onChange={setDays} />}
        </Field>
        <WhosePunches some={some} onSome={setSome} scope={scope} onScope={setScope} count={everybody.data ? ids.length : undefined} />
        {problem && <Failure title={t('reupload.failed')} error={problem} />}
      </div>
    </Modal>
  )
}

/** Everybody's punches, or those of people chosen from the organisation. */
function WhosePunches({ some, onSome, scope, onScope, count }: { some: boolean; onSome: (some: boolean) => void; scope: Selection; onScope: (scope: Selection) => void; count: number | undefined }) {
  const { t } = useTranslation()
  const [picking, setPicking] = useState(false)
  return (
    <div className="form-field">
      <Radio.Group
        aria-label={t('reupload.whose')}
        value={some}
        onChange={(event) => onSome(event.target.value as boolean)}
        options={[{ value: false, label: t('reupload.everyone') }, { value: true, label: t('reupload.some') }]}
      />
      {some && (
        <>
          <p className="fact-row">
            <Button onClick={() => setPicking(true)}>{t('reupload.choose')}</Button>
            <span role="status">{count === undefined ? '' : t('reupload.chosen', { count })}</span>
          </p>
          <p className="field-hint">{t('reupload.someHint')}</p>
        </>
      )}
      {picking && <OrgPicker title={t('reupload.whose')} value={scope} onOk={onScope} onClose={() => setPicking(false)} />}
    </div>
  )
}

function UnderWay({ sn }: { sn: string }) {
  const { t } = useTranslation()
  const job = useLatestJob(sn, 'reupload')
  if (!job.data || !isUnfinished(job.data)) return null
  return (
    <>
      <Watched job={job.data} />
      <p className="muted">{t('reupload.underWay')}</p>
    </>
  )
}

function Started({ id, machine }: { id: number; machine: Machine }) {
  const { t } = useTranslation()
  const job = useJob(id)
  if (!job.data) return null
  return (
    <div className="form">
      {isUnfinished(job.data) && !machine.online && <Alert type="info" showIcon title={t('reupload.waits')} />}
      <Watched job={job.data} ended />
      <Came job={job.data} />
      {isUnfinished(job.data) && <p className="muted">{t('reupload.goesOn')}</p>}
    </div>
  )
}
