import type { TFunction } from 'i18next'
import type { Dialect, MachineEvent } from '../../api/types'
import { explain } from '../../kit'
import { accessEventText, concerned, operationText } from '../../words/events'
import { said } from '../../words/said'

type Event = Pick<MachineEvent, 'kind' | 'code' | 'objects'>

/** Why a photo was refused, by the code of a machine's error line. */
const PHOTO: Record<string, string> = {
  D01E0001: 'photo.no_face',
  D01E0002: 'photo.covered',
  D01E0003: 'photo.not_clear',
  D01E0004: 'photo.angle',
  D01E0005: 'photo.not_alive',
  D01E0006: 'photo.extraction',
}

export const logKindText = (kind: string): string => said(`machineLog.kind.${kind}`) ?? kind

const filled = (objects: readonly string[]): string[] => objects.filter((object) => object !== '' && object !== '0')

/** What happened at a machine. Each dialect has numbers of its own; an error's code is a word among the objects. */
export function eventText(t: TFunction, dialect: Dialect | null, { kind, code, objects }: Event): string {
  if (kind === 'error') {
    const error = objects[0] ?? ''
    const photo = PHOTO[error.toUpperCase()]
    return photo === undefined ? t('machineLog.error', { code: error }) : explain({ code: photo, detail: error })
  }
  if (dialect === 'access') return accessEventText(code)
  // FK machines have no numbers for it: the kind is all they say.
  if (dialect === 'fk') return logKindText(kind)
  return operationText(code)
}

/** Whom or what it was about, as far as it is known what the objects mean; else the objects as they are. */
export function concernedText(t: TFunction, dialect: Dialect | null, { kind, code, objects }: Event): string {
  if (kind === 'error') return filled(objects.slice(0, 2)).join(' · ')
  if (dialect === 'access') return filled(objects).filter((object) => !object.startsWith('#')).map((door) => t('machineLog.door', { door })).join(' · ')
  const known = dialect === 'fk' ? undefined : concerned(code, objects)
  if (known === undefined) return filled(objects).join(' · ')
  return 'pin' in known ? t('machineLog.number', { pin: known.pin }) : known.alarm
}
