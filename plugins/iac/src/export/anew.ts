import {kindOf, type Config, type KindName, type Observed, type Value} from 'pmpc/kit/resources'
import {parseSize} from 'pmpc/kit/values'
import {storageOf} from '../terraform/rows/guests.js'
import {isMap, setAt} from './at.js'
import type {NameTools} from './renamed.js'

/** A key of an object that is made otherwise than it is, or not at all, and why. */
export interface Told {
  key: string
  how: 'leftOut' | 'changed'
  why: string
}

/** Another value for a key; undefined takes it out. */
interface Change {
  path: readonly string[]
  value: Value | undefined
  why: string
}

type Adjustment = (object: Observed, tools: NameTools) => Change[]

/**
 * An object as one that is yet to be made: without what is only its own, and so that the provider takes it. Pure.
 * @param keepsMacs whether network cards have the addresses of the original
 */
export function anew(object: Observed, keepsMacs: boolean, tools: NameTools): {object: Observed; told: Told[]} {
  const told: Told[] = []
  let made = {...object, config: {...ownValues[object.kind], ...object.config}}
  for (const adjustment of [...(keepsMacs ? [] : [macs]), ...(of[object.kind] ?? [])])
    for (const {path, value, why} of adjustment(made, tools)) {
      const key = ['config', ...path].join('.')
      told.push({key, how: value === undefined ? 'leftOut' : 'changed', why})
      made = {...made, config: setAt(made.config, path, value), facts: withoutSpelling(made.facts, path)}
    }
  return {object: made, told}
}

/** How Proxmox VE spells a value says nothing of another one. */
function withoutSpelling(facts: Observed['facts'], path: readonly string[]): Observed['facts'] {
  const fact = `spelled.${path.join('.')}`
  return Object.fromEntries(Object.entries(facts).filter(([name]) => name !== fact && !name.startsWith(`${fact}.`)))
}

/** What absent keys mean in Proxmox VE, and what the provider would make something else of (qemu-server, PVE/QemuServer.pm ($confdesc)). */
const ownValues: Readonly<Partial<Record<KindName, Config>>> = {
  vm: {scsihw: 'lsi', ostype: 'other', memory: 512},
  container: {ostype: 'unmanaged', memory: 512},
}

const macs: Adjustment = (object, tools) =>
  tools
    .claimedBy(object)
    .filter(({what}) => what === 'mac')
    .map(({path}) => ({
      path,
      value: undefined,
      why: 'two machines with one address disturb each other: `macs: keep` keeps it',
    }))

/** What Proxmox VE makes up within other values: the UUID of SMBIOS. */
const identities: Adjustment = ({kind, config}) =>
  Object.entries(kindOf(kind).generated?.subkeys ?? {}).flatMap(([key, subkeys]) =>
    subkeys.flatMap((subkey) =>
      isMap(config[key]) && Object.hasOwn(config[key], subkey)
        ? [{path: [key, subkey], value: undefined, why: 'Proxmox VE makes up another'}]
        : [],
    ),
  )

const keysOf = ({config}: Observed, pattern: RegExp): [string, Config][] =>
  Object.entries(config).flatMap(([key, value]): [string, Config][] =>
    pattern.test(key) && isMap(value) ? [[key, value]] : [],
  )

const gibibyte = 2 ** 30

/** The provider makes whole GiB. */
const sizes =
  (pattern: RegExp): Adjustment =>
  (object) =>
    keysOf(object, pattern).flatMap(([key, {size, media}]): Change[] => {
      const bytes = parseSize(String(size ?? '')) ?? 0
      const whole = Math.max(1, Math.ceil(bytes / gibibyte))
      return size === undefined || media !== undefined || bytes === whole * gibibyte
        ? []
        : [{path: [key, 'size'], value: `${whole}G`, why: `${String(size)}: the provider makes whole GiB`}]
    })

/** A volume that is made is named by its storage. */
const volumes: Adjustment = (object) =>
  keysOf(object, /^(?:rootfs|mp\d+)$/).flatMap(([key, {volume}]) => {
    const storage = storageOf(volume)
    return storage === undefined ? [] : [{path: [key, 'volume'], value: storage, why: 'an empty one is made'}]
  })

/** What the provider cannot read of a VM: limits with a fraction. */
const fractions: Adjustment = (object) =>
  keysOf(object, drives).flatMap(([key, drive]) =>
    Object.entries(drive).flatMap(([subkey, value]): Change[] =>
      /^(?:mbps|iops)/.test(subkey) && !Number.isInteger(Number(value))
        ? [{path: [key, subkey], value: Math.ceil(Number(value)), why: 'the provider takes whole numbers'}]
        : [],
    ),
  )

const drives = /^(?:ide|sata|scsi|virtio)\d+$/

/** Nor ranges of VLANs. */
const trunks: Adjustment = (object) =>
  keysOf(object, /^net\d+$/).flatMap(([key, {trunks: vlans}]): Change[] =>
    /-/.test(String(vlans))
      ? [{path: [key, 'trunks'], value: vlansOf(String(vlans)), why: 'the provider takes no range of VLANs'}]
      : [],
  )

const vlansOf = (text: string): string =>
  text
    .split(';')
    .flatMap((part) => {
      const [from = 0, to = from] = part.split('-').map(Number)
      return Array.from({length: Math.max(0, to - from + 1)}, (_, at) => from + at)
    })
    .join(';')

/** Nor texts of SMBIOS that are no base64; the provider writes all as base64. */
const smbios: Adjustment = ({config: {smbios1}}) =>
  isMap(smbios1) && smbios1.base64 !== 1
    ? [
        ...Object.entries(smbios1).flatMap(([key, value]): Change[] =>
          key === 'uuid' || key === 'base64'
            ? []
            : [
                {
                  path: ['smbios1', key],
                  value: Buffer.from(String(value)).toString('base64'),
                  why: 'the provider writes it as base64',
                },
              ],
        ),
      ]
    : []

const downtime: Adjustment = ({config: {migrate_downtime: value}}) =>
  value === undefined ? [] : [{path: ['migrate_downtime'], value: undefined, why: 'the provider cannot read it'}]

/** What absent parts of values mean: a NUMA node prefers its memory. */
const policies: Adjustment = (object) =>
  keysOf(object, /^numa\d+$/).flatMap(([key, node]): Change[] =>
    node.policy === undefined
      ? [{path: [key], value: {...node, policy: 'preferred'}, why: 'what an absent policy means'}]
      : [],
  )

/** The secret of a token is made anew where the token is. */
const tokens: Adjustment = ({config}) =>
  config.tokens === undefined
    ? []
    : [
        {
          path: ['tokens'],
          value: undefined,
          why: 'a token is made by hand, so that its secret is in no state of Terraform',
        },
      ]

const ofTokens: Adjustment = ({config}) =>
  Object.entries(config).flatMap(([path, onPath]) =>
    Object.keys(isMap(onPath) ? onPath : {}).flatMap((who) =>
      who.includes('!') ? [{path: [path, who], value: undefined, why: 'it is of a token, which is left out'}] : [],
    ),
  )

const of: Readonly<Partial<Record<KindName, readonly Adjustment[]>>> = {
  vm: [identities, sizes(drives), fractions, trunks, smbios, downtime, policies],
  container: [sizes(/^(?:rootfs|mp\d+)$/), volumes],
  user: [tokens],
  acl: [ofTokens],
}
