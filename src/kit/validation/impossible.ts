import {BlockList, isIP} from 'node:net'
import {compareNatural, isMap, kindOf, own, type Config, type ValueMap} from '../resources/index.js'
import {called, isRecordedAt, type Say} from './remark.js'
import type {World} from './world.js'

/** Numbers that Proxmox VE takes for a guest (pve-common, PVE/JSONSchema.pm (pve_verify_vmid)). */
const lowestVmid = 100
/** MiB, where nothing is said (qm.conf(5)). */
const usualMemory = 512

interface Odd {
  /** Below `config`. */
  path: readonly string[]
  message: string
  code?: string
  word?: string
  /** The other keys that it follows from. */
  besides?: readonly string[]
  /** It works, and is hardly meant. */
  isOdd?: true
}

type Look = (config: Config) => Iterable<Odd>

/** What a guest's configuration cannot be as a whole, though each value of it can: by PVE's name of its sort. */
const looks: Readonly<Record<'qemu' | 'lxc', readonly Look[]>> = {
  qemu: [balloonFits, vcpusFit, bootsFromWhatIsThere, oneCloudInit, oneOfHostAndMapping, firmwareFits, gatewaysFit],
  lxc: [namesOfNics, mountPoints, gatewaysFit],
}

/** What cannot be in a guest, and numbers that no guest may have, or only one. */
export function checkPossible(world: World, say: Say): void {
  for (const thing of world.things.values()) {
    if (!thing.declared) continue
    const {kind, id, config} = thing.naming
    const {id: sort, guest} = kindOf(kind)
    if (sort === 'vmid' && typeof id === 'number' && id < lowestVmid)
      say({
        ...{thing, severity: 'error', code: 'bad-id', path: ['id']},
        message: `${called(thing.naming)}: the ids of guests begin with ${lowestVmid}`,
      })
    if (!guest) continue
    const twins = world.guests(String(id)).filter(({naming}) => naming.kind !== kind)
    for (const {naming, declared} of twins)
      say({
        ...{thing, severity: 'error', code: 'duplicate-id', path: ['id']},
        message: `${called(thing.naming)}: ${called(naming)} has this id, too (${declared ? `${declared.path}, line ${declared.position.line}` : 'it is in the cluster'}); a guest's id is its alone`,
      })
    for (const look of looks[guest])
      for (const {path, message, code = 'impossible', word, besides = [], isOdd} of look(config))
        say({
          ...{thing, code: isOdd ? 'odd' : code, path: ['config', ...path]},
          severity:
            isOdd || [path, ...besides.map((key) => [key])].every((one) => isRecordedAt(thing, one))
              ? 'warning'
              : 'error',
          message: `${called(thing.naming)} ${message}`,
          ...(word !== undefined && {word}),
        })
  }
}

const numberAt = (config: Config, key: string): number | undefined => {
  const value = own(config, key)
  return typeof value === 'number' ? value : undefined
}

/** qemu-server, PVE/API2/Qemu.pm (update_vm_api): "balloon value too large". */
function* balloonFits(config: Config): Iterable<Odd> {
  const memory = isMap(config.memory) ? Number(config.memory.current) : (numberAt(config, 'memory') ?? usualMemory)
  const balloon = numberAt(config, 'balloon') ?? 0
  if (balloon > memory)
    yield {
      path: ['balloon'],
      besides: ['memory'],
      message: `config.balloon: ${balloon} MiB are more than its memory, ${memory} MiB`,
    }
}

function* vcpusFit(config: Config): Iterable<Odd> {
  const all = (numberAt(config, 'sockets') ?? 1) * (numberAt(config, 'cores') ?? 1)
  const vcpus = numberAt(config, 'vcpus') ?? 0
  if (vcpus > all)
    yield {
      path: ['vcpus'],
      besides: ['sockets', 'cores'],
      message: `config.vcpus: ${vcpus} are more than sockets times cores, ${all}`,
    }
}

