import { Button, Steps } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useImport, type Mapping } from '../../../api/imports'
import { asProblem } from '../../../api/problem'
import type { ImportReport } from '../../../api/types'
import { mappingOf, PageHead } from '../../../kit'
import { ChooseFile } from './ChooseFile'
import { DryRun } from './DryRun'
import { LastImport } from './LastImport'
import { MatchColumns } from './MatchColumns'
import { Result } from './Result'
import { reportOf } from './report'

const STEPS = ['file', 'columns', 'check', 'done'] as const

/** A file of people: chosen, its columns matched, looked through, taken in. Nothing is changed before the last step. */
export function ImportPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const run = useImport()
  const [step, setStep] = useState(0)
  const [file, setFile] = useState<File | null>(null)
  const [mapping, setMapping] = useState<Mapping>({})
  const [report, setReport] = useState<ImportReport | null>(null)
  const [error, setError] = useState<unknown>(null)

  /** A look through the file that changes nothing; bad rows are what it is for, so that a refusal for them is an answer. */
  const look = async (chosen: File, columns: Mapping | undefined, next: number) => {
    setError(null)
    try {
      const found = await run.mutateAsync({ file: chosen, mapping: columns, dryRun: true }).catch((failure: unknown) => reportOf(asProblem(failure)))
      setFile(chosen)
      setReport(found)
      if (!columns) setMapping(mappingOf(found.columns))
      setStep(next)
    } catch (failure) {
      setError(failure)
    }
  }

  const take = async (partial: boolean) => {
    if (!file) return
    setError(null)
    try {
      setReport(await run.mutateAsync({ file, mapping, dryRun: false, partial }))
      setStep(3)
    } catch (failure) {
      setError(failure)
    }
  }

  const again = () => {
    setStep(0)
    setFile(null)
    setReport(null)
    setError(null)
  }

  return (
    <main className="page">
      <PageHead title={t('importing.title')}>
        <Button onClick={() => void navigate('/people')}>{t('importing.toPeople')}</Button>
      </PageHead>
      <Steps size="small" current={step} items={STEPS.map((name) => ({ title: t(`importing.step.${name}`) }))} />
      {step === 0 && (
        <>
          <ChooseFile busy={run.isPending} error={error} onFile={(chosen) => void look(chosen, undefined, 1)} />
          <LastImport />
        </>
      )}
      {step === 1 && report && file && (
        <MatchColumns
          fileName={file.name}
          report={report}
          mapping={mapping}
          busy={run.isPending}
          error={error}
          onChange={setMapping}
          onBack={again}
          onNext={() => void look(file, mapping, 2)}
        />
      )}
      {step === 2 && report && (
        <DryRun report={report} busy={run.isPending} error={error} onBack={() => setStep(1)} onOther={again} onTake={(partial) => void take(partial)} />
      )}
      {step === 3 && report && <Result report={report} onAgain={again} />}
    </main>
  )
}
