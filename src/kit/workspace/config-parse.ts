import {isPmpcError} from '../errors/index.js'
import type {Trust} from '../proxmox/index.js'
import {consequences, type Consequence} from '../resources/kinds/travel.js'
import {kinds, kindsNamed} from '../resources/kinds/index.js'
import type {KindName} from '../resources/model.js'
import {parseRefs} from '../resources/refs.js'
import type {
  AllowRule,
  ClusterConfig,
  CodeSettings,
  Conditions,
  IgnoreRule,
  PolicyRule,
  ReadSettings,
  WorkspaceConfig,
} from './config.js'
import {healthIn} from './config-health.js'
import {configError, type ConfigProblem} from './config-error.js'
import {CLUSTER_NAME} from '../files/names.js'
import {kindNames, unknownKind} from './kind-words.js'
import {conflictMarkerInYaml, MARKERS_LEFT} from './lines.js'
import {withoutMark} from './manifests.js'
import {nearest} from '../errors/nearest.js'
import {parseTree, plainOf, positionOf} from './tree.js'
import type {Tree} from './tree.js'
import {isPlainMap} from './emit.js'
import type {Plain} from './emit.js'

/** A pair's value, and how to say where it stands. */
interface Entry {
  value: Plain
  path: (string | number)[]
}

type Map = {[key: string]: Plain}

const topKeys = ['version', 'clusters', 'kinds', 'read', 'ignore', 'allow', 'policy', 'iac', 'health']
const conditionKeys = ['kind', 'id', 'guest', 'pool', 'tag']

const SECRET = /secret|passw|passphrase|credential|private|api-?key/i
const COMMAND = /^(?:command|cmd|exec|run|script|shell|token-?command)$/i
const TOKEN = /^[^\s@!=]+@[A-Za-z][\w.-]+(?:![A-Za-z][\w.-]+)?$/

/** Reads and checks the text of pmpc.yaml. @throws PMPC_CONFIG */
export function parseConfig(text: string): WorkspaceConfig {
  const tree = parseTree(withoutMark(text).body)
  const reader = new ConfigReader(tree)
  const config = reader.read()
  if (reader.problems.length > 0)
    throw configError(reader.problems.sort((a, b) => a.line - b.line || a.column - b.column))
  return config
}

/** The same; undefined where it cannot be read. For texts that were just edited, to compare them with what was meant. */
export function parsedOrNothing(text: string): WorkspaceConfig | undefined {
  try {
    return parseConfig(text)
  } catch {
    return undefined
  }
}

class ConfigReader {
  readonly problems: ConfigProblem[] = []
  /** Paths of keys that a mistyped one stands for: that they are missing need not be said too. */
  private readonly meant = new Set<string>()

  constructor(private readonly tree: Tree) {}

  read(): WorkspaceConfig {
    const config: WorkspaceConfig = {version: 1, clusters: {}, ignore: [], allow: [], policy: []}
    const marker = conflictMarkerInYaml(this.tree.text)
    if (marker !== undefined) {
      this.problems.push({message: MARKERS_LEFT, line: marker, column: 1})
      return config
    }
    for (const error of this.tree.documents.flatMap((document) => document.errors)) {
      this.problems.push({message: error.message, ...this.at(error.pos[0])})
    }
    if (this.problems.length > 0) return config
    if (this.tree.documents.length > 1) this.complain([], 'it must be one YAML document')
    const plain = this.plain()
    if (!isPlainMap(plain)) {
      this.complain([], 'it must be a map that begins with version: 1')
      return config
    }
    const fields = this.map({value: plain, path: []}, topKeys)
    this.version(fields)
    for (const [name, entry] of this.entries(fields, 'clusters')) {
      const cluster = this.cluster(name, entry)
      if (cluster) config.clusters[name] = cluster
    }
    config.ignore = [...this.rules(fields), ...this.leftOut(fields)]
    config.allow = this.allowed(fields)
    config.policy = this.policy(fields)
    const read = this.reading(fields)
    if (read) config.read = read
    const iac = this.code(fields)
    if (iac) config.iac = iac
    const health = healthIn(
      fields.health,
      (entry, known) => this.map(entry, known),
      (path, message) => this.complain(path, message),
    )
    if (health) config.health = health
    return config
  }

