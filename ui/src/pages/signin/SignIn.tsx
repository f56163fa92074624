import { Alert, Button, Input } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { signIn } from '../../api/client'
import { explain, useSubmit } from '../../kit'
import { QuickChoices } from '../../shell/choices'

export function SignIn({ onSignedIn }: { onSignedIn: () => void }) {
  const { t } = useTranslation()
  const [token, setToken] = useState('')
  const id = useId()
  const { submit, busy, problem } = useSubmit(async () => {
    await signIn(token.trim())
    onSignedIn()
  })

  return (
    <main className="sign-in">
      <form
        className="panel"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
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
        {problem && <Alert type="error" showIcon role="alert" title={problem.status === 401 || problem.status === 422 ? t('signIn.wrong') : explain(problem)} />}
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
