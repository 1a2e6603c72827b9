/** Addresses: reading and writing them, in all the ways in which people and programs spell them. */

/** Four octets; undefined where it is no address. Leading zeros are let pass, as logs pad them. */
export function parse4(text: string, separator = '.'): number[] | undefined {
  const octets: number[] = []
  let [octet, digits] = [0, 0]
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : separator.charCodeAt(0)
    if (code >= 0x30 && code <= 0x39) {
      octet = octet * 10 + code - 0x30
      digits++
    } else if (code === separator.charCodeAt(0) && digits > 0 && digits < 4 && octet < 256) {
      octets.push(octet)
      octet = digits = 0
    } else return undefined
  }
  return octets.length === 4 ? octets : undefined
}

/** Octets as a text is spelled: its padding with zeros. */
export function print4(octets: readonly number[], like: string, separator = '.'): string {
  const isPadded = /^\d{3}(?:\D\d{3}){3}$/.test(like) && /(?:^|\D)0\d/.test(like)
  return octets.map((octet) => (isPadded ? String(octet).padStart(3, '0') : String(octet))).join(separator)
}

/** Eight groups; undefined where it is no address (RFC 4291 §2.2). Without brackets, zone and length. */
export function parse6(text: string): number[] | undefined {
  if (!/^[0-9a-fA-F:]*:[0-9a-fA-F:.]*$/.test(text) || text.includes(':::')) return undefined
  let body = text
  const dotted = /:((?:\d{1,3}\.){3}\d{1,3})$/.exec(text)
  if (dotted) {
    const four = parse4(dotted[1]!)
    if (!four) return undefined
    const hex = (a: number, b: number) => ((a << 8) | b).toString(16)
    body = `${text.slice(0, -dotted[1]!.length)}${hex(four[0]!, four[1]!)}:${hex(four[2]!, four[3]!)}`
  }
  const halves = body.split('::')
  if (halves.length > 2) return undefined
  const groups = (half: string | undefined) => (half === undefined || half === '' ? [] : half.split(':'))
  const [head, tail] = [groups(halves[0]), groups(halves[1])]
  const known = head.length + tail.length
  if (halves.length === 1 ? known !== 8 : known > 7) return undefined
  const all = [...head, ...Array<string>(halves.length === 1 ? 0 : 8 - known).fill('0'), ...tail]
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  return all.map((group) => Number.parseInt(group, 16))
}

/** Groups as a text is spelled: compressed or not, padded or not, in its case. */
export function print6(groups: readonly number[], like: string): string {
  const isPadded = !like.includes('::') && /^[0-9a-fA-F]{4}(?::[0-9a-fA-F]{4}){7}$/.test(like)
  const texts = groups.map((group) => (isPadded ? group.toString(16).padStart(4, '0') : group.toString(16)))
  const text = like.includes('::') || !isPadded ? compress(texts, like) : texts.join(':')
  return /[A-F]/.test(like) && !/[a-f]/.test(like) ? text.toUpperCase() : text
}

/** The longest run of zeros left out, where the text that it is spelled like leaves one out. */
function compress(texts: readonly string[], like: string): string {
  if (!like.includes('::')) return texts.join(':')
  let best = {from: -1, length: 0}
  for (let from = 0; from < 8; from++) {
    let length = 0
    while (from + length < 8 && texts[from + length] === '0') length++
    if (length > best.length) best = {from, length}
  }
  if (best.length === 0) return texts.join(':')
  return `${texts.slice(0, best.from).join(':')}::${texts.slice(best.from + best.length).join(':')}`
}

/** Twelve digits in lower case; undefined where it is no MAC. */
export function parseMac(text: string): string | undefined {
  const isOne =
    /^[0-9a-fA-F]{2}([:-])(?:[0-9a-fA-F]{2}\1){4}[0-9a-fA-F]{2}$/.test(text) ||
    /^[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}$/.test(text) ||
    /^[0-9a-fA-F]{6}-[0-9a-fA-F]{6}$/.test(text) ||
    /^[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}$/.test(text) ||
    /^[0-9a-fA-F]{12}$/.test(text)
  return isOne ? text.replaceAll(/[^0-9a-fA-F]/g, '').toLowerCase() : undefined
}

/** A MAC as a text is spelled. */
export function printMac(digits: string, like: string): string {
  let next = 0
  const isUpper = /[A-F]/.test(like) && !/[a-f]/.test(like)
  return like.replaceAll(/[0-9a-fA-F]/g, () => {
    const digit = digits[next++]!
    return isUpper ? digit.toUpperCase() : digit
  })
}

/** The identifier of an interface that follows from a MAC (RFC 4291, appendix A), as four groups. */
export function eui64(mac: string): number[] {
  const bytes = mac.match(/../g)!.map((byte) => Number.parseInt(byte, 16))
  const [a, b, c, d, e, f] = bytes as [number, number, number, number, number, number]
  return [((a ^ 2) << 8) | b, (c << 8) | 0xff, (0xfe << 8) | d, (e << 8) | f]
}

/** The MAC that four groups follow from; undefined where they do not. */
export function macOf(groups: readonly number[]): string | undefined {
  const [a, b, c, d] = groups as [number, number, number, number]
  if ((b & 0xff) !== 0xff || c >> 8 !== 0xfe) return undefined
  const bytes = [(a >> 8) ^ 2, a & 0xff, b >> 8, c & 0xff, d >> 8, d & 0xff]
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
