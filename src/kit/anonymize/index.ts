import {macOf, parse4, parse6, parseMac, print4, print6, printMac} from './addresses.js'
import {bytesOf, lower} from './bytes.js'
import {commonWords} from './common-words.js'
import {Families} from './families.js'
import type {Located, Met} from './found.js'
import {Locator, type Name} from './locate.js'
import type {Anonymizer, ByteString, Count, Find, FindKind, Known, Pair, Rules} from './model.js'
import {Pairs} from './pairs.js'
import {Pseudonyms} from './pseudonyms.js'
import {Runs} from './runs.js'
import {withoutColours} from './views.js'
import {isOrdinary, topLevel} from './words.js'

export {bytesOf, textOf} from './bytes.js'
export {knownOf} from './known.js'
export {leftovers} from './leftovers.js'
export {restorer} from './restore.js'
export type {AnonymizedFiles, HandedFile} from './handed.js'
export type * from './model.js'

export const defaultRules: Rules = {
  allow: [],
  block: [],
  patterns: [],
  notes: 'scan',
  vendors: 'hide',
  unknown: 'hide',
  strict: false,
}

/** What an anonymizer works with. */
export interface Means {
  /** 32 bytes; whoever has them can tell which pseudonym a value that they guess has. */
  key: Buffer
  /** Of earlier runs. */
  pairs: readonly Pair[]
  rules: Rules
  known: readonly Known[]
}

/** How a pseudonym begins, that is a label: with no letter that means something else behind a backslash (`\\n`). */
const labels: Partial<Record<FindKind, string>> = {
  host: 'host',
  domain: 'd',
  user: 'user',
  realm: 'auth',
  name: 'item',
  path: 'path',
  person: 'person',
  iqn: 'lun',
  custom: 'custom',
}

/** Of two kinds that one name has, the first here counts. */
const ranks: readonly FindKind[] = [
  'host',
  'user',
  'realm',
  'domain',
  'name',
  'person',
  'path',
  'custom',
  'serial',
  'mac',
]

/** A byte that expressions take for a blank is half of a letter here (`\u00e0` in UTF-8): it reads as another. */
const readable = (text: ByteString): ByteString =>
  text.includes('\u00a0') ? text.replaceAll('\u00a0', '\u00a1') : text

/** A full name label by label, as texts have them: what it shares with others it shares afterwards. */
function labelsOf(known: Known): Known[] {
  if (!known.value.includes('.') || !['host', 'domain'].includes(known.kind)) return [known]
  return known.value
    .split('.')
    .filter((label) => label !== '' && !topLevel.has(lower(label)))
    .map((value, i) => ({...known, kind: i === 0 ? known.kind : 'domain', value}))
}

function countsOf(met: readonly Met[]): Count[] {
  const counts = new Map<FindKind, Count>()
  for (const {kind, found, likely} of met) {
    const count = counts.get(kind) ?? {kind, found: 0, different: 0, likely: 0}
    counts.set(kind, {kind, found: count.found + found, different: count.different + 1, likely: count.likely + likely})
  }
  return [...counts.values()]
}

