import { describe, expect, it } from 'vitest'
import type { Dialect, MachineEvent } from '../../api/types'
import { textsIn } from '../../i18n/forTests'
import { concernedText, eventText } from './logText'

const t = await textsIn('en')

describe('a line of a machine’s own log', () => {
  it.each<[Dialect, MachineEvent['kind'], number, string[], string, string]>([
    ['attendance', 'operation', 4, [], 'Menu opened', ''],
    ['attendance', 'enrolment', 6, ['1003', '6', '8', '0'], 'Fingerprint enrolled', 'number 1003'],
    ['attendance', 'alarm', 3, ['54'], 'Alarm', 'door forced open'],
    ['attendance', 'operation', 5, ['12', '3'], 'Setting changed', '12 · 3'],
    ['attendance', 'error', 0, ['D01E0002', '', '12'], 'The face on the photo is covered. Take one without mask, hair or glasses in the way.', 'D01E0002'],
    ['attendance', 'error', 0, ['D99', 'odd', ''], 'Error D99', 'D99 · odd'],
    ['access', 'door', 200, ['1'], 'door opened', 'door 1'],
    ['access', 'alarm', 102, ['2'], 'door forced open', 'door 2'],
    ['fk', 'door', 0, ['state=open'], 'door', 'state=open'],
  ])('%s %s %i %j', (dialect, kind, code, objects, what, whom) => {
    expect(eventText(t, dialect, { kind, code, objects })).toBe(what)
    expect(concernedText(t, dialect, { kind, code, objects })).toBe(whom)
  })
})
