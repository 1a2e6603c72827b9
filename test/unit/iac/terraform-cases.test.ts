import path from 'node:path'
import {expect} from 'chai'
import {clusterOf} from '../../../plugins/iac/src/estate.js'
import {emitCluster, type EmittedCluster} from '../../../plugins/iac/src/terraform/emit.js'
import type {Body, Expression, Item, Raw} from '../../../plugins/iac/src/terraform/hcl.js'
import {tables} from '../../../plugins/iac/src/terraform/rows/index.js'
import {configOf, spelledIn} from '../../../src/kit/fetch/answers.js'
import type {Observed} from '../../../src/kit/resources/index.js'
import {wireKindOf} from '../../../src/kit/resources/kinds/on-wire.js'
import type {ClusterConfig} from '../../../src/kit/workspace/index.js'
import {isWhole, least, readLines, referencePath} from '../../support/reference.js'

// Guests as they were on the real daemon, and what the real provider's Read stored of them: the code has to say the same, attribute by attribute.

type State = Record<string, unknown>

interface Case {
  name: string
  config: Record<string, unknown>
  hcl: string
  readState: State
  result: {noop: boolean; ignore_changes: string[]; edit_unsafe?: string}
}

const sample = path.join(import.meta.dirname, '../../fixtures/iac/import-cases.jsonl')
const file = isWhole ? referencePath('..', 'reference', 'iac-cases', 'import-cases.jsonl') : sample
const cases = readLines<Case>(file).filter(({hcl}) => hcl !== undefined)

const settings: ClusterConfig = {endpoints: ['https://192.0.2.1:8006'], token: 'root@pam!t', trust: {system: true}}

/** A case as it would be recorded. */
function observed({name, config, readState}: Case): Observed {
  const kind = config.arch === undefined || config.rootfs === undefined ? 'vm' : 'container'
  const wire = wireKindOf(kind)
  const pool: Record<string, string> =
    typeof readState?.pool_id === 'string' && readState.pool_id !== '' ? {pool: readState.pool_id} : {}
  const status = readState?.started === true ? 'running' : 'stopped'
  return {
    ...{kind, id: Number(name.split('-')[0])},
    config: configOf(wire, config),
    facts: {node: 'pve1', status, ...pool, ...spelledIn(wire, config)},
  }
}

/** What an absent attribute is, by the provider's schema; `*` may be anything, as Terraform takes what is there. */
const defaults: Readonly<Record<string, unknown>> = {
  acpi: true,
  bios: 'seabios',
  keyboard_layout: 'en-us',
  tablet_device: true,
  scsi_hardware: 'virtio-scsi-pci',
  delete_unreferenced_disks_on_destroy: true,
  purge_on_destroy: true,
  reboot_after_update: true,
  timeout_clone: 1800,
  timeout_create: 1800,
  timeout_migrate: 1800,
  timeout_move_disk: 1800,
  timeout_reboot: 1800,
  timeout_shutdown_vm: 1800,
  timeout_start_vm: 1800,
  timeout_stop_vm: 300,
  ...Object.fromEntries(
    ['id', 'boot_order', 'hotplug', 'vga', 'ipv4', 'ipv6', 'ipv4_addresses', 'ipv6_addresses', 'mac_addresses'].map(
      (name) => [name, '*'],
    ),
  ),
  network_interface_names: '*',
  network_device: '*',
  'agent.timeout': '15m',
  'agent.type': 'virtio',
  'audio_device.enabled': true,
  'cdrom.enabled': '*',
  'console.enabled': true,
  'console.tty_count': 2,
  'console.type': 'tty',
  'cpu.architecture': 'amd64',
  'cpu.type': 'qemu64',
  'cpu.units': '*',
  'device_passthrough.mode': '0660',
  'disk.aio': 'io_uring',
  'disk.backup': true,
  'disk.cache': 'none',
  'disk.discard': 'ignore',
  'disk.file_format': '*',
  'disk.path_in_datastore': '*',
  'disk.replicate': true,
  'efi_disk.file_format': '*',
  'initialization.file_format': '*',
  'initialization.interface': '*',
  'initialization.type': '*',
  'initialization.upgrade': '*',
  // The provider takes an absent password for the one that is there.
  'initialization.user_account.password': '**********',
  'memory.dedicated': 512,
  'mount_point.path_in_datastore': '*',
  'mount_point.replicate': true,
  'network_device.enabled': true,
  'network_device.model': 'virtio',
  'network_interface.enabled': true,
  'numa.policy': 'preferred',
  'startup.down_delay': -1,
  'startup.order': -1,
  'startup.up_delay': -1,
  'tpm_state.version': 'v2.0',
  'vga.memory': 16,
  'virtiofs.cache': 'auto',
}

