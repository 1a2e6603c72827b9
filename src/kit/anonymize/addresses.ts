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
  const groups: number[] = []
  // Before which group zeros are left out.
  let gap = -1
  let [group, digits, at] = [0, 0, 0]
  if (text.startsWith('::')) [gap, at] = [0, 2]
  let from = at
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const digit = digitOf(code)
    if (digit >= 0) {
      if (++digits > 4) return undefined
      group = (group << 4) | digit
    } else if (code === COLON && digits > 0) {
      groups.push(group)
      group = digits = 0
      from = at + 1
      if (text.charCodeAt(from) !== COLON) continue
      if (gap >= 0) return undefined
      gap = groups.length
      from = ++at + 1
    } else if (code === DOT && (groups.length > 0 || gap >= 0)) {
      const four = parse4(text.slice(from))
      if (!four) return undefined
      groups.push((four[0]! << 8) | four[1]!, (four[2]! << 8) | four[3]!)
      break
    } else return undefined
  }
  const isBroken = at === text.length && digits === 0 && gap !== groups.length
  if (at === text.length && digits > 0) groups.push(group)
  if (isBroken || (gap < 0 ? groups.length !== 8 : groups.length > 7)) return undefined
  if (gap < 0) return groups
  return [...groups.slice(0, gap), ...Array<number>(8 - groups.length).fill(0), ...groups.slice(gap)]
}

const [COLON, DOT] = [0x3a, 0x2e]

/** The value of a digit of base sixteen; -1 for what is none. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
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
  if (text.length < 11 || text.length > 17) return undefined
  // As BSD prints it: b8:2:3:a:9c:1
  if (text.length < 17 && /^[0-9a-fA-F]{1,2}(?::[0-9a-fA-F]{1,2}){5}$/.test(text))
    return text
      .split(':')
      .map((byte) => byte.padStart(2, '0'))
      .join('')
      .toLowerCase()
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
  const isUpper = /[A-F]/.test(like) && !/[a-f]/.test(like)
  const shown = isUpper ? digits.toUpperCase() : digits
  if (like.length < 17 && like.includes(':'))
    return shown
      .match(/../g)!
      .map((byte) => byte.replace(/^0/, ''))
      .join(':')
  let [text, next] = ['', 0]
  for (let at = 0; at < like.length; at++) text += digitOf(like.charCodeAt(at)) < 0 ? like[at]! : shown[next++]!
  return text
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