  private plain(): Plain {
    try {
      return this.tree.documents[0] ? plainOf(this.tree.documents[0]) : null
    } catch (error) {
      if (!isPmpcError(error)) throw error
      this.complain([], error.message)
      return {}
    }
  }

  private version({version}: Map): void {
    if (version === 1) return
    if (typeof version === 'number' && version > 1) this.complain(['version'], `version ${version} is of a newer pmpc`)
    else this.complain(['version'], 'it must say version: 1')
  }

  private entries(fields: Map, key: string): [string, Entry][] {
    const value = fields[key]
    if (value === undefined || value === null) return []
    if (isPlainMap(value))
      return Object.entries(value).map(([name, inner]) => [name, {value: inner, path: [key, name]}])
    this.complain([key], `${key} must be a map of names`)
    return []
  }

  /** The fields of a map; unknown ones are complained of, and secrets and commands most of all. */
  private map({value, path}: Entry, known: string[]): Map {
    if (!isPlainMap(value)) {
      this.complain(path, `${path.join('.')} must be a map of ${known.join(', ')}`)
      return {}
    }
    for (const key of Object.keys(value)) if (!known.includes(key)) this.unknown([...path, key], key, known)
    return value
  }

  private unknown(path: (string | number)[], key: string, known: string[]): void {
    if (SECRET.test(key)) {
      const advice = 'keep it with: pmpc auth login'
      return this.complain(
        path,
        `${key} looks like a secret, and nothing secret may stand in the repository; ${advice}`,
      )
    }
    if (COMMAND.test(key)) {
      const advice = "a command is taken from the user's own configuration only: pmpc auth login"
      return this.complain(path, `${key} is refused: a repository may not name commands; ${advice}`)
    }
    const meant = nearest(key, known)
    if (meant) this.meant.add([...path.slice(0, -1), meant].join('.'))
    this.complain(
      path,
      `key ${key} is not known here; ${meant ? `did you mean ${meant}?` : `expected ${known.join(', ')}`}`,
    )
  }

  private cluster(name: string, entry: Entry): ClusterConfig | undefined {
    if (!CLUSTER_NAME.test(name)) {
      this.complain(
        entry.path,
        `cluster name "${name}" must be lower-case letters, digits and -, and begin with a letter`,
      )
    }
    const fields = this.map(entry, ['endpoints', 'token', 'trust'])
    const endpoints = this.endpoints(fields.endpoints, [...entry.path, 'endpoints'])
    const token = this.token(fields.token, [...entry.path, 'token'])
    const trust = this.trust(fields.trust, [...entry.path, 'trust'])
    return trust && token !== undefined ? {endpoints, token, trust} : undefined
  }

  private endpoints(value: Plain | undefined, path: (string | number)[]): string[] {
    const list = typeof value === 'string' ? [value] : value
    if (!Array.isArray(list) || list.length === 0) {
      this.complain(path, 'endpoints must be a list of URLs, as in [https://192.0.2.10:8006]')
      return []
    }
    return list.flatMap((item, i) => this.endpoint(item, typeof value === 'string' ? path : [...path, i]) ?? [])
  }

  private endpoint(value: Plain, path: (string | number)[]): string | undefined {
    const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined
    if (!url) this.complain(path, 'an endpoint must be a URL, as in https://192.0.2.10:8006')
    else if (url.protocol !== 'https:')
      this.complain(path, 'an endpoint must be https: the token would else be sent in the clear')
    else if (url.username || url.password) this.complain(path, 'an endpoint must hold no user and no password')
    else if (url.pathname !== '/' || url.search || url.hash) {
      this.complain(path, `an endpoint is a host and a port: ${url.origin}`)
    } else return url.origin
    return undefined
  }