/** qemu-server, PVE/API2/Qemu.pm: "invalid bootorder: device '…' does not exist". */
function* bootsFromWhatIsThere(config: Config): Iterable<Odd> {
  const order = isMap(config.boot) ? config.boot.order : undefined
  for (const device of String(order ?? '').split(/[;,\s]+/))
    if (device !== '' && own(config, device) === undefined)
      yield {
        path: ['boot', 'order'],
        word: device,
        besides: [device],
        message: `config.boot.order: it has no device ${device}`,
      }
  const disk = own(config, 'bootdisk')
  if (typeof disk === 'string' && own(config, disk) === undefined)
    yield {path: ['bootdisk'], message: `config.bootdisk: it has no device ${disk}`, isOdd: true}
}

/** qemu-server, PVE/QemuServer/Drive.pm (drive_is_cloudinit), PVE/API2/Qemu.pm. */
function* oneCloudInit(config: Config): Iterable<Odd> {
  const drives = maps(config).filter(([, {file}]) => /[:-]cloudinit(?:\.\w+)?$/.test(String(file ?? '')))
  for (const [key] of drives.slice(1))
    yield {
      path: [key, 'file'],
      besides: [drives[0]![0]],
      message: `config.${key}: ${drives[0]![0]} is its cloud-init drive already`,
    }
}

/** qemu-server, PVE/QemuServer/PCI.pm and USB.pm. */
function* oneOfHostAndMapping(config: Config): Iterable<Odd> {
  for (const [key, {host, mapping}] of maps(config))
    if (/^(?:hostpci|usb)\d+$/.test(key) && (host === undefined) === (mapping === undefined))
      yield {path: [key], message: `config.${key}: it takes host or mapping, one of the two`}
}

function* firmwareFits(config: Config): Iterable<Odd> {
  const isOvmf = config.bios === 'ovmf'
  if (config.efidisk0 !== undefined && !isOvmf)
    yield {path: ['efidisk0'], message: 'config.efidisk0: only bios: ovmf uses it', isOdd: true}
  if (isOvmf && config.efidisk0 === undefined)
    yield {
      path: ['bios'],
      message: 'config.bios: without an efidisk0 the settings of OVMF last until it stops',
      isOdd: true,
    }
}

function* namesOfNics(config: Config): Iterable<Odd> {
  yield* twice(config, /^net\d+$/, 'name', ({name}) => name)
}

function* mountPoints(config: Config): Iterable<Odd> {
  yield* twice(config, /^mp\d+$/, 'mp', ({mp}) => (typeof mp === 'string' ? mp.replace(/(?<=.)\/+$/, '') : undefined))
}

function* twice(config: Config, keys: RegExp, subkey: string, valueOf: (map: ValueMap) => unknown): Iterable<Odd> {
  const seen = new Map<unknown, string>()
  for (const [key, map] of maps(config)) {
    const value = keys.test(key) ? valueOf(map) : undefined
    const first = seen.get(value)
    if (first !== undefined)
      yield {
        path: [key, subkey],
        besides: [first],
        message: `config.${key}.${subkey}: ${String(value)} is that of ${first}, too`,
      }
    else if (value !== undefined) seen.set(value, key)
  }
}

/** A gateway that is not in the network of the address beside it is reached by a route of its own at best. */
function* gatewaysFit(config: Config): Iterable<Odd> {
  for (const [key, map] of maps(config))
    for (const [ip, gw, family] of [
      ['ip', 'gw', 'ipv4'],
      ['ip6', 'gw6', 'ipv6'],
    ] as const) {
      const [address = '', length] = String(own(map, ip) ?? '').split('/')
      const gateway = own(map, gw)
      if (!/^(?:net|ipconfig)\d+$/.test(key) || isIP(address) === 0 || typeof gateway !== 'string') continue
      if (isIP(gateway) !== isIP(address) || length === undefined || /^fe[89ab]/i.test(gateway)) continue
      const network = new BlockList()
      network.addSubnet(address, Number(length), family)
      if (!network.check(gateway, family))
        yield {
          path: [key, gw],
          message: `config.${key}.${gw}: ${gateway} is not in the network of ${address}/${length}`,
          isOdd: true,
        }
    }
}

/** Keys with sub-keys, `net0` before `net7` and `net10`. */
function maps(config: Config): [string, ValueMap][] {
  return Object.entries(config)
    .filter((entry): entry is [string, ValueMap] => isMap(entry[1]))
    .sort(([a], [b]) => compareNatural(a, b))
}
