import {localKey} from '../resources/index.js'
import type {ClusterState, Config, Observed, Scalar} from '../resources/index.js'
import {fieldName} from '../resources/field-names.js'
import {fingerprint, isMarker, isSetting, markerOf, MASK, namedSecret, secretsIn} from '../secrets/index.js'
import {below, keyAt, type Key} from '../values/keys.js'
import type {Allow} from '../workspace/allow.js'

/** A key that holds a secret, or several; never the secret itself. */
export interface Secret {
  /** `vm/100` */
  object: string
  /** Where it was found first: `config.description`, `running.env`, `snapshots.before`, `extra.note`. */
  field: string
  /** What `allow:` of pmpc.yaml calls it: the key, or `snapshots.NAME`. */
  key: string
  /** `a password`, `a private key, a GitHub token` */
  looksLike: string
}

export interface Withheld extends Secret {
  /** The state before did not have it: it came, or became another one. */
  isNew: boolean
}

/** A state in which markers stand in the place of secrets, and what is needed to take that back. */
export interface Withholding {
  state: ClusterState
  withheld: Withheld[]
  /** Secrets that stand in the state because the one before has them as they are: they are in Git for good. */
  inGit: Secret[]
  /** The state with these secrets as they are. */
  reveal(these: readonly Secret[]): ClusterState
}

/** A text, or a number, in an object, and what the name of a key says of it. */
interface Place {
  field: string
  key: string
  named?: {what: string; word: string} | undefined
}

type Visit = (value: Scalar, place: Place) => Scalar

/**
 * Puts markers in the place of secrets, told by their form or by the name of a key that Proxmox VE does not know. What a rule allows
 * stays, and what the state before holds as it is: to withhold that now would show a change that nobody made.
 * @param state what was read; it leaves this function only by `reveal`
 * @param isRead which objects were read; the others are as they were before, in which secrets were looked for then. All unless given
 */
export async function withhold(
  state: ClusterState,
  {
    before,
    allow = () => false,
    isRead = () => true,
  }: {before?: ClusterState | undefined; allow?: Allow | undefined; isRead?: (object: Observed) => boolean},
): Promise<Withholding> {
  const was = new Map((before?.objects ?? []).map((object) => [localKey(object), object]))
  const found = state.objects.filter(isRead).flatMap((object) => secretsOf(object, was.get(localKey(object)), allow))
  const fingerprints = await fingerprintsOf(found, state.cluster)
  const print = (secret: string) => fingerprints.get(secret)!
  const held = found.filter(({isHeld}) => isHeld)
  const hidden = found.filter(({isHeld}) => !isHeld)
  const replaced = (all: Found[]): ClusterState => {
    const objects = new Set(all.map(({object}) => object))
    const hide = (object: Observed) => without(object, all, print)
    return {...state, objects: state.objects.map((one) => (objects.has(localKey(one)) ? hide(one) : one))}
  }
  return {
    state: replaced(hidden),
    withheld: told(hidden).map((secret) => ({
      ...secret,
      isNew: hidden.some((one) => isIn(one, secret) && !one.was.has(blotted(one, print))),
    })),
    inGit: told(held),
    reveal: (these) => replaced(hidden.filter((one) => !these.some((secret) => isIn(one, secret)))),
  }
}

/** A text that holds secrets. */
interface Found extends Place {
  object: string
  value: Scalar
  secrets: ReturnType<typeof partsOf>
  /** All texts that the state before has under the same key, and whether this is one of them. */
  was: Set<string>
  isHeld: boolean
}

function secretsOf(object: Observed, before: Observed | undefined, allow: Allow): Found[] {
  const found: Found[] = []
  let held: Map<string, Set<string>> | undefined
  mapScalars(object, (value, place) => {
    const secrets = partsOf(value, place)
    if (secrets.length === 0 || allow(localKey(object), place.key)) return value
    held ??= textsByKey(before)
    const was = held.get(place.key) ?? new Set()
    found.push({...place, object: localKey(object), value, secrets, was, isHeld: was.has(String(value))})
    return value
  })
  return found
}

/**
 * The secrets in an object that somebody wishes to be so, and that would be withheld once they were read: neither a rule allows them nor has the state before
 * them as they are.
 */
export function secretsWished(object: Observed, before: Observed | undefined, allow: Allow): Secret[] {
  return told(secretsOf(object, before, allow).filter(({isHeld}) => !isHeld))
}

/** The secrets in an object, with the word for what each looks like; of a manifest, as what a cluster says holds none any more. */
export function secretTexts(object: Observed): Map<string, string> {
  const texts = new Map<string, string>()
  mapScalars(object, (value, place) => {
    for (const part of partsOf(value, place)) texts.set(textOf(value, part), part.word)
    return value
  })
  return texts
}

/** By key, not by field: what was configured may still run after the configuration changed, and is in Git all the same. */
function textsByKey(object: Observed | undefined): Map<string, Set<string>> {
  const texts = new Map<string, Set<string>>()
  if (object)
    mapScalars(object, (value, {key}) => {
      texts.set(key, (texts.get(key) ?? new Set()).add(String(value)))
      return value
    })
  return texts
}

