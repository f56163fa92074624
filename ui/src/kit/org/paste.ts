import type { Employee } from '../../api/types'

/** Numbers as they come out of a table, a message or a list: parted by whatever is not part of a number. */
export function pastedNumbers(text: string): string[] {
  return [...new Set(text.split(/[\s,;，；、|]+/u).filter((part) => part !== ''))]
}

type Person = Pick<Employee, 'id' | 'name' | 'fields'>

export interface Found<P> {
  found: P[]
  /** Nobody has it. */
  missing: string[]
  /** More than one person has it. */
  several: string[]
}

const plain = (number: string): string => (/^\d+$/.test(number) ? number.replace(/^0+(?=\d)/, '') : number.toLowerCase())

/** Whose numbers they are: employee number first, else the person's ID; leading zeros are no difference. */
export function byNumber<P extends Person>(numbers: readonly string[], people: readonly P[]): Found<P> {
  const index = new Map<string, Set<P>>()
  const note = (number: string | undefined, person: P) => {
    if (!number) return
    const key = plain(number.trim())
    index.set(key, (index.get(key) ?? new Set()).add(person))
  }
  for (const person of people) note(person.fields['employeeNumber'], person)
  const ids = new Map(people.map((person) => [plain(person.id), person]))
  const found = new Set<P>()
  const missing: string[] = []
  const several: string[] = []
  for (const number of numbers) {
    const held = [...(index.get(plain(number)) ?? [])]
    const exact = held.filter((person) => person.fields['employeeNumber']?.trim() === number)
    const [one, another] = exact.length === 1 ? exact : held
    if (another) several.push(number)
    else if (one ?? ids.get(plain(number))) found.add((one ?? ids.get(plain(number))) as P)
    else missing.push(number)
  }
  return { found: [...found], missing, several }
}
