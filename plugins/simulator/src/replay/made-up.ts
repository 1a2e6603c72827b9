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
  ['date', /(?<=-state-suspend-)\d{4}-\d\d-\d\d/],
  ['time', /(?<!\d)1[789]\d{8}(?!\d)|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9} [+-]\d{4}/],
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
    return kind === 'upid' ? `<upid ${upidShape(match)}>` : `<${kind}>`
  })
  return {shape, tokens}
}

/** What of an UPID is not made up: node, type, id and user. */
function upidShape(upid: string): string {
  const [, node, , , , type, id, user] = upid.split(':')
  return [node, type, id, user].join(':')
}

/** Values that need not recur: two clocks do not tick alike. */
const loose = new Set(['time', 'date', 'ticket', 'purpose-ticket'])

/** Pairs of made-up values: what the recording has, and what the server under test has in its place. */
export class Mapping {
  private readonly forward = new Map<string, string>()
  private readonly backward = new Map<string, string>()

  /** Notes a pair, or tells why it contradicts an earlier one. */
  pair(recorded: Token, actual: Token): string | undefined {
    if (loose.has(recorded.kind) || recorded.kind !== actual.kind) return undefined
    const known = this.forward.get(recorded.value)
    if (known !== undefined && known !== actual.value)
      return `${recorded.value} was ${known} before, now ${actual.value}`
    const origin = this.backward.get(actual.value)
    if (origin !== undefined && origin !== recorded.value)
      return `${actual.value} stood for ${origin} before, now for ${recorded.value}`
    this.forward.set(recorded.value, actual.value)
    this.backward.set(actual.value, recorded.value)
    return undefined
  }

  /** Replaces made-up values of the recording by those of the server under test. */
  translate(text: string): string {
    return text.replace(anything, (match) => this.forward.get(match) ?? match)
  }
}
