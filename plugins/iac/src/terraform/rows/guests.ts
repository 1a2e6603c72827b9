// What VMs and containers have in common.
import {parseSize} from 'pmpc/kit/values'
import {has, is, number, text} from './fields.js'
import type {Aside, At, Block, Doubt, Hindrance, Test} from './row.js'

/** The storage of a volume, `local-lvm` of `local-lvm:vm-100-disk-0`; undefined of a path of the node. */
export const storageOf = (volume: unknown): string | undefined => /^([^/:]+):/.exec(String(volume))?.[1]

/** Go's strings.TrimSpace, and a line feed for each CR LF: what the provider makes of a description in the code. */
const asDescribed = (text: string): string =>
  text.replace(/^[\p{White_Space}]+|[\p{White_Space}]+$/gu, '').replaceAll('\r\n', '\n')

/** Whether the provider makes another text of a description than PVE has. */
export const isTrimmed: Test = (at) => {
  const text = at.get('config.description')
  return text !== undefined && asDescribed(String(text)) !== String(text)
}

/** The numbers of keys that are there: `config.net*`. */
export const slotsOf = (at: At, pattern: string): number[] => at.each(pattern).map(({slot}) => slot ?? 0)

/** Whether one of the keys is missing before the last. */
export const hasGap =
  (pattern: string): Test =>
  (at) =>
    slotsOf(at, pattern).some((slot, place) => slot !== place)

/** How many GiB the provider reads: whole ones. */
export const gibibytes = (size: unknown): number => Math.floor((parseSize(String(size ?? 0)) ?? 0) / 2 ** 30)

export const isRunning = is('facts.status', 'running')

export const startup: Block = {
  block: 'startup',
  when: has('config.startup'),
  fields: [
    number('order', 'config.startup.order', {default: -1}),
    number('up_delay', 'config.startup.up', {default: -1}),
    number('down_delay', 'config.startup.down', {default: -1}),
  ],
}

/** Addresses of a card; as Read stores them, where one of the two is there. */
export const addresses = (block: string, address: string, gateway: string): Block => ({
  block,
  when: (at) => at.get(address) !== undefined || at.get(gateway) !== undefined,
  fields: [text('address', address, {default: ''}), text('gateway', gateway, {default: ''})],
})

export const trimmed: Hindrance = {
  when: isTrimmed,
  of: ['description'],
  why: 'the provider cuts white space at both ends, and CR before LF, of what the code says and not of what it reads',
}

/** What the provider takes for name servers: addresses with one blank between them. */
export const servers: Hindrance = {
  when: (at) =>
    has('config.nameserver')(at) &&
    String(at.spelled('config.nameserver'))
      .split(' ')
      .some((address) => !/^(?:[\d.]+|[\da-f:.]+)$/i.test(address)),
  of: ['initialization'],
  why: 'the provider takes name servers only as addresses with one blank between them',
}

export const unmodelled = 'the provider does not model it; it stays as it is'
export const madeUp = 'Proxmox VE makes it up'

export const asides: readonly Aside[] = [
  {of: 'config.unused*', how: 'leftOut', why: 'a volume that is not in use stays as it is'},
  {of: 'snapshots', how: 'leftOut', why: 'snapshots are taken and rolled back, not declared'},
  {of: 'running', how: 'leftOut', why: 'what it runs with until its next start is not what is configured'},
  {of: 'facts.lock', how: 'leftOut', why: 'it lasts as long as what holds it'},
]

export const locked: Doubt = {
  when: has('facts.lock'),
  why: (at) => `it is locked (${String(at.get('facts.lock'))}): no edit is taken while it is`,
}