/** Begins a run. @see Anonymizer */
export function openAnonymizer({key, pairs: earlier, rules, known}: Means): Anonymizer & {pairs(): Pair[]} {
  const pairs = new Pairs(earlier)
  const pseudonyms = new Pseudonyms(key)
  const names = new Runs<Name>(true)
  /** What was met in this run, by how it is spelled. */
  const met = new Map<string, Met>()
  const families = new Families()
  const locator = new Locator(rules, names, (word) => {
    const first = word.charCodeAt(0)
    if (word.length < 64 && first > 0x40) {
      const label = /^[A-Za-z][A-Za-z0-9-]*(?:[A-Za-z-]\d{1,3}|-[A-Za-z0-9]+)(?=$|[.:@])/.exec(word)
      if (label) learnHosts(lower(label[0]), false)
    }
    const match = mayLookTaken.test(word) ? looksTaken.exec(word) : undefined
    if (match) pairs.take(match[0])
  })

  function learnHosts(word: string, isHost: boolean): void {
    for (const host of families.meet(word, isHost)) if (!names.get(host)) learnName('host', host, false)
  }

  function learnName(kind: FindKind, value: string, isWeak: boolean): void {
    const small = lower(value)
    const before = names.get(small)
    const isHigher = !before || ranks.indexOf(kind) < ranks.indexOf(before.kind)
    if (before && !isHigher && (before.isWeak === isWeak || isWeak) && !before.isCapital) return
    const isCapital = kind === 'person' && (before === undefined || before.isCapital)
    names.set(small, {kind: isHigher ? kind : before.kind, isWeak: isWeak && (before?.isWeak ?? true), isCapital})
    locator.renamed(small)
    if (kind === 'host' && !isWeak) learnHosts(small, true)
  }

  for (const pair of earlier) {
    const [original, pseudonym] = [parse4(pair.original), parse4(pair.pseudonym)]
    if (original && pseudonym) pseudonyms.recall4(original, pseudonym)
    const [from, to] = [parse6(pair.original), parse6(pair.pseudonym)]
    if (from && to) pseudonyms.recall6(from, to)
    learnNet(pair.original)
    if (labels[pair.kind] !== undefined) learnName(pair.kind, readable(pair.original), isOrdinary(lower(pair.original)))
  }
  for (const one of known.flatMap(labelsOf)) {
    const value = readable(bytesOf(one.value))
    learnName(one.kind, value, one.weak ?? isOrdinary(lower(value), true))
  }
  for (const {text, kind} of rules.block) learnName(kind, readable(bytesOf(text)), false)

  function learnNet(text: string): void {
    const [address = '', length] = text.split('/')
    const octets = length === undefined ? undefined : parse4(address)
    if (octets) pseudonyms.keepOrder({octets, length: Number(length)})
  }

  /** What was learnt from its place, by kind and whether nothing but a name stands there. */
  const learnt = new Map<string, Set<string>>()
  function isNew({kind, isFirm}: Located, value: string): boolean {
    const sort = isFirm ? `${kind}!` : kind
    let values = learnt.get(sort)
    if (!values) learnt.set(sort, (values = new Set()))
    return values.size < values.add(value).size
  }

  function learn(bytes: ByteString): void {
    const text = readable(bytes)
    for (const find of locator.locate(text, false)) {
      const {piece} = find
      if (piece?.isLearnt) continue
      if (piece) piece.isLearnt = true
      const value = text.slice(find.start, find.end)
      if (!piece && !isNew(find, value)) continue
      if (find.isName)
        learnName(find.kind, value, commonWords.has(lower(value)) || isOrdinary(lower(value), find.isFirm))
      else if (find.kind === 'ipv4') learnNet(value)
      else if (find.kind === 'mac') learnName('mac', parseMac(value) ?? value, false)
      else if (find.kind === 'ipv6') {
        const groups = parse6(value)
        const mac = groups && macOf(groups.slice(4))
        if (mac !== undefined) learnName('mac', mac, false)
      }
    }
  }

  /** What is replaced: what stands for something already is not, unless it stands for itself only. */
  function locate(text: ByteString): Located[] {
    return locator.locate(readable(text), true).filter(({start, end, piece}) => {
      if (piece?.met) return true
      const value = text.slice(start, end)
      return met.has(value) || pairs.behind(value) === undefined || pairs.of(value) !== undefined
    })
  }

  /** What stands for a find, and how often it was met. */
  function metOf(find: Located, text: ByteString): Met {
    if (find.piece?.met) return find.piece.met
    const value = text.slice(find.start, find.end)
    let one = met.get(value)
    if (!one) met.set(value, (one = {kind: find.kind, pseudonym: pseudonymOf(find, value), found: 0, likely: 0}))
    if (find.piece) find.piece.met = one
    return one
  }

  /** What stands for a find; the find itself where nothing can. */
  function pseudonymOf({kind: found, spelled}: Located, value: string): string {
    const kind = labels[found] === undefined ? found : (names.get(readable(value))?.kind ?? found)
    return pairs.pair(kind, value, (attempt) => candidate(kind, value, attempt, spelled)).pseudonym
  }

  function candidate(kind: FindKind, value: string, attempt: number, spelled?: 'reverse'): string {
    const made = attempt > 20 ? undefined : makers[kind]?.(value, attempt, spelled)
    if (made !== undefined && made !== value) return made
    const label = labels[kind]
    const joined = attempt === 0 && label !== undefined ? joinedTo(value) : undefined
    if (joined !== undefined) return joined
    if (label === undefined) return `REDACTED-${kind}-${pseudonyms.tag(`${kind} ${value}`, 6 + attempt)}`
    const name = `${label}-${pseudonyms.tag(`name ${lower(value).replaceAll('_', '-')}`, 4 + attempt)}`
    return likeCase(/^[^-]*_[^-]*$/.test(value) ? name.replace('-', '_') : name, value, attempt)
  }

  /** What a host's name and a word of the trade make (`web01-mgmt`): what stands for the host, and the word; undefined where it is nothing such. */
  function joinedTo(value: string): string | undefined {
    for (let at = value.indexOf('-'); at >= 0; at = value.indexOf('-', at + 1))
      for (const [host, word, isFirst] of [
        [value.slice(0, at), value.slice(at + 1), true],
        [value.slice(at + 1), value.slice(0, at), false],
      ] as const) {
        const known = names.get(lower(host))
        if (known?.kind !== 'host' || known.isWeak || !isOrdinary(lower(word))) continue
        const {pseudonym} = pairs.pair('host', host, (attempt) => candidate('host', host, attempt))
        return isFirst ? `${pseudonym}-${word}` : `${word}-${pseudonym}`
      }
    return undefined
  }

  /** The case of a name: all of it, or its first letter; else what stands for it tells by itself how it is spelled. */
  function likeCase(pseudonym: string, value: string, attempt: number): string {
    if (value === lower(value)) return pseudonym
    if (!/[a-z]/.test(value)) return pseudonym.toUpperCase()
    if (value.slice(1) === lower(value.slice(1))) return pseudonym[0]!.toUpperCase() + pseudonym.slice(1)
    return `${pseudonym}${pseudonyms.tag(`case ${value}`, 3 + attempt)}`
  }

  const alike = (value: string, attempt: number): string => {
    const bytes = pseudonyms.bytes(`alike ${lower(value)} ${attempt}`)
    let next = 0
    return value.replaceAll(/[A-Za-z0-9]/g, (character) => {
      const byte = bytes[next % 32]! ^ Math.imul(next >> 5, 97)
      next++
      if (/\d/.test(character)) return String((byte & 255) % 10)
      const [first, size] = /[a-f]/i.test(value) && /^[0-9a-fx-]+$/i.test(value) ? [97, 6] : [97, 26]
      const letter = String.fromCharCode(first + ((byte & 255) % size))
      return /[A-Z]/.test(character) ? letter.toUpperCase() : letter
    })
  }

  const makers: Partial<Record<FindKind, (value: string, attempt: number, spelled?: 'reverse') => string | undefined>> =
    {
      ipv4(value, attempt, spelled) {
        if (attempt > 0) return undefined
        const [address = '', length] = value.split('/')
        const separator = /[.\-_]/.exec(address)?.[0] ?? '.'
        // Of a name in the DNS, or the beginning of an address: 192.168.7 of 192.168.7.*
        if (spelled === 'reverse' || /^\d+\.\d+(?:\.\d+)?$/.test(address)) {
          const turned = (all: number[]) => (spelled === 'reverse' ? all.reverse() : all)
          const octets = turned(address.split('.').map(Number))
          const zeros = Array<number>(4 - octets.length).fill(0)
          const made = pseudonyms.ipv4([...octets, ...zeros], octets.length * 8)?.slice(0, octets.length)
          return made && turned(made).join('.')
        }
        const octets = parse4(plain(address), separator)
        const made = octets && pseudonyms.ipv4(octets, length === undefined ? 32 : Number(length))
        return made && print4(made, address, separator) + (length === undefined ? '' : `/${length}`)
      },
      ipv6(value, attempt, spelled) {
        if (attempt > 0) return undefined
        if (spelled === 'reverse') {
          const nibbles = value.split('.').reverse().join('')
          const groups = nibbles
            .padEnd(32, '0')
            .match(/.{4}/g)!
            .map((group) => Number.parseInt(group, 16))
          const made = pseudonyms.ipv6(groups, nibbles.length * 4)
          const digits = made?.map((group) => group.toString(16).padStart(4, '0')).join('')
          return digits && [...digits.slice(0, nibbles.length)].reverse().join('.')
        }
        const groups = parse6(plain(value))
        if (!groups) {
          // The beginning of one.
          const begun = parse6(`${value}::`)
          const length = value.split(':').length
          const part = begun && pseudonyms.ipv6(begun, length * 16)?.slice(0, length)
          return part?.map((group) => group.toString(16)).join(':')
        }
        if (groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
          const [a, b] = [groups[6]!, groups[7]!]
          const made = pseudonyms.ipv4([a >> 8, a & 255, b >> 8, b & 255])
          return made && print6([0, 0, 0, 0, 0, 0xffff, (made[0]! << 8) | made[1]!, (made[2]! << 8) | made[3]!], value)
        }
        const made = pseudonyms.ipv6(groups)
        return made && print6(made, value)
      },
      mac(value, attempt) {
        // An interface may be called by its card: enx001122334455.
        const [, before = '', address = ''] = /^((?:enx|wlx|hwaddr[_-]?|mac[_-]?|0x|01(?=[0-9a-f]{12}$))?)(.*)$/i.exec(
          plain(value),
        )!
        const digits = parseMac(address)
        return digits && before + printMac(pseudonyms.mac(digits, rules.vendors === 'keep', attempt), address)
      },
      uuid(value, attempt) {
        const made = [...alike(value, attempt)]
        // The version stays, and a variant that nobody uses tells that it is made up (RFC 9562 §4.1).
        if (value.length === 36) {
          made[14] = value[14]!
          made[19] = /[A-F]/.test(value) ? 'E' : 'e'
        }
        return made.join('')
      },
      // One word, so that it is found again.
      serial: (value, attempt) => alike(value.replaceAll(' ', '-'), attempt),
    }

  const plain = (value: string): string =>
    /%|[^\w.:-]/.test(value)
      ? (withoutColours(value)?.text ?? value).replaceAll(/%3[Aa]/g, ':').replaceAll(/%2[Ee]/g, '.')
      : value

  return {
    learn,
    find: (text) => locate(text).map(({kind, start, end, confidence}): Find => ({kind, start, end, confidence})),
    rewrite(text) {
      let [written, from] = ['', 0]
      for (const find of locate(text)) {
        const one = metOf(find, text)
        one.found++
        if (find.confidence === 'likely') one.likely++
        written += text.slice(from, find.start) + one.pseudonym
        from = find.end
      }
      return from === 0 ? text : written + text.slice(from)
    },
    path(name) {
      return this.rewrite(name)
    },
    counts: () => countsOf([...met.values()]),
    pairs: () => pairs.all(),
  }
}

/** Cheaper, and true of more. */
const mayLookTaken = /[a-zD][-_][0-9a-f]|^2[45]\d\.|\D2[45]\d\.|db8:|02:/i

/** Texts that could be mistaken for a pseudonym, where they stand in what is read. */
const looksTaken =
  /\b(?:(?:host|d|user|auth|item|path|person|lun|custom)[-_][0-9a-f]{4,}|REDACTED-[a-z]+-[0-9a-f]{6,}|2[45]\d\.\d{1,3}\.\d{1,3}\.\d{1,3}|(?:2001|fd00):0?db8:[0-9a-f:]+|02(?::[0-9a-f]{2}){5})\b/i
