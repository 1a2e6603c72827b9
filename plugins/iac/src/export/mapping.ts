import {PmpcError} from 'pmpc/kit/errors'
import {CLUSTER_NAME, shellWord} from 'pmpc/kit/files'
import {manifestTools, nearest} from 'pmpc/kit/workspace'

/** What each name is in the other cluster; `*` stands for all that are not there. */
export type Names = Readonly<Record<string, string>>

/** The parts in which each name that is used has to stand. */
export const strictParts = ['nodes', 'storages', 'bridges'] as const
export type StrictPart = (typeof strictParts)[number]

/** How things are called in another cluster: `mapping.yaml`; docs/iac.md, "Another cluster". */
export interface Mapping extends Readonly<Record<StrictPart, Names>> {
  /** The recorded cluster that is taken; undefined where there is one only. */
  readonly from?: string
  /** What the other one is called. */
  readonly cluster: string
  /** Where its API is: an origin. */
  readonly endpoint: string
  /** What is not there keeps its name. */
  readonly pools: Names
  readonly ids: Readonly<Record<string, number>>
  /** Is added to VMIDs that `ids` does not name. */
  readonly offset: number
  /** Network cards keep their addresses. */
  readonly keepsMacs: boolean
  /** Words that mean the objects that are taken; none are all. */
  readonly only: readonly string[]
}

interface Problem {
  message: string
  line: number
  column: number
}

type Path = readonly (string | number)[]
type Fields = Record<string, unknown>

const known = ['from', 'cluster', 'endpoint', ...strictParts, 'ids', 'offset', 'pools', 'macs', 'only']

/**
 * Reads a mapping.
 * @param path of the file, as it is told to people
 * @throws PMPC_MAP with line and column of everything wrong
 */
export async function parseMapping(text: string, path: string): Promise<Mapping> {
  const {parseTree, plainOf, positionOf} = await manifestTools()
  const tree = parseTree(text.replace(/^\uFEFF/, ''))
  const problems: Problem[] = tree.documents.flatMap(({errors}) =>
    errors.map(({message, pos: [offset]}) => {
      const {line, col: column} = tree.lines.linePos(offset)
      return {message, line, column}
    }),
  )
  if (problems.length > 0) throw mapError(path, problems)
  const complain = (at: Path, message: string) => void problems.push({message, ...positionOf(tree, at)})
  if (tree.documents.length > 1) complain([], 'it must be one YAML document')
  const mapping = new Reader(tree.documents[0] ? plainOf(tree.documents[0]) : null, complain).read()
  if (problems.length > 0) throw mapError(path, problems)
  return mapping
}

class Reader {
  constructor(
    private readonly plain: unknown,
    private readonly complain: (at: Path, message: string) => void,
  ) {}

  read(): Mapping {
    if (!isFields(this.plain)) this.complain([], 'it must be a map that names cluster and endpoint')
    const fields = isFields(this.plain) ? this.plain : {}
    for (const key of Object.keys(fields)) if (!known.includes(key)) this.unknown(key)
    return {
      ...this.from(fields),
      cluster: this.cluster(fields),
      endpoint: this.endpoint(fields),
      nodes: this.names(fields, 'nodes'),
      storages: this.names(fields, 'storages'),
      bridges: this.names(fields, 'bridges'),
      pools: this.names(fields, 'pools'),
      ids: this.ids(fields),
      offset: this.offset(fields),
      keepsMacs: this.macs(fields),
      only: this.selectors(fields),
    }
  }

  private unknown(key: string): void {
    const meant = nearest(key, known)
    this.complain(
      [key],
      `key ${key} is not known here; ${meant ? `did you mean ${meant}?` : `expected ${known.join(', ')}`}`,
    )
  }

  private from({from}: Fields): {from?: string} {
    if (from === undefined) return {}
    if (typeof from === 'string') return {from}
    this.complain(['from'], 'from must be the name of a cluster of pmpc.yaml')
    return {}
  }

  private cluster({cluster}: Fields): string {
    if (typeof cluster === 'string' && CLUSTER_NAME.test(cluster) && cluster.length <= longest) return cluster
    const words = `lower-case letters, digits and -, a letter first, ${longest} at most`
    this.complain(['cluster'], `cluster must be the name of the other cluster: ${words}`)
    return ''
  }

  private endpoint({endpoint}: Fields): string {
    const url = typeof endpoint === 'string' && URL.canParse(endpoint) ? new URL(endpoint) : undefined
    const isPlain = url?.protocol === 'https:' && url.username + url.password + url.search + url.hash === ''
    if (isPlain && url.pathname === '/') return url.origin
    this.complain(['endpoint'], 'endpoint must be where the API of the other cluster is, as in https://192.0.2.20:8006')
    return ''
  }

  private names(fields: Fields, part: string): Names {
    return Object.fromEntries(
      this.entries(fields, part).flatMap(([name, value]) => {
        if (typeof value === 'string' && isName.test(value)) return [[name, value]]
        this.complain([part, name], `${name} must be mapped to a name`)
        return []
      }),
    )
  }

