/**
 * Addresses and networks as the firewall of Proxmox VE keeps them (pve-firewall, PVE/Firewall.pm, clean_cidr and parse_ip_or_cidr; alike in 8.4 and 9.2).
 */

/** A host without its length: `10.0.0.5/32` is `10.0.0.5`. Any other text is as it was. */
export function withoutHostLength(text: string): string {
  return text.replace(text.includes(':') ? /\/128$/ : /\/32$/, '')
}

/**
 * A member of an IP set as it is kept: of a network the bits of the host are cleared, and an IPv6 address is as short as can be; an address without a length,
 * an alias and all else is as it was.
 */
export function networkName(text: string): string {
  const [, address = '', digits = ''] = /^([\d.]+|[\da-f:.]*:[\da-f:.]*)\/(\d{1,3})$/i.exec(text) ?? []
  const length = Number(digits)
  if (digits === '' || length === 0) return text
  const network = address.includes(':') ? network6(address, length) : network4(address, length)
  return network === undefined ? text : withoutHostLength(`${network}/${digits}`)
}

function network4(address: string, length: number): string | undefined {
  const parts = address.split('.').map(Number)
  if (parts.length !== 4 || parts.some((part) => part > 0xff) || length > 32) return undefined
  return masked(parts, 8, length).join('.')
}

function network6(address: string, length: number): string | undefined {
  const groups = groupsOf(address)
  return groups && length <= 128 ? shortest(masked(groups, 16, length)) : undefined
}

/** The eight numbers of an IPv6 address. */
function groupsOf(address: string): number[] | undefined {
  const [head = '', tail, ...more] = embedded(address).split('::')
  const numbers = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':')))
  const missing = 8 - numbers.flat().length
  const isWhole = more.length === 0 && (tail === undefined ? missing === 0 : missing > 0)
  if (!isWhole || !numbers.flat().every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined
  const zeros = Array.from({length: missing}, () => '0')
  return [...numbers[0]!, ...zeros, ...numbers[1]!].map((group) => parseInt(group, 16))
}

/** An IPv4 address at the end of an IPv6 address, as two of its groups. */
function embedded(address: string): string {
  return address.replace(/(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/, (_, ...parts: string[]) => {
    const [a, b, c, d] = parts.slice(0, 4).map(Number) as [number, number, number, number]
    return [a * 256 + b, c * 256 + d].map((group) => group.toString(16)).join(':')
  })
}

/** Numbers of so many bits, of which only the first `length` bits stay. */
function masked(numbers: readonly number[], bits: number, length: number): number[] {
  return numbers.map((number, at) => {
    const cleared = bits - Math.min(bits, Math.max(0, length - at * bits))
    return (number >> cleared) << cleared
  })
}

/** The longest run of zeros, of two groups or more, is `::`. */
function shortest(groups: readonly number[]): string {
  const text = groups.map((group) => group.toString(16)).join(':')
  // Perl's Net::IP counts the colons around a run, too: so of two runs alike one in the middle is taken.
  const [run] = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].toSorted((a, b) => weightOf(b, text) - weightOf(a, text))
  if (!run) return text
  const after = text.slice(run.index + run[0].length).replace(/^:/, '')
  return `${text.slice(0, run.index)}::${after}`
}

const weightOf = ({0: run, index}: RegExpExecArray, {length}: string): number =>
  run.length + (index + run.length < length ? 1 : 0)
