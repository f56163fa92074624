import { GlobalOutlined, MoonOutlined, SunOutlined } from '@ant-design/icons'
import { Segmented, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { chooseLanguage, LANGUAGES, type Language } from '../i18n'
import { chooseTheme, useTheme, type ThemeChoice } from '../theme/theme'

export function LanguageChoice() {
  const { t, i18n } = useTranslation()
  return (
    <Segmented<Language>
      aria-label={t('settings.language')}
      value={i18n.language === 'en' ? 'en' : 'zh-CN'}
      options={LANGUAGES.map(({ value, label }) => ({ value, label: <span lang={value}>{label}</span> }))}
      onChange={(language) => void chooseLanguage(language)}
    />
  )
}

export function ThemeChoiceControl() {
  const { t } = useTranslation()
  const { choice } = useTheme()
  return (
    <Segmented<ThemeChoice>
      aria-label={t('settings.theme')}
      value={choice}
      options={[
        { value: 'system', label: t('settings.themeSystem') },
        { value: 'light', label: t('settings.themeLight') },
        { value: 'dark', label: t('settings.themeDark') },
      ]}
      onChange={chooseTheme}
    />
  )
}

/** The two choices as small buttons at the foot of the menu. */
export function QuickChoices() {
  const { t, i18n } = useTranslation()
  const { name } = useTheme()
  const other: Language = i18n.language === 'en' ? 'zh-CN' : 'en'
  const otherLabel = other === 'en' ? 'English' : '中文'
  const themeLabel = name === 'dark' ? t('settings.themeLight') : t('settings.themeDark')
  return (
    <div className="quick-choices">
      <button type="button" onClick={() => void chooseLanguage(other)}>
        <GlobalOutlined aria-hidden="true" />
        <span lang={other}>{otherLabel}</span>
      </button>
      <Tooltip title={themeLabel}>
        <button type="button" aria-label={`${t('settings.theme')}: ${themeLabel}`} onClick={() => chooseTheme(name === 'dark' ? 'light' : 'dark')}>
          {name === 'dark' ? <SunOutlined aria-hidden="true" /> : <MoonOutlined aria-hidden="true" />}
        </button>
      </Tooltip>
    </div>
  )
}
