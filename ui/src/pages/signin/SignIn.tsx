import { Alert, Button, Input } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { signIn } from '../../api/client'
import { asProblem } from '../../api/problem'
import { explain } from '../../kit'
import { QuickChoices } from '../../shell/choices'

export function SignIn({ onSignedIn }: { onSignedIn: () => void }) {
  const { t } = useTranslation()
  const [token, setToken] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const id = useId()

  const submit = async () => {
    setBusy(true)
    setProblem(null)
    try {
      await signIn(token.trim())
      onSignedIn()
    } catch (error) {
      const { status, code, detail } = asProblem(error)
      setProblem(status === 401 || status === 422 ? t('signIn.wrong') : explain({ code, detail }))
      setBusy(false)
    }
  }

  return (
    <main className="sign-in">
      <form
        className="panel"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <h1>{t('signIn.title')}</h1>
        <label htmlFor={id}>{t('signIn.token')}</label>
        <Input.Password
          id={id}
          autoFocus
          autoComplete="current-password"
          value={token}
          onChange={(event) => setToken(event.target.value)}
          aria-describedby={`${id}-hint`}
        />
        <p id={`${id}-hint`} className="field-hint">{t('signIn.hint')}</p>
        {problem !== null && <Alert type="error" showIcon role="alert" title={problem} />}
        <div className="sign-in-foot">
          <Button type="primary" htmlType="submit" loading={busy} disabled={token.trim() === ''}>
            {t('signIn.submit')}
          </Button>
          <QuickChoices />
        </div>
      </form>
    </main>
  )
}