  private token(value: Plain | undefined, path: (string | number)[]): string | undefined {
    if (typeof value === 'string' && TOKEN.test(value)) return value
    const secret = typeof value === 'string' && /=|[0-9a-f]{8}-[0-9a-f]{4}-/i.test(value)
    const what = 'token must be the id of an API token, as in pmpc@pve!sync'
    this.complain(path, secret ? `${what}, without its secret: keep that with pmpc auth login` : what)
    return undefined
  }

  private trust(value: Plain | undefined, path: (string | number)[]): Trust | undefined {
    const ways = ['ca', 'fingerprint', 'system', 'caFile']
    if (value === undefined || value === null) {
      this.complain(path, 'trust is missing: why this endpoint is believed to be the cluster; pmpc init pins its CA')
      return undefined
    }
    const fields = this.map({value, path}, ways)
    const given = ways.filter((way) => fields[way] !== undefined && fields[way] !== null)
    if (given.length !== 1) {
      this.complain(path, `trust must be exactly one of ${ways.join(', ')}`)
      return undefined
    }
    return this.oneTrust(given[0]!, fields[given[0]!]!, [...path, given[0]!])
  }

  private oneTrust(way: string, value: Plain, path: (string | number)[]): Trust | undefined {
    if (way === 'system') {
      if (value === true) return {system: true}
      this.complain(path, 'system must be true, or not be there')
    } else if (typeof value !== 'string' || value === '') {
      this.complain(path, `${way} must be a text`)
    } else if (way === 'caFile') {
      return {caFile: value}
    } else if (way === 'ca') {
      if (value.includes('PRIVATE KEY'))
        this.complain(path, 'ca holds a private key; only the certificate belongs here')
      else if (!value.includes('-----BEGIN CERTIFICATE-----'))
        this.complain(path, 'ca must be a certificate in PEM form')
      else return {ca: value}
    } else {
      const digits = value.replaceAll(':', '').toUpperCase()
      if (/^[0-9A-F]{64}$/.test(digits)) return {fingerprint: digits.match(/../g)!.join(':')}
      this.complain(path, 'fingerprint must be SHA-256: 32 pairs of hexadecimal digits')
    }
    return undefined
  }

  private rules({ignore}: Map): IgnoreRule[] {
    if (ignore === undefined || ignore === null) return []
    if (!Array.isArray(ignore)) {
      this.complain(['ignore'], 'ignore must be a list of rules, as in - {tag: ephemeral}')
      return []
    }
    return ignore.map((value, i) => this.rule({value, path: ['ignore', i]}))
  }

  private rule(entry: Entry): IgnoreRule {
    const fields = this.map(entry, ['key', ...conditionKeys])
    if (isPlainMap(entry.value) && Object.keys(fields).length === 0) {
      this.complain(entry.path, 'a rule without a condition would ignore everything')
    }
    const {key} = fields
    const rule: IgnoreRule = this.conditions(fields, entry.path)
    if (typeof key === 'string' || typeof key === 'number') rule.key = String(key)
    else if (key !== undefined) this.complain([...entry.path, 'key'], 'key must be a text')
    return rule
  }

  /** Which objects a rule is about. */
  private conditions({kind, id, guest, pool, tag}: Map, path: (string | number)[]): Conditions {
    const conditions: Conditions = {}
    if (kinds.some(({name}) => name === kind)) conditions.kind = kind as KindName
    else if (kind !== undefined) this.complain([...path, 'kind'], unknownKind(kind, kindNames))
    if (Number.isInteger(guest) && (guest as number) > 0) conditions.guest = guest as number
    else if (guest !== undefined) this.complain([...path, 'guest'], 'guest must be a VMID')
    for (const [name, value] of Object.entries({id, pool, tag}) as ['id' | 'pool' | 'tag', Plain | undefined][]) {
      if (typeof value === 'string' || typeof value === 'number') conditions[name] = String(value)
      else if (value !== undefined) this.complain([...path, name], `${name} must be a text`)
    }
    if (id !== undefined && kind === undefined)
      this.complain([...path, 'id'], 'id needs the kind, as in - {kind: role, id: Night}')
    return conditions
  }

