import {hash} from 'node:crypto'
import {eui64, macOf} from './addresses.js'

/** A network that a text names by its length: within it, what follows is not scattered, so that its addresses keep their order. */
export interface Net4 {
  octets: readonly number[]
  length: number
}

/**
 * What stands for what, by a key: without it nobody can tell which it was, with it each value has the same pseudonym in every run. Networks
 * are trees: what two addresses have in common, their pseudonyms have in common, too. All of them lie where no host has an address
 * (docs/decisions/anonymize.md).
 */
export class Pseudonyms {
  /** In hexadecimal digits. */
  readonly #key: string
  readonly #bytes = new Map<string, Buffer>()
  /** Pseudonyms of networks that are drawn, by the network; and whose they are. */
  readonly #drawn = new Map<string, number>()
  readonly #owners = new Map<string, string>()
  #nets: Net4[] = []
  /** What the rounds of an exchange give, by its label; -1 where that was not asked yet. */
  readonly #rounds = new Map<string, Int16Array>()

  constructor(key: Buffer) {
    this.#key = key.toString('hex')
  }

  /** 32 bytes that follow from key and text. */
  bytes(text: string): Buffer {
    let known = this.#bytes.get(text)
    if (!known) {
      known = Buffer.from(this.#digits(text), 'hex')
      if (this.#bytes.size > 100_000) this.#bytes.clear()
      this.#bytes.set(text, known)
    }
    return known
  }

  /** Hexadecimal digits that follow from key and text; more of them at each attempt. */
  tag(text: string, digits: number): string {
    return this.#digits(text).slice(0, digits)
  }

  /** With the key at both ends, as an HMAC of Node's costs four times as much, and there is one for each word. */
  #digits(text: string): string {
    return hash('sha256', `${this.#key}\n${text}\n${this.#key}`, 'hex')
  }

  /** A network's addresses keep their order from now on. Those of a class as a whole, which everybody names, do not. */
  keepOrder(net: Net4): void {
    if (net.length < 16 || net.length > 23 || this.#nets.length > 5000) return
    if (classOf(net.octets).length >= net.length) return
    if (!this.#nets.some((one) => one.length === net.length && isWithin(net.octets, one))) this.#nets.push(net)
  }

  /**
   * An IPv4 address: its class goes to a block of 240.0.0.0/4 (RFC 1112 §4), the octets between are exchanged by the tree, the last stays.
   * @param length of the network that the address names, whose bits of hosts are 0; 32 for a host
   * @returns undefined where no block is left
   */
  ipv4(octets: readonly number[], length = 32): number[] | undefined {
    const [a, b, c, d] = octets as [number, number, number, number]
    const {name, first, length: fixed, public: isPublic} = classOf(octets)
    const net = this.#nets.length === 0 ? undefined : this.#nets.find((one) => isWithin(octets, one))
    const until = Math.min(net?.length ?? 24, length)
    if (isPublic) {
      const slot = this.#draw(`4 ${a}.${b}`, 'public', 10 * 256)
      if (slot === undefined) return undefined
      const third = this.#flip(`4 ${a}.${b}`, c, 16, until)
      return mask([240 + Math.floor(slot / 256), slot % 256, third, d], length)
    }
    const second = fixed >= 16 ? b : this.#flip(`4${name} `, b, 8, until, fixed - 8)
    return mask([first, second, this.#flip(`4${name} ${b}`, c, 16, until), d], length)
  }

  /**
   * An IPv6 address: a site of the world in 2001:db8::/32 (RFC 3849), one of its own kind (fc00::/7) in fd00:db8::/32. Subnets are exchanged by the tree; an
   * identifier that follows from a MAC follows from its pseudonym; a short one (::53) stays.
   */
  ipv6(groups: readonly number[], length = 128): number[] | undefined {
    const [g1, g2, g3, g4, ...host] = groups as [number, number, number, number, ...number[]]
    const identifier = this.#identifier(host, groups)
    if (g1 >= 0xfe80 && g1 <= 0xfebf) return [g1, g2, g3, g4, ...identifier]
    const isLocal = g1 >= 0xfc00 && g1 <= 0xfdff
    const site = this.#draw(`6 ${g1}:${g2}:${g3}`, isLocal ? 'local' : 'global', 0x10000)
    if (site === undefined) return undefined
    const subnet = this.#flip16(`6 ${g1}:${g2}:${g3}`, g4, length - 48)
    return mask6([isLocal ? 0xfd00 : 0x2001, 0x0db8, length <= 32 ? 0 : site, subnet, ...identifier], length)
  }

  /** A MAC, of twelve digits. @param keepsVendor its first three bytes stay */
  mac(digits: string, keepsVendor: boolean, attempt = 0): string {
    const vendor = digits.slice(0, 6)
    const shown = keepsVendor ? vendor : `02${this.bytes(`oui ${vendor} ${attempt}`).toString('hex', 0, 2)}`
    return shown + this.#permute(`nic ${vendor} ${attempt}`, Number.parseInt(digits.slice(6), 16))
  }

  /** Remembers what was drawn in an earlier run, from an address and its pseudonym. */
  recall4(original: readonly number[], pseudonym: readonly number[]): void {
    const {public: isPublic} = classOf(original)
    const [a, b] = original as [number, number]
    const [x, y] = pseudonym as [number, number]
    if (isPublic && x >= 240 && x < 250) this.#keep(`4 ${a}.${b}`, 'public', (x - 240) * 256 + y)
  }

  /** Likewise of IPv6. */
  recall6(original: readonly number[], pseudonym: readonly number[]): void {
    const [g1, g2, g3] = original as [number, number, number]
    const [p1, p2, p3] = pseudonym as [number, number, number]
    if (p2 === 0x0db8 && (p1 === 0x2001 || p1 === 0xfd00))
      this.#keep(`6 ${g1}:${g2}:${g3}`, p1 === 0xfd00 ? 'local' : 'global', p3)
  }

  #keep(network: string, pool: string, slot: number): void {
    this.#drawn.set(network, slot)
    this.#owners.set(`${pool} ${slot}`, network)
  }

  /** A place in a pool that is a network's alone: by the key, and the next one where that is taken. */
  #draw(network: string, pool: string, size: number): number | undefined {
    const known = this.#drawn.get(network)
    if (known !== undefined) return known
    for (let attempt = 0; attempt < 64; attempt++) {
      const slot = this.bytes(`draw ${network} ${attempt}`).readUInt32BE(0) % size
      if (slot === 0 || this.#owners.has(`${pool} ${slot}`)) continue
      this.#keep(network, pool, slot)
      return slot
    }
    return undefined
  }

  /**
   * Eight bits, each exchanged by what stands before it.
   * @param from how many bits stand before them in the address
   * @param until bits of the address from there on stay
   * @param kept bits at their beginning that stay
   */
  #flip(prefix: string, value: number, from: number, until: number, kept = 0): number {
    const coins = this.bytes(`flip ${prefix}`)
    let [node, result] = [1, 0]
    for (let bit = 0; bit < 8; bit++) {
      const one = (value >> (7 - bit)) & 1
      const coin = bit < kept || from + bit >= until ? 0 : (coins[node >> 3]! >> (node & 7)) & 1
      result = (result << 1) | (one ^ coin)
      node = (node << 1) | one
    }
    return result
  }

  #flip16(prefix: string, value: number, until: number): number {
    const high = this.#flip(`${prefix} h`, value >> 8, 0, until)
    return (high << 8) | this.#flip(`${prefix} ${value >> 8}`, value & 0xff, 8, until)
  }

  #identifier(host: readonly number[], groups: readonly number[]): number[] {
    const mac = macOf(host)
    if (mac !== undefined) return eui64(this.mac(mac, false))
    if (host[0] === 0 && host[1] === 0 && host[2] === 0) return [...host]
    let before = `id ${groups.slice(0, 4).join(':')}`
    return host.map((group, at) => {
      const changed = at === 3 ? group : this.#flip16(before, group, 16)
      before += `:${group}`
      return changed
    })
  }

  /** 24 bits, exchanged one to one: four rounds of Feistel, whose values are kept by the label. */
  #permute(label: string, value: number): string {
    let rounds = this.#rounds.get(label)
    if (!rounds) {
      if (this.#rounds.size > 500) this.#rounds.clear()
      this.#rounds.set(label, (rounds = new Int16Array(4 * 4096).fill(-1)))
    }
    let [left, right] = [value >> 12, value & 0xfff]
    for (let round = 0; round < 4; round++) {
      const at = round * 4096 + right
      if (rounds[at]! < 0) {
        // Sixteen in one.
        const bytes = Buffer.from(this.#digits(`${label} ${round} ${right >> 4}`), 'hex')
        for (let i = 0; i < 16; i++) rounds[(at & ~15) + i] = bytes.readUInt16BE(i * 2) & 0xfff
      }
      ;[left, right] = [right, left ^ rounds[at]!]
    }
    return ((left << 12) | right).toString(16).padStart(6, '0')
  }
}

/** The blocks that addresses of one sort share, and the first octet of what stands for them. */
const classes = [
  {name: 'a', octets: [10, 0], length: 8, first: 250},
  {name: 'c', octets: [100, 64], length: 10, first: 251},
  {name: 'b', octets: [172, 16], length: 12, first: 252},
  {name: 's', octets: [192, 168], length: 16, first: 253},
].map((one) => ({...one, public: false}))
const world = {name: 'w', octets: [0, 0], length: 0, first: 240, public: true}

function classOf(octets: readonly number[]) {
  const [a, b] = octets as [number, number]
  return classes.find((one) => one.octets[0] === a && (one.octets[1]! ^ b) >> (16 - one.length) === 0) ?? world
}

function isWithin(octets: readonly number[], {octets: start, length}: Net4): boolean {
  const whole = mask(octets, length)
  return mask(start, length).every((octet, i) => octet === whole[i])
}

/** The bits of hosts cleared. */
function mask(octets: readonly number[], length: number): number[] {
  if (length >= 32) return [...octets]
  return octets.map((octet, i) => octet & (0xff00 >> Math.min(8, Math.max(0, length - i * 8))) & 0xff)
}

function mask6(groups: readonly number[], length: number): number[] {
  if (length >= 128) return [...groups]
  return groups.map((group, i) => group & (0xffff0000 >> Math.min(16, Math.max(0, length - i * 16))) & 0xffff)
}

/** Whether an address says something of somebody: no loopback, no netmask, none that all have. */
export function isTelling4([a, b, c, d]: readonly number[]): boolean {
  if (a === 0 || a === 127 || a! >= 224) return false
  if (a === 169 && b === 254) return false
  return !(a === 255 && b === 255 && c === 255 && d === 255)
}

/** Likewise of IPv6: not the unspecified one, loopback, multicast, nor what embeds an address of IPv4 alone. */
export function isTelling6(groups: readonly number[]): boolean {
  if (groups.slice(0, 7).every((group) => group === 0)) return false
  if (groups[0]! >= 0xff00) return false
  return !(groups[0]! >= 0xfe80 && groups[0]! <= 0xfebf && groups.slice(4).every((group) => group === 0))
}
