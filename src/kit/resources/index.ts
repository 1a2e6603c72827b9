export * from './documents.js'
export * from './field-names.js'
export * from './fields.js'
export * from './kinds/index.js'
export * from './model.js'
export * from './order.js'
export * from './refs.js'
export * from './rows.js'
export {stepsBetween} from './sequence.js'
export type {Naming, Renaming} from './named.js'

/** What tells which objects others name: by the rows of how changes travel, which no bundle carries that does not ask. */
export function nameTools(): Promise<typeof import('./named.js')> {
  return import('./named.js')
}
