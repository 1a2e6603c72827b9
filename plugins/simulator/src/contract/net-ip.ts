/** Addresses as the Perl module Net::IP reads them, whose texts PVE passes on. */

class Unreadable extends Error {}

const refuse = (text: string): never => {
  throw new Unreadable(text)
}

/** Refuses what is no IPv4 address; one may have fewer than four parts. */
function check4(ip: string): void {
  if (!/^[\d.]+$/.test(ip)) refuse(`Invalid chars in IP ${ip}`)
  if (ip.startsWith('.')) refuse(`Invalid IP ${ip} - starts with a dot`)
  if (ip.endsWith('.')) refuse(`Invalid IP ${ip} - ends with a dot`)
  const parts = ip.split('.')
  if (parts.length > 4) refuse(`Invalid IP address ${ip}`)
  if (parts.includes('')) refuse(`Empty quad in IP address ${ip}`)
  const wrong = parts.find((part) => Number(part) > 255)
  if (wrong !== undefined) refuse(`Invalid quad in IP address ${ip} - ${wrong}`)
}

function check6(ip: string): void {
  const parts = ip.split(':')
  const last = parts.at(-1)!
  if (last.includes('.')) check4(last)
  const plain = last.includes('.') ? parts.slice(0, -1) : parts
  if (parts.length > 8 || plain.some((part) => !/^[a-f\d]{0,4}$/i.test(part))) refuse(`Invalid IP address ${ip}`)
  if (/^:[^:]/.test(ip)) refuse(`Invalid address ${ip} (starts with :)`)
  if (/[^:]:$/.test(ip)) refuse(`Invalid address ${ip} (ends with :)`)
  if (ip.split('::').length > 2) refuse(`Invalid address ${ip} (More than one :: pattern)`)
  if (!ip.includes('::') && plain.length + (last.includes('.') ? 2 : 0) !== 8) refuse(`Invalid number of octets ${ip}`)
}

export type Version = 4 | 6

function versionOf(ip: string): Version {
  if (!ip.includes(':')) check4(ip)
  else check6(ip)
  return ip.includes(':') ? 6 : 4
}

/** The bits of an address. */
export function bitsOf(ip: string): string {
  const quad = /(?:\d+\.){1,3}\d+$|^\d+$/.exec(ip)?.[0]
  const last = quad === undefined ? [] : quad.split('.').map(Number)
  while (quad !== undefined && last.length < 4) last.push(0)
  const bytes = (list: number[]): string => list.map((byte) => byte.toString(2).padStart(8, '0')).join('')
  if (!ip.includes(':')) return bytes(last)
  const rest = quad === undefined ? ip : ip.slice(0, -quad.length)
  const [head, tail] = rest.split('::') as [string, string?]
  const groups = (part = ''): string =>
    part
      .split(':')
      .filter((group) => group !== '')
      .map((group) => parseInt(group, 16).toString(2).padStart(16, '0'))
      .join('')
  return `${groups(head)}${'0'.repeat(128 - groups(head).length - groups(tail).length - bytes(last).length)}${groups(tail)}${bytes(last)}`
}

/** An address of bits, as short as it may be written. */
export function addressOf(bits: string): string {
  const numbers = (size: number): number[] =>
    (bits.match(new RegExp(`.{${size}}`, 'g')) ?? []).map((part) => parseInt(part, 2))
  if (bits.length === 32) return numbers(8).join('.')
  const text = numbers(16)
    .map((group) => group.toString(16))
    .join(':')
  const zeros = [...text.matchAll(/(?<![^:])0(?::0)+(?![^:])/g)].sort((a, b) => b[0].length - a[0].length)[0]
  if (!zeros) return text
  const [before, after] = [text.slice(0, zeros.index), text.slice(zeros.index + zeros[0].length)]
  return `${before.replace(/:$/, '')}::${after.replace(/^:/, '')}`
}

/** An address, network or range: its version, first and last address as bits. @throws Unreadable */
function read(text: string): {version: Version; first: string; last: string} {
  const range = /^(.+?)\s*-\s*(.+)$/.exec(text)
  const [, ip, length] = range ? [] : (/^(.+?)\/(.+)$/.exec(text) ?? [])
  if (range) {
    const version = versionOf(range[1]!)
    if (version !== versionOf(range[2]!)) refuse(`Invalid IP address ${text}`)
    const [first, last] = [bitsOf(range[1]!), bitsOf(range[2]!)]
    if (first > last) refuse(`Begin address is greater than End address ${range[1]!} - ${range[2]!}`)
    return {version, first, last}
  }
  const version = versionOf(ip ?? text)
  const bits = bitsOf(ip ?? text)
  if (length === undefined) return {version, first: bits, last: bits}
  if (Number(length) > bits.length) refuse(`Prefix length ${length} is longer than IP address (${bits.length})`)
  if (bits.slice(Number(length)).includes('1')) refuse(`Invalid prefix ${bits}/${length}`)
  return {version, first: bits, last: bits.slice(0, Number(length)).padEnd(bits.length, '1')}
}

/** The version of an address, network or range; Net::IP's text where it is none. */
export function ipVersion(text: string): Version | string {
  try {
    return read(text).version
  } catch (error) {
    if (error instanceof Unreadable) return error.message
    throw error
  }
}

/** Whether an address lies in a network, whose host bits do not count. */
export function isInNetwork(address: string, network: string, length: number): boolean {
  const [a, b] = [bitsOf(address), bitsOf(network)]
  return a.length === b.length && a.slice(0, length) === b.slice(0, length)
}

/** A network with its host bits cleared, as sets of the firewall hold it; an address without a length is left alone. */
export function cleanNetwork(cidr: string): string {
  const [ip, length] = cidr.split('/') as [string, string?]
  if (length === undefined) return cidr
  const bits = bitsOf(ip)
  const clean = addressOf(bits.slice(0, Number(length)).padEnd(bits.length, '0'))
  return Number(length) === bits.length ? clean : `${clean}/${length}`
}
