import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'

/** The codes attendance machines send for how somebody identified; others are shown as they are. */
const NAMES: Record<string, 'password' | 'fingerprint' | 'card' | 'face' | 'palm'> = {
  '0': 'password',
  '1': 'fingerprint',
  '2': 'card',
  '3': 'password',
  '4': 'card',
  '15': 'face',
  '25': 'palm',
}

export function useVerifyText(): (verify: string) => string {
  const { t } = useTranslation()
  return useCallback(
    (verify) => {
      const name = NAMES[verify]
      if (name) return t(`verify.${name}`)
      return verify === '' ? '–' : t('verify.other', { code: verify })
    },
    [t],
  )
}