/** What the code says otherwise than the state; a list of texts counts as a set where the provider takes it for one. */
function differing(body: Body, state: State, ignored: ReadonlySet<string>, before = ''): string[] {
  const names = new Set([...Object.keys(state), ...body.map(nameOf)])
  return [...names].flatMap((name) => {
    if (ignored.has(name) || name === 'lifecycle') return []
    const items = body.filter((item) => nameOf(item) === name)
    const blocks = items.flatMap((item) => ('body' in item ? [item.body] : []))
    const at = before + name
    const stored = state[name]
    if (blocks.length > 0) {
      const states = (stored ?? []) as State[]
      if (states.length !== blocks.length) return [`${at}: ${blocks.length} blocks, and ${states.length} in the state`]
      return states.flatMap((each, place) => differing(blocks[place]!, each ?? {}, new Set(), `${at}.`))
    }
    const [attribute] = items
    if (attribute && 'value' in attribute)
      return same(attribute.value, stored)
        ? []
        : [`${at}: ${JSON.stringify(attribute.value)}, and ${JSON.stringify(stored)} in the state`]
    const byDefault = defaults[at]
    return byDefault === '*' || isNothing(stored) || stored === byDefault
      ? []
      : [`${at}: absent, and ${JSON.stringify(stored)} in the state`]
  })
}

const nameOf = (item: Item): string => ('type' in item ? item.type : 'name' in item ? item.name : '')

const isNothing = (value: unknown): boolean =>
  [undefined, null, '', 0, false].includes(value as null) ||
  (typeof value === 'object' && Object.keys(value!).length === 0)

function same(value: Expression, stored: unknown): boolean {
  if (Array.isArray(value) && Array.isArray(stored)) return sorted(value) === sorted(stored)
  if (typeof value === 'string' && typeof stored === 'string') {
    // The order of what may be plugged in means nothing to the provider, nor does the end of a description.
    const [mine, theirs] = [value, stored].map((text) => text.trimEnd().normalize('NFC'))
    return mine === theirs || sorted(value.split(',')) === sorted(stored.split(','))
  }
  return value === stored
}

const sorted = (list: readonly unknown[]): string => JSON.stringify([...list].sort())

describe('guests in Terraform, against what the real provider read of the same', () => {
  const objects = cases.map(observed)
  const emitted: EmittedCluster = emitCluster(clusterOf('home', settings, objects), tables, (_key, _type, wish) => wish)
  const of = (at: number) => {
    const object = `home/${objects[at]!.kind}/${objects[at]!.id}`
    return {
      resource: emitted.resources.find(({key}) => key === object),
      verdict: emitted.verdicts.find((each) => each.object === object)!,
    }
  }

  it('has cases', () => expect(cases.length).to.be.at.least(least(115, 18)))

  it('knows every key of them', () => expect(emitted.unmapped).to.deep.equal([]))

  it('says exactly what Read stored, but for what is left alone', () => {
    const found = cases.flatMap(({name, readState}, at) => {
      const {resource} = of(at)
      return resource
        ? differing(resource.block.body, readState, ignoredIn(resource.block.body)).map((what) => `${name}: ${what}`)
        : []
    })
    expect(found).to.deep.equal([])
  })

  it('leaves alone what has to be, and nothing else', () => {
    for (const [at, {name, result}] of cases.entries()) {
      const {resource} = of(at)
      if (resource)
        expect([...ignoredIn(resource.block.body)].sort(), name).to.deep.equal([...result.ignore_changes].sort())
    }
  })

  it('tells which can be edited, which not, and which not be read', () => {
    for (const [at, {name, result}] of cases.entries()) {
      const {verdict, resource} = of(at)
      const expected = !result.noop ? 'unmanageable' : result.edit_unsafe === undefined ? 'safe' : 'unsafe'
      expect(verdict.verdict, name).to.equal(expected)
      expect(resource !== undefined, name).to.equal(result.noop)
      if (expected !== 'safe')
        expect(verdict.change, name).to.match(/^pmpc set home\/(?:vm|container)\/\d+ .+ --apply$/)
    }
  })
})

function ignoredIn(body: Body): Set<string> {
  const lifecycle = body.find((item) => 'type' in item && item.type === 'lifecycle') as {body: Body} | undefined
  const list = lifecycle?.body.find((item) => 'name' in item && item.name === 'ignore_changes') as
    {value: readonly Raw[]} | undefined
  return new Set(list?.value.map(({text}) => text) ?? [])
}
