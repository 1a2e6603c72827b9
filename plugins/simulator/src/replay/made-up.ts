/** Kinds of values a server makes up, with a pattern that finds them inside text. */
const kinds: [string, RegExp][] = [
  ['upid', /UPID:[A-Za-z0-9-]+:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:[^:\s]+:[^:\s]*:[^:\s]+:/],
  ['uuid', /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/],
  ['fingerprint', /(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/],
  ['ticket', /PVE:[^\s:]+:(?:MASKED|[0-9A-F]{8}::[A-Za-z0-9+/=]+)/],
  ['purpose-ticket', /(?:[!-~]{8}:)?PVE(?:VNC|TUNNEL):[0-9A-F]{8}::(?:MASKED|[A-Za-z0-9+/=]+)/],
  ['mac', /(?:[0-9A-F]{2}:){5}[0-9A-F]{2}|(?:[0-9a-f]{2}:){5}[0-9a-f]{2}/],
  ['sha256', /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/],
  ['sha1', /(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])/],
  ['hash', /\$5\$[^\s$]+\$[A-Za-z0-9./]{43}/],
  ['time', /(?<!\d)1[789]\d{8}(?!\d)/],
  [
    'date',
    /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+ [+-]\d{4})?|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}/,
  ],
  ['day', /(?<=-state-suspend-)\d{4}-\d\d-\d\d/],
  ['stamp', /\d{4}_\d\d_\d\d-\d\d_\d\d_\d\d/],
  ['pid', /(?<=\.tmp(?:_dwnl|_dcom)?\.)\d+/],
  ['speed', /\d+(?:\.\d+)?[KMG]iB\/s/],
]

const anything = new RegExp(kinds.map(([, pattern]) => `(${pattern.source})`).join('|'), 'g')

export interface Token {
  kind: string
  value: string
}

export interface Skeleton {
  /** The text with a mark of its kind in the place of each made-up value. */
  shape: string
  tokens: Token[]
}

/** Takes made-up values out of a text. */
export function skeleton(text: string): Skeleton {
  const tokens: Token[] = []
  const shape = text.replace(anything, (match, ...groups: unknown[]) => {
    const index = groups.slice(0, kinds.length).findIndex((group) => group !== undefined)
    const kind = kinds[index]![0]
    tokens.push({kind, value: match})
    if (kind !== 'upid') return `<${kind}>`
    const {pid, starttime} = upidParts(match)
    tokens.push({kind: 'pid', value: pid}, {kind: 'time', value: starttime})
    return `<upid ${upidShape(match)}>`
  })
  return {shape, tokens}
}

/** What of an UPID is not made up: node, type, id and user. */
function upidShape(upid: string): string {
  const [, node, , , , type, id, user] = upid.split(':')
  return [node, type, id, user].join(':')
}

function upidParts(upid: string): {pid: string; starttime: string} {
  const [, , pid, , starttime] = upid.split(':')
  return {pid: String(parseInt(pid!, 16)), starttime: String(parseInt(starttime!, 16))}
}

/** Whether values of a kind name a thing, and so have to recur; the others tell a moment, a speed or a secret. */
export const isNamed = (kind: string): boolean => !['time', 'date', 'ticket', 'purpose-ticket', 'speed'].includes(kind)

const valueOf = (marked: string): string => marked.slice(marked.indexOf(' ') + 1)

/** Pairs of made-up values: what the recording has, and what the server under test has in its place. */
export class Mapping {
  private readonly forward = new Map<string, string>()
  private readonly backward = new Map<string, string>()

  /** With a base, pairs are kept apart from it until they are kept for good. */
  constructor(private readonly base?: Mapping) {}

  /** Values that were paired here and not in the base. */
  get size(): number {
    return this.forward.size
  }

  private actualOf(recorded: string): string | undefined {
    return this.forward.get(recorded) ?? this.base?.actualOf(recorded)
  }

  private recordedOf(actual: string): string | undefined {
    return this.backward.get(actual) ?? this.base?.recordedOf(actual)
  }

  /** Notes a pair, or tells why it contradicts an earlier one. */
  pair(recorded: Token, actual: Token): string | undefined {
    const [from, to] = [`${recorded.kind} ${recorded.value}`, `${actual.kind} ${actual.value}`]
    const known = this.actualOf(from)
    if (known !== undefined && known !== to)
      return `${recorded.value} was ${valueOf(known)} before, now ${actual.value}`
    const origin = this.recordedOf(to)
    if (origin !== undefined && origin !== from)
      return `${actual.value} stood for ${valueOf(origin)} before, now for ${recorded.value}`
    if (known === undefined) {
      this.forward.set(from, to)
      this.backward.set(to, from)
    }
    return undefined
  }

  /** Takes a trial's pairs over. */
  keep(trial: Mapping): void {
    for (const [from, to] of trial.forward) this.forward.set(from, to)
    for (const [to, from] of trial.backward) this.backward.set(to, from)
  }

  /** What a client makes up is no matter of the server: it comes back as it was sent. */
  given(text: string): void {
    for (const {kind, value} of skeleton(text).tokens) {
      if (!isNamed(kind) || kind === 'upid' || kind === 'pid') continue
      const spellings = kind === 'mac' ? [value, value.toUpperCase()] : [value]
      for (const spelling of spellings) {
        const same = {kind, value: spelling}
        if (this.actualOf(`${kind} ${spelling}`) === undefined) this.pair(same, same)
      }
    }
  }

  /** Replaces made-up values of the recording by those of the server under test. */
  translate(text: string): string {
    return text.replace(anything, (match, ...groups: unknown[]) => {
      const kind = kinds[groups.slice(0, kinds.length).findIndex((group) => group !== undefined)]![0]
      const actual = this.actualOf(`${kind} ${match}`)
      return actual === undefined ? match : valueOf(actual)
    })
  }

  /** The same for text with percent signs: a path, a query or a form. What holds nothing made up stays as it was sent. */
  translateEncoded(text: string): string {
    return text.replace(/[^/?&=]+/g, (part) => {
      const plain = decode(part)
      const translated = this.translate(plain)
      return translated === plain ? part : encodeURIComponent(translated)
    })
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '))
  } catch {
    return part
  }
}
