import {PmpcError} from '../errors/index.js'
import {isMap} from '../resources/documents.js'
import {kindOf, type Kind} from '../resources/kinds/index.js'
import {formatRef} from '../resources/refs.js'
import {glob, matches} from '../workspace/glob.js'
import {countOf, fieldOf, type Item, type Told} from './item.js'

/** Which objects are meant; all that is given must hold. */
export interface Selection {
  /** By `formatRef`. */
  objects?: ReadonlySet<string> | undefined
  node?: string
  pool?: string
  status?: string
  /** Each must be among the tags. */
  tags?: string[]
  /** With `*` and `?`. */
  name?: string
  /** `key=value`, `key!=value`, `key`, `!key`; the key may hold `*` (`net*.bridge=vmbr1`), the value too. */
  labels?: string[]
}

/** Keeps the items that are meant. Throws PMPC_BAD_SELECTOR for a label that cannot be read. */
export function select(items: Item[], selection: Selection): Item[] {
  const tests = [...plainTests(selection), ...(selection.labels ?? []).map(labelTest)]
  return items.filter((item) => tests.every((test) => test(item)))
}

type Test = (item: Item) => boolean

function plainTests({objects, node, pool, status, tags = [], name}: Selection): Test[] {
  const tests: Test[] = tags.map((tag) => (item) => matches(fieldOf(item, 'tags'), tag))
  if (objects) tests.push((item) => objects.has(formatRef(item)))
  if (node !== undefined) tests.push((item) => matches(belonging(item, 'node'), node))
  if (pool !== undefined) tests.push((item) => matches(belonging(item, 'pool'), pool))
  if (status !== undefined) tests.push((item) => matches(item.status, status))
  if (name !== undefined) tests.push((item) => matches(item.name ?? item.id, name))
  return tests
}

/** The pool or node that an object is in, or is. */
export function belonging(item: Item, to: keyof NonNullable<Kind['belongs']>): unknown {
  const field = kindOf(item.kind).belongs?.[to]
  return field === undefined ? undefined : fieldOf(item, field)
}

function labelTest(label: string): Test {
  const match = /^(?:!(?<absent>[^=!\s]+)|(?<key>[^=!\s]+)(?:(?<not>!)?=(?<value>.*))?)$/s.exec(label)
  if (!match) {
    throw new PmpcError(
      'PMPC_BAD_SELECTOR',
      `"${label}" selects nothing: expected KEY=VALUE, KEY!=VALUE, KEY or !KEY`,
      {
        suggestions: ['pmpc get guests -l onboot=1', "pmpc get guests -l 'net*.bridge=vmbr0'", 'pmpc get --help'],
        data: {label},
      },
    )
  }
  const {absent, key, not, value} = match.groups!
  if (absent !== undefined) return (item) => valuesOf(item, absent).length === 0
  if (value === undefined) return (item) => valuesOf(item, key!).length > 0
  return (item) => valuesOf(item, key!).some((found) => matches(found, value)) !== (not !== undefined)
}

/** The values of a field; of all fields where its name holds `*`. */
function valuesOf(item: Item, field: string): unknown[] {
  if (!field.includes('*')) return [fieldOf(item, field)].filter((value) => value !== undefined)
  const pattern = glob(withoutPrefix(field))
  return leaves({...item, ...item.config}, '')
    .filter(([name]) => pattern.test(name))
    .map(([, value]) => value)
}

/** All values that are no maps, with their names: `net0.bridge`, `rules.0.dport`. */
function leaves(from: object, prefix: string): [string, unknown][] {
  return Object.entries(from).flatMap(([key, value]: [string, unknown]): [string, unknown][] => {
    const isBranch = (isMap(value) && Object.keys(value).length > 0) || (Array.isArray(value) && value.some(isMap))
    return isBranch ? leaves(value, `${prefix}${key}.`) : [[prefix + key, value]]
  })
}

/** Sorts by a field, numbers by value, the rest by text; what lacks the field comes last. A leading `-` turns the order around. */
export function sortBy<T extends object>(items: readonly T[], field: string): T[] {
  const [name, sign] = field.startsWith('-') ? [field.slice(1), -1] : [field, 1]
  const keyed = items.map((item) => ({item, key: sortKey(fieldOf(item as Told, name))}))
  keyed.sort((a, b) => {
    if (a.key === undefined || b.key === undefined) return Number(a.key === undefined) - Number(b.key === undefined)
    return sign * compare(a.key, b.key)
  })
  return keyed.map(({item}) => item)
}

/** Whether objects of these kinds may have a field: one of them has it, a column shows it, or PVE knows a key of that name. */
export async function isField(field: string, items: readonly Item[], kinds: readonly Kind[]): Promise<boolean> {
  if (items.some((item) => fieldOf(item, field) !== undefined)) return true
  const name = withoutPrefix(field)
  if (listedFields(kinds).includes(name)) return true
  const {keyInfo} = await import('../values/keys.js')
  return kinds.some((kind) => keyInfo(kind.name, name.split('.')[0]!).known)
}

/** Names that such a field may have been meant for. */
export function knownFields(items: readonly Item[], kinds: readonly Kind[]): Set<string> {
  const own = items.flatMap((item) => [...Object.keys(item), ...Object.keys(item.config)])
  return new Set([...listedFields(kinds), ...own])
}

function listedFields(kinds: readonly Kind[]): string[] {
  return kinds.flatMap(({columns, facts}) => [...columns.map(({field}) => withoutPrefix(field)), ...facts])
}

function withoutPrefix(field: string): string {
  return field.replace(/^(config|facts)\./, '')
}

function sortKey(value: unknown): string | number | undefined {
  if (typeof value === 'number' || value === undefined) return value
  return typeof value === 'string' ? value : (countOf(value) ?? JSON.stringify(value))
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
}
