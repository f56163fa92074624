import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useListener } from '../../api/queries'
import { Addresses } from '../settings/Addresses'

/** What to type on the machine, in the order its menus ask for it. */
export function Enter({ onNext, onBack }: { onNext: () => void; onBack: () => void }) {
  const { t } = useTranslation()
  const listener = useListener()
  return (
    <div className="wizard-step">
      <h2>{t('wizard.enterTitle')}</h2>
      <ol>
        <li>{t('wizard.enter1')}</li>
        <li>{t('wizard.enter2')}</li>
        <li>{t('wizard.enter3')}</li>
        <li>{t('wizard.enter4')}</li>
      </ol>
      {listener.data && <Addresses listener={listener.data} />}
      <ol start={5}>
        <li>{t('wizard.enter5')}</li>
        <li>{t('wizard.enter6')}</li>
      </ol>
      <div className="tip">
        <p>{t('wizard.enterTip')}</p>
        <p>{t('wizard.enterType')}</p>
      </div>
      <div className="form-foot">
        <Button onClick={onBack}>{t('action.back')}</Button>
        <Button type="primary" onClick={onNext}>{t('wizard.enterNext')}</Button>
      </div>
    </div>
  )
}
