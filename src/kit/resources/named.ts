import {isMap} from './documents.js'
import {kindOf, type KindName} from './kinds/index.js'
import {travelOf, type Named, type RefTo} from './kinds/travels.js'
import type {Config, Scalar} from './model.js'

/** What names others: of a manifest or of what was read. */
export interface Naming {
  readonly kind: KindName
  readonly id: string | number
  readonly config: Config
  readonly pool?: string | undefined
}

/**
 * The objects that an object names, also those that it is a part of, as its row tells (`refs`, `names`, `parents`); whether there are such is not
 * known here. A bridge of a NIC is named as a vnet, which it is where there is one of that name.
 */
export function namedBy({kind, id, config, pool}: Naming): Named[] {
  const {refs = {}, names} = travelOf(kind)
  const {parents = []} = kindOf(kind)
  return [
    ...parents.flatMap((parent): Named[] => {
      const above = parent.id.exec(String(id))?.[1]
      return above === undefined ? [] : [{kinds: parent.kinds, id: above, path: []}]
    }),
    ...Object.entries(refs).flatMap(([place, to]) =>
      place === 'pool'
        ? [...(pool === undefined ? [] : namesIn(pool, to, ['pool'])), ...below(config, [place], to, [])]
        : below(config, place.split('.'), to, []),
    ),
    ...(names?.({id, config}) ?? []),
  ]
}

function below(value: unknown, [key, ...rest]: readonly string[], to: RefTo, path: readonly string[]): Named[] {
  if (Array.isArray(value) && key !== undefined) return value.flatMap((row) => below(row, [key, ...rest], to, path))
  if (key === undefined) return namesIn(value, to, path)
  if (!isMap(value)) return []
  return Object.keys(value)
    .filter((name) => fits(name, key))
    .flatMap((name) => below(value[name], rest, to, [...path, name]))
}

/** `net0` fits `net*`, every key `*`. */
function fits(name: string, key: string): boolean {
  if (key === '*') return true
  return key.endsWith('*')
    ? name.startsWith(key.slice(0, -1)) && /^\d+$/.test(name.slice(key.length - 1))
    : name === key
}

function namesIn(value: unknown, to: RefTo, path: readonly string[]): Named[] {
  const {kinds, pattern}: {kinds: readonly string[]; pattern?: RegExp} =
    typeof to === 'string' ? {kinds: [to]} : isPlain(to) ? {kinds: to} : to
  const words = (isMap(value) ? Object.keys(value) : [value].flat()) as Scalar[]
  return words.flatMap((word): Named[] => {
    const id = pattern ? pattern.exec(String(word))?.[1] : String(word)
    return id === undefined || id === '' ? [] : [{kinds, id, path}]
  })
}

const isPlain = (to: Exclude<RefTo, string>): to is readonly string[] => Array.isArray(to)