  private ids(fields: Fields): Record<string, number> {
    return Object.fromEntries(
      this.entries(fields, 'ids').flatMap(([id, value]) => {
        if (isId.test(id) && isId.test(String(value))) return [[id, Number(value)]]
        this.complain(['ids', id], 'ids must map VMIDs to VMIDs, as in 100: 9100')
        return []
      }),
    )
  }

  private entries(fields: Fields, part: string): [string, unknown][] {
    const value = fields[part]
    if (value === undefined || value === null) return []
    if (isFields(value)) return Object.entries(value)
    this.complain([part], `${part} must be a map, as in {this: that}`)
    return []
  }

  private offset({offset}: Fields): number {
    if (offset === undefined) return 0
    if (typeof offset === 'number' && Number.isSafeInteger(offset)) return offset
    this.complain(['offset'], 'offset must be a whole number, which is added to each VMID')
    return 0
  }

  private macs({macs}: Fields): boolean {
    if (macs !== undefined && macs !== 'keep')
      this.complain(['macs'], 'macs must be keep, or not be there: cards get other addresses then')
    return macs === 'keep'
  }

  private selectors({only}: Fields): string[] {
    const words = only === undefined ? [] : [only].flat()
    if (words.every((word) => typeof word === 'string')) return words
    this.complain(['only'], 'only must be a list of objects, as in [vm/100, "tag=web"]')
    return []
  }
}

/** Characters of a cluster's name: it is a folder. */
const longest = 63

const isName = /^[^\s:,]+$/
const isId = /^[1-9]\d{2,8}$/

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** All that is wrong in a mapping at once. */
function mapError(path: string, found: readonly Problem[]): PmpcError {
  const problems = [...found].sort((a, b) => a.line - b.line || a.column - b.column)
  const lines = problems.map(({message, line, column}) => `${path}:${line}:${column}: ${message}`)
  return new PmpcError(
    'PMPC_MAP',
    lines.length === 1 ? lines[0]! : `${path} cannot be used:\n  ${lines.join('\n  ')}`,
    {suggestions: [`"\${EDITOR:-vi}" ${shellWord(path)}   # line ${problems[0]!.line}`], data: {path, problems}},
  )
}

/** Names that are used and that the mapping does not have. */
export interface Lack {
  part: StrictPart
  name: string
  /** The objects that use it, by their names in the recorded cluster. */
  objects: readonly string[]
}

/** That all names are mapped is looked at before anything is written. @throws PMPC_MAP with the lines to add */
export function refuseLacks(path: string, lacks: readonly Lack[]): void {
  if (lacks.length === 0) return
  const missing = strictParts.flatMap((part) => {
    const names = lacks.filter((lack) => lack.part === part).sort((a, b) => (a.name < b.name ? -1 : 1))
    return names.length === 0
      ? []
      : [`${part}:`, ...names.map(({name, objects}) => `  ${asKey(name)}: …   # ${usedBy(objects)}`)]
  })
  throw new PmpcError(
    'PMPC_MAP',
    `${path} does not say what these are in the other cluster; add:\n  ${missing.join('\n  ')}`,
    {
      suggestions: [
        `"\${EDITOR:-vi}" ${shellWord(path)}   # a name that is the same there: NAME: NAME; all others: "*": NAME`,
      ],
      data: {path, lacks},
    },
  )
}

const usedBy = ([first = '', ...more]: readonly string[]): string =>
  more.length === 0 ? first : `${first} and ${more.length} more`

const asKey = (name: string): string => (/^[A-Za-z][\w.-]*$/.test(name) ? name : JSON.stringify(name))

/** VMIDs of Proxmox VE (pve-common, PVE/JSONSchema.pm (pve-vmid)). @throws PMPC_MAP for guests that would have none of these */
export function refuseIds(path: string, guests: readonly {from: string; id: string | number}[]): void {
  const wrong = guests.filter(({id}) => !isId.test(String(id)))
  if (wrong.length === 0) return
  const lines = wrong.slice(0, few).map(({from, id}) => `${from} would be ${id}`)
  const more = wrong.length > few ? ` and ${wrong.length - few} more` : ''
  throw new PmpcError('PMPC_MAP', `${path}: ${lines.join(', ')}${more}: VMIDs are 100 to 999999999`, {
    suggestions: [`"\${EDITOR:-vi}" ${shellWord(path)}   # offset: and ids:`],
    data: {path, guests: wrong},
  })
}

/** How many guests are named. */
const few = 5

/** No two objects may become one. @throws PMPC_MAP */
export function refuseTwins(path: string, twins: readonly {name: string; objects: readonly string[]}[]): void {
  if (twins.length === 0) return
  const lines = twins.map(({name, objects}) => `${objects.join(' and ')} would both be ${name}`)
  throw new PmpcError('PMPC_MAP', `${path}: ${lines.join('; ')}`, {
    suggestions: [`"\${EDITOR:-vi}" ${shellWord(path)}   # ids: and pools: give each its own`],
    data: {path, twins},
  })
}
