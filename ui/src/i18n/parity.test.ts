import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { en } from './en'
import { zh } from './zh'

const UI = join(import.meta.dirname, '..')
const REPOSITORY = join(UI, '..', '..')

/** `machines.knocks_one` → text; every leaf of a language. */
function leaves(tree: object, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]: [string, unknown]): [string, string][] =>
      typeof value === 'string' ? [[prefix + key, value]] : [...leaves(value as object, `${prefix}${key}.`)],
    ),
  )
}

const plain = (key: string): string => key.replace(/_(one|other)$/, '')
const names = (texts: Map<string, string>): string[] => [...new Set([...texts.keys()].map(plain))].toSorted()
const holes = (text: string): string[] => [...text.matchAll(/\{\{(\w+)(?:, number)?\}\}/g)].map((hole) => hole[1] ?? '').toSorted()

function files(folder: string, ending: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name) && !/\.test\.tsx?$/.test(name))
    .map((name) => join(folder, name))
}

const english = leaves(en)
const chinese = leaves(zh)
const source = files(UI, /\.tsx?$/)
  .filter((name) => !/i18n[\\/](en|zh)(\.ts$|[\\/])/.test(name))
  .map((name) => readFileSync(name, 'utf8'))
  .join('\n')
const rust = ['core', 'node', 'protocol', 'sheets'].flatMap((name) => files(join(REPOSITORY, 'crates', name, 'src'), /\.rs$/)).map((name) => readFileSync(name, 'utf8')).join('\n')
const description = readFileSync(join(REPOSITORY, 'docs', 'openapi.json'), 'utf8')

describe('the two languages', () => {
  it('have the same keys', () => {
    expect(names(chinese)).toEqual(names(english))
  })

  it('say something under every key', () => {
    expect([...english, ...chinese].filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it('have every number in both of English’s forms', () => {
    const plural = [...english.keys()].filter((key) => /_(one|other)$/.test(key)).map(plain)
    expect(plural.filter((key) => !english.has(`${key}_one`) || !english.has(`${key}_other`))).toEqual([])
  })

  it('fill the same blanks', () => {
    const differing = [...english].filter(([key, text]) => {
      const other = chinese.get(key) ?? chinese.get(`${plain(key)}_other`)
      return other === undefined || holes(text).join() !== holes(other).join()
    })
    expect(differing).toEqual([])
  })
})

describe('every text', () => {
  const quoted = new Set([...source.matchAll(/'((?:\w+\.)+\w+)'/g)].map((match) => match[1] ?? ''))
  // `status.${state}` uses every key directly under `status`.
  const families = [...source.matchAll(/`((?:\w+\.)+)\$\{[^}]+\}`/g)].map((match) => match[1] ?? '')

  it('is used', () => {
    const unused = names(english).filter(
      (key) => !key.startsWith('problem.') && !quoted.has(key) && !families.some((family) => key.startsWith(family)),
    )
    expect(unused).toEqual([])
  })

  it('for a problem is for one that the service or the console can have', () => {
    const dead = [...english.keys()]
      .filter((key) => key.startsWith('problem.'))
      .map((key) => key.slice('problem.'.length))
      .filter((code) => code !== 'unknown' && !rust.includes(`"${code}"`) && !source.includes(`'${code}'`))
    expect(dead).toEqual([])
  })
})

describe('every problem', () => {
  it('that the API description names has its sentence', () => {
    const named = new Set([...description.matchAll(/`([a-z_]+\.[a-z_]+)`/g)].map((match) => match[1] ?? ''))
    // Operations of the log have their own names; `console.token` is a file.
    const problems = [...named].filter((code) => rust.includes(`"${code}"`) && !/\.(add|change|delete|adopt|remove|approve|token)$/.test(code))
    expect(problems.length).toBeGreaterThan(10)
    expect(problems.filter((code) => !english.has(`problem.${code}`))).toEqual([])
  })
})