/** The secret parts of a text, in order: all of it where the key's name says so. */
function partsOf(value: Scalar, {named}: Place): {what: string; word: string; start: number; end: number}[] {
  if (named && !isSetting(value))
    return value === MASK || isMarker(value) ? [] : [{...named, start: 0, end: String(value).length}]
  if (typeof value !== 'string') return []
  return secretsIn(value).map(({form: {what, word}, start, end}) => ({what, word, start, end}))
}

async function fingerprintsOf(found: Found[], cluster: string): Promise<Map<string, string>> {
  const texts = new Set(found.flatMap(({value, secrets}) => secrets.map((part) => textOf(value, part))))
  const pairs = [...texts].map(async (text): Promise<[string, string]> => [text, await fingerprint(text, cluster)])
  return new Map(await Promise.all(pairs))
}

function textOf(value: Scalar, {start, end}: {start: number; end: number}): string {
  return String(value).slice(start, end)
}

/** A text with markers in the place of its secrets. */
function blotted({value, secrets}: Pick<Found, 'value' | 'secrets'>, print: (secret: string) => string): string {
  const text = String(value)
  let [result, at] = ['', 0]
  for (const part of secrets) {
    result += text.slice(at, part.start) + markerOf(part.word, print(textOf(value, part)))
    at = part.end
  }
  return result + text.slice(at)
}

function without(object: Observed, found: Found[], print: (secret: string) => string): Observed {
  const own = found.filter((one) => one.object === localKey(object))
  return mapScalars(object, (value, {field}) => {
    const one = own.find((candidate) => candidate.field === field && candidate.value === value)
    return one ? blotted(one, print) : value
  })
}

function isIn(one: Secret | Found, {object, key}: Secret): boolean {
  return one.object === object && one.key === key
}

/** One a key, as rules are by key: however many secrets are in it, and whether they are configured or run. */
function told(found: Found[]): Secret[] {
  const first = found.filter((one, at) => found.findIndex((other) => isIn(other, toSecret(one, ''))) === at)
  return first.map((one) => {
    const all = found.filter((other) => isIn(other, toSecret(one, '')))
    return toSecret(one, [...new Set(all.flatMap(({secrets}) => secrets.map(({what}) => what)))].join(', '))
  })
}

function toSecret({object, field, key}: Found, looksLike: string): Secret {
  return {object, field, key, looksLike}
}

/**
 * An object with each of its texts and numbers as `visit` gives it back; a copy. Facts are names and figures, and stay out of it.
 * Not only the keys that are made for free text: a container's `env` (PVE 9.1), raw `lxc.*` lines and a storage's mount `options` hold
 * passwords as easily as a description or `args` do.
 */
function mapScalars(object: Observed, visit: Visit): Observed {
  const {kind, config, running, snapshots, extra} = object
  const root = keyAt(kind, [])
  const ofPart = <T>(part: string, values: Record<string, T>): Record<string, T> =>
    mapEntries(values, (value, key) => {
      const inside = below(root, key)
      const place = {field: fieldName(part, key), key, named: namedIn(inside, key, value)}
      return mapDeep(value, place, visit, inside) as T
    })
  const result: Observed = {...object, config: ofPart('config', config) as Config}
  if (running) result.running = ofPart('running', running)
  if (extra)
    result.extra = mapEntries(extra, (value, key) =>
      mapDeep(value, {field: fieldName('extra', key), key, named: namedSecret(key)}, visit),
    )
  if (snapshots)
    result.snapshots = snapshots.map((snapshot) => {
      const place = {field: fieldName('snapshots', snapshot.name), key: `snapshots.${snapshot.name}`}
      return snapshot.description === undefined
        ? snapshot
        : {...snapshot, description: String(visit(snapshot.description, place))}
    })
  return result
}

/** @param inside what is known of the place; nothing of what PVE returned beside the configuration */
function mapDeep(value: unknown, place: Place, visit: Visit, inside?: Key): unknown {
  if (typeof value === 'string' || typeof value === 'number') return visit(value, place)
  if (Array.isArray(value)) return value.map((item) => mapDeep(item, place, visit, inside))
  if (typeof value !== 'object' || value === null) return value
  return mapEntries(value as Record<string, unknown>, (inner, subkey) => {
    const key = inside && below(inside, subkey)
    const named = isTold(key, inner) ? undefined : (place.named ?? namedSecret(subkey))
    return mapDeep(inner, {...place, named}, visit, key)
  })
}

function namedIn(key: Key, name: string, value: unknown): Place['named'] {
  const named = namedSecret(name)
  return named && !isTold(key, value) ? named : undefined
}

/**
 * Whether row or contract tell what a key is, so that its name says nothing more. Of a name that people gave they tell what is in it: where that
 * is a plain text, as of a header, the name may well say what it is.
 */
function isTold(key: Key | undefined, value: unknown): boolean {
  return key !== undefined && (key.known || key.named || (key.given && typeof value === 'object'))
}

function mapEntries<T>(map: Record<string, T>, change: (value: T, key: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]))
}