  /** What is not among `kinds:` is left out as by a rule. */
  private leftOut({kinds: wanted}: Map): IgnoreRule[] {
    if (wanted === undefined || wanted === null) return []
    const list = typeof wanted === 'string' ? [wanted] : wanted
    if (!Array.isArray(list) || list.length === 0) {
      this.complain(['kinds'], 'kinds must be a list of kinds, as in [vm, container]; without it all are kept')
      return []
    }
    const named = list.flatMap((word, i) => {
      const found = typeof word === 'string' ? kindsNamed(word) : []
      if (found.length === 0) this.complain(Array.isArray(wanted) ? ['kinds', i] : ['kinds'], unknownKind(word))
      return found.map(({name}) => name)
    })
    return kinds.flatMap(({name}) => (named.includes(name) ? [] : [{kind: name}]))
  }

  private reading(fields: Map): ReadSettings | undefined {
    return this.choice(fields, 'read', 'guestFirewalls')
  }

  private code(fields: Map): CodeSettings | undefined {
    return this.choice(fields, 'iac', 'auto')
  }

  /** A map of one key, which is true or false. */
  private choice<Key extends string>(fields: Map, part: string, key: Key): {[key in Key]?: boolean} | undefined {
    const value = fields[part]
    if (value === undefined || value === null) return undefined
    const chosen = this.map({value, path: [part]}, [key])[key]
    if (chosen === undefined || chosen === null) return {}
    if (typeof chosen === 'boolean') return {[key]: chosen} as {[key in Key]?: boolean}
    this.complain([part, key], `${key} must be true or false`)
    return undefined
  }

  private allowed({allow, clusters}: Map): AllowRule[] {
    if (allow === undefined || allow === null) return []
    if (!Array.isArray(allow)) {
      this.complain(['allow'], 'allow must be a list of objects with a key, as in - {object: vm/100, key: description}')
      return []
    }
    const names = isPlainMap(clusters) ? Object.keys(clusters) : []
    return allow.flatMap((value, i) => {
      const path = ['allow', i]
      const {object, key} = this.map({value, path}, ['object', 'key'])
      if (!isPlainMap(value)) return []
      const named = typeof object === 'string' && /^[^/]+\/./.test(object) && parseRefs(object, names) !== undefined
      if (!named) this.complain([...path, 'object'], 'object must name one object, as in vm/100 or home/vm/100')
      const isText = (typeof key === 'string' && key !== '') || typeof key === 'number'
      if (!isText) this.complain([...path, 'key'], 'key must be a key of the object, as in description')
      return named && isText ? [{object, key: String(key)}] : []
    })
  }

  private policy({policy}: Map): PolicyRule[] {
    if (policy === undefined || policy === null) return []
    if (!Array.isArray(policy)) {
      this.complain(['policy'], 'policy must be a list of rules, as in - {tag: prod, never: [destroys-data]}')
      return []
    }
    return policy.flatMap((value, i) => {
      const path = ['policy', i]
      const fields = this.map({value, path}, [...conditionKeys, 'never'])
      return isPlainMap(value) ? [{...this.conditions(fields, path), never: this.never(fields.never, path)}] : []
    })
  }

  /** What never must happen. Without a word the rule would forbid nothing, and people would believe it did. */
  private never(never: Plain | undefined, path: (string | number)[]): Consequence[] {
    const words = Array.isArray(never) ? never : never === undefined || never === null ? [] : [never]
    const known = `never must be a list of what a change can do: ${consequences.join(', ')}`
    if (words.length === 0) this.complain([...path, 'never'], known)
    return words.flatMap((word, i) => {
      const found = consequences.find((each) => each === word)
      const meant = typeof word === 'string' ? nearest(word, consequences) : undefined
      const at = Array.isArray(never) ? [...path, 'never', i] : [...path, 'never']
      if (!found) this.complain(at, meant ? `${String(word)} is no consequence; did you mean ${meant}?` : known)
      return found ?? []
    })
  }

  private complain(path: (string | number)[], message: string): void {
    if (this.meant.has(path.join('.'))) return
    this.problems.push({message, ...positionOf(this.tree, path)})
  }

  private at(offset: number): {line: number; column: number} {
    const {line, col} = this.tree.lines.linePos(offset)
    return {line, column: col}
  }
}
