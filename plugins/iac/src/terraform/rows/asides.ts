// What the rows of several kinds say of keys that are not in the code.
import {unmodelled} from './guests.js'
import type {Aside, At, Block, Resource} from './row.js'

/** Keys that the provider knows nothing of. */
export const lost = (...keys: readonly string[]): Aside => ({
  of: keys.map((key) => `config.${key}`),
  ...{how: 'inexpressible', why: unmodelled},
})

/** The key that tells which resource it is. */
export const isType: Aside = {of: 'config.type', how: 'leftOut', why: 'the type of the resource says it'}

export const beginning = {how: 'leftOut', why: 'it is there from the beginning'} as const

/** What an object has beside its configuration. */
export const observed = (...facts: readonly string[]): Aside => ({
  of: facts.map((fact) => `facts.${fact}`),
  ...{how: 'leftOut', why: 'it is observed, and not declared'},
})

/** Keys that the provider reads of other types of the same kind only. */
export function elsewhere(resources: readonly Resource[]): Aside[] {
  const isOne = (at: At): boolean => resources.some(({when, where}) => (when?.(at) ?? true) && (where?.(at) ?? true))
  const why = {where: isOne, how: 'inexpressible', why: 'the provider does not read it of this type'} as const
  return resources.flatMap(({each, fields, blocks = []}): Aside[] => {
    const inBlock = (block: Block): readonly unknown[] => block.fields.map(({from}) => from)
    const paths = [...fields.map(({from}) => from), ...blocks.flatMap(inBlock)].filter(
      (from) => typeof from === 'string',
    )
    const absolute = paths.filter((path) => path.startsWith('config.'))
    const keys = paths.filter((path) => /^[^.]+$/.test(path))
    return [
      ...(absolute.length > 0 ? [{of: absolute, ...why}] : []),
      ...(each !== undefined && keys.length > 0 ? [{of: each, keys, ...why}] : []),
    ]
  })
}

/** A map or a list with nothing in it. */
export const isEmpty = ({value}: At): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0
