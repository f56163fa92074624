import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en'
import { zh } from './zh'

export type Language = 'zh-CN' | 'en'
export const LANGUAGES: readonly { value: Language; label: string }[] = [
  { value: 'zh-CN', label: '中文' },
  { value: 'en', label: 'English' },
]

const KEY = 'rollcall.language'

/** What was chosen before, else the computer's language, else Chinese. */
function initial(): Language {
  const stored = localStorage.getItem(KEY)
  if (stored === 'zh-CN' || stored === 'en') return stored
  const first = navigator.languages.find((tag) => /^(zh|en)\b/i.test(tag))
  return first?.toLowerCase().startsWith('en') ? 'en' : 'zh-CN'
}

export async function startTexts() {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language
  })
  await i18next.use(initReactI18next).init({
    lng: initial(),
    fallbackLng: 'en',
    supportedLngs: ['zh-CN', 'en'],
    resources: { en: { translation: en }, 'zh-CN': { translation: zh } },
    interpolation: { escapeValue: false },
    returnNull: false,
  })
}

export async function chooseLanguage(language: Language) {
  localStorage.setItem(KEY, language)
  await i18next.changeLanguage(language)
}

export const currentLanguage = (): Language => (i18next.language === 'en' ? 'en' : 'zh-CN')
