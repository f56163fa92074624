import { Button, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Command } from '../../api/types'
import { localTime } from '../../kit'
import { whoText } from '../audit/whoText'
import { answerText, orderText, TONE } from './life'

const instant = (at: string | null): string => (at === null ? '–' : localTime(at))

/** One order from beginning to end, with the machine's whole answer. */
export function CommandDetails({ command, onClose }: { command: Command; onClose: () => void }) {
  const { t } = useTranslation()
  const answer = answerText(t, command)
  return (
    <Modal open title={orderText(t, command)} onCancel={onClose} footer={<Button onClick={onClose}>{t('action.close')}</Button>}>
      <dl className="facts">
        <dt>{t('command.colState')}</dt>
        <dd><span className={`tag tag-${TONE[command.state]}`}>{t(`commandState.${command.state}`)}</span></dd>
        <dt>{t('command.colAnswer')}</dt>
        <dd>{answer === '' ? '–' : answer}</dd>
        <dt>{t('command.colNumber')}</dt>
        <dd className="mono">{command.id}</dd>
        <dt>{t('command.colWho')}</dt>
        <dd>{whoText(t, command.who)}</dd>
        <dt>{t('command.colQueued')}</dt>
        <dd>{localTime(command.queuedAt)}</dd>
        <dt>{t('command.colSent')}</dt>
        <dd>{instant(command.sentAt)}</dd>
        <dt>{t('command.colDone')}</dt>
        <dd>{instant(command.doneAt)}</dd>
        <dt>{t('command.colTries')}</dt>
        <dd>{command.tries}</dd>
      </dl>
    </Modal>
  )
}
