import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Side } from './selection'

/** In, out, or neither. */
export function SideButtons({ name, side, tabIndex, onToggle }: { name: string; side: Side | undefined; tabIndex?: number; onToggle: (side: Side) => void }) {
  const { t } = useTranslation()
  return (
    <span className="side-buttons">
      {(['include', 'exclude'] as const).map((each) => (
        <Button
          key={each}
          size="small"
          type={side === each ? 'primary' : 'default'}
          danger={side === each && each === 'exclude'}
          tabIndex={tabIndex}
          aria-pressed={side === each}
          aria-label={t(`picker.${each}Name`, { name })}
          onClick={() => onToggle(each)}
        >
          {t(`picker.${each}Short`)}
        </Button>
      ))}
    </span>
  )
}
