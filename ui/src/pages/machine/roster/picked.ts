import type { Employee, NewRosterEntry, Role } from '../../../api/types'

/** Somebody chosen for a machine, with the number they are to have there. */
export interface Picked {
  id: string
  name: string
  pin: string
  role: Role
  /** The unit they came with; none for who was chosen alone. */
  from: string | undefined
  /** Why they were refused. */
  why?: string
}

/** The number is the employee number where that can be one; with a mapping the service fills it. */
export function picked(person: Pick<Employee, 'id' | 'name' | 'fields'>, mapped: boolean, from?: string): Picked {
  const known = person.fields['employeeNumber'] ?? ''
  return { id: person.id, name: person.name, pin: !mapped && /^\d{1,9}$/.test(known) && Number(known) > 0 ? known : '', role: 'user', from }
}

/** Nobody twice; whoever was there keeps what was typed. */
export function withMore(before: readonly Picked[], more: readonly Picked[]): Picked[] {
  const there = new Set(before.map(({ id }) => id))
  return [...before, ...more.filter(({ id }) => !there.has(id) && there.add(id))]
}

export const entryOf = ({ id, pin, role }: Picked): NewRosterEntry => ({ employeeId: id, role, ...(pin.trim() === '' ? {} : { pin: pin.trim() }) })

export function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size))
}
