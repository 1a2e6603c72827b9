// The calls of the contracts that the rows of the kinds name, and the keys that these calls know: for the condensed data, and for the test that holds
// the rows against the contracts.
import type {Calls, WholeKind} from '../src/kit/resources/kinds/travels.js'

/** What of a contract is used here. */
export interface Contract {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Method>>>>
}

interface Method {
  readonly parameters?: {readonly properties?: Readonly<Record<string, unknown>>}
  readonly returns?: Returned
}

interface Returned {
  readonly type?: string
  readonly items?: Returned
  readonly properties?: Readonly<Record<string, unknown>>
}

/** The keys of a kind's configuration, or of a part of it. */
export interface KeySource {
  /** The kind's name, or PVE's of a kind of guest; behind a dot the part, as in `change.parts` of the row. */
  readonly table: string
  /** The calls that set them, as the row has them. */
  readonly set: readonly string[]
  /** The calls that tell them, as the row has them. */
  readonly get: readonly string[]
  /** Parameters of these calls that are no keys: the identity, and what says by its place. */
  readonly identity: ReadonlySet<string>
  /** Keys that are not kept. */
  readonly leftOut: ReadonlySet<string>
  /** From a parameter to the key under which its whole value is kept. */
  readonly renamed: Readonly<Record<string, string>>
}

/** Parameters that say how a call is done. */
export const ofTheCall: ReadonlySet<string> = new Set([
  'delete',
  'revert',
  'force',
  'digest',
  'skiplock',
  'background_delay',
  'lock-token',
])

/** The tables of a kind's keys, that of the kind itself first. */
export function keySourcesOf(kind: WholeKind): KeySource[] {
  const {change, list, item, parts = []} = kind
  // A set whose elements have calls of their own is a key like others.
  const named = Object.entries(change.parts ?? {}).filter(([, {elements}]) => !elements)
  const ownParts = named.filter(([name]) => name === '' || change.parts![name]!.valueParameter !== undefined)
  const whole = parts.filter(({key}) => key === undefined || ownParts.some(([name]) => name === key))
  const own: KeySource = {
    table: kind.guest ?? kind.name,
    // Creating a guest takes much that is no configuration; all that is can be changed.
    set: [
      kind.guest ? undefined : change.create,
      change.update,
      ...ownParts.flatMap(([, calls]) => changesOf(calls)),
    ].filter((call) => call !== undefined),
    get: [list?.restIsConfig && change.update ? list.path : undefined, item, ...whole.map(({path}) => path)]
      .filter((path) => path !== undefined)
      .map((path) => `GET ${path}`),
    identity: new Set([
      kind.idKey,
      ...identityOf(change),
      ...ownParts.flatMap(([, calls]) => identityOf(calls)),
      ...kind.facts.filter((fact) => !Object.hasOwn(kind.chosen ?? {}, fact)),
      ...named
        .map(([name]) => name)
        .filter((name) => !name.includes('.') && change.parts![name]!.valueParameter === undefined),
      ...pendingKeyOf(kind),
    ]),
    // What is left out of a guest stands in its file all the same.
    leftOut: kind.guest ? new Set() : leftOutBelow(kind, [...ownParts.map(([name]) => name), '']),
    renamed: Object.fromEntries(
      ownParts.flatMap(([name, {valueParameter}]) => (valueParameter ? [[valueParameter, name]] : [])),
    ),
  }
  const below = named
    .filter(([name]) => !ownParts.some(([one]) => one === name))
    .map(([name, calls]): KeySource => {
      const part = parts.find(({key, members}) => name === key || name === `${key}.${members?.key}`)
      const path = part && (name === part.key ? part.path : part.members?.path)
      return {
        table: `${kind.name}.${name}`,
        set: changesOf(calls),
        get: path ? [`GET ${path}`] : [],
        identity: new Set([
          ...identityOf(calls),
          ...pendingKeyOf(kind),
          ...named.map(([one]) => one.slice(name.length + 1)),
        ]),
        leftOut: leftOutBelow(kind, [name]),
        renamed: {},
      }
    })
  return [own, ...below]
}

const changesOf = ({create, update}: Calls): string[] => [create, update].filter((call) => call !== undefined)

function identityOf({create, update, remove, idParameter}: Calls): string[] {
  const inPaths = [create, update, remove].flatMap((call) =>
    [...(call ?? '').matchAll(/\{([^}]+)\}/g)].map(([, name]) => name!),
  )
  return [...inPaths, ...(idParameter === undefined ? [] : [idParameter])].filter((name) => name !== 'type')
}

function pendingKeyOf({pending}: WholeKind): string[] {
  return pending && 'key' in pending ? [pending.key] : []
}

/** The last keys of what is left out in these places: `rules.*.pos` is `pos` in `rules`. */
function leftOutBelow({leftOut}: WholeKind, places: readonly string[]): Set<string> {
  const found = Object.keys(leftOut).flatMap((path) => {
    const keys = path.split('.').filter((key) => key !== '*')
    return places.includes(keys.slice(0, -1).join('.')) ? [keys.at(-1)!] : []
  })
  return new Set(found)
}

/**
 * The calls of a contract that a call of a row stands for: `{base}` for each scope, and `{type}` for each that there is where the contract spells them out.
 * Those that this version does not have are missing.
 */
export function callsIn(contract: Contract, {scopes = []}: WholeKind, call: string): string[] {
  const [verb, template] = call.split(' ') as [string, string]
  const bases = template.startsWith('{base}') ? scopes.map(({base}) => base!) : ['']
  return [...new Set(bases.flatMap((base) => pathsLike(contract, template.replace('{base}', base), verb)))].map(
    (path) => `${verb} ${path}`,
  )
}

function pathsLike({paths}: Contract, template: string, verb: string): string[] {
  const all = Object.keys(paths).filter((path) => paths[path]![verb])
  const parts = template.split('/')
  const like = (fits: (given: string, part: string) => boolean) =>
    all.filter((path) => {
      const given = path.split('/')
      return given.length === parts.length && given.every((one, index) => fits(one, parts[index]!))
    })
  const isFilled = (part: string) => part.startsWith('{')
  const exact = like((given, part) => (isFilled(part) ? isFilled(given) : given === part))
  return exact.length > 0 ? exact : like((given, part) => isFilled(part) || given === part)
}

/** The keys that a call of a contract sets or tells, with their schemas. */
export function keysIn(contract: Contract, call: string, table: string): Record<string, unknown> {
  const [verb, path] = call.split(' ') as [string, string]
  const method = contract.paths[path]?.[verb]
  if (verb !== 'GET') {
    const given = Object.entries(method?.parameters?.properties ?? {})
    return Object.fromEntries(given.filter(([name]) => !path.includes(`{${name}}`)))
  }
  const {items, properties = {}} = method?.returns ?? {}
  if (items) return {...items.properties}
  // An answer of several lists: each is of the part of its name, or of the kind.
  const lists = Object.entries(properties).filter(([, schema]) => (schema as Returned).items?.properties)
  if (lists.length === 0) return {...properties}
  const part = table.split('.')[1]
  const meant = lists.find(([name]) => name === part) ?? lists[0]!
  return {...(meant[1] as Returned).items!.properties}
}
