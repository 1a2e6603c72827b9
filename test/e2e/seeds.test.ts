import {spawnSync} from 'node:child_process'
import {readFileSync, readdirSync} from 'node:fs'
import path from 'node:path'
import {parse} from 'yaml'
import {expect} from 'chai'
import {Lab, type Clone} from '../support/lab.js'

type Raw = Record<string, string | number>
interface Manifest {
  kind: string
  id: number | string
  pool?: string
  config: Record<string, unknown>
}

/** Default key of each property string, as PVE's contract marks them; others have none. */
const defaultKeys: [RegExp, string][] = [
  [/^(?:scsi|virtio|ide|sata|efidisk|tpmstate)\d+$/, 'file'],
  [/^(?:rootfs|mp\d+)$/, 'volume'],
  [/^dev\d+$/, 'path'],
  [/^agent$/, 'enabled'],
  [/^cpu$/, 'cputype'],
  [/^(?:vga|machine)$/, 'type'],
  [/^startup$/, 'order'],
  [/^rng0$/, 'source'],
  [/^(?:usb|hostpci)\d+$/, 'host'],
  [/^boot$/, 'legacy'],
]
/** What is a list within a map. */
const lists: [RegExp, string][] = [
  [/^boot$/, 'order'],
  [/^cpu$/, 'flags'],
  [/^net\d+$/, 'trunks'],
  [/^features$/, 'mount'],
  [/^(?:rootfs|mp\d+)$/, 'mountoptions'],
]
const maps = /^(?:net|ipconfig)\d+$|^(?:features|smbios1|prune-backups|ivshmem|spice_enhancements|audio0|cicustom)$/
const numbers = /^(?:\d+|\d+\.\d+)$/

/** A value as PVE prints it, taken apart by PVE's own rules; written without pmpc's code. */
function expected(key: string, raw: string | number): unknown {
  const text = String(raw)
  if (key === 'tags') return [...new Set(text.split(';'))].sort()
  if (key === 'content' || key === 'nodes' || key === 'hotplug') return text.split(',').sort()
  if (key === 'sshkeys') return decodeURIComponent(text).trim()
  if (key === 'description' || key === 'comment') return text.trimEnd()
  const [, first] = defaultKeys.find(([pattern]) => pattern.test(key)) ?? []
  if (first === undefined && !maps.test(key)) return text
  const map: Record<string, string | string[]> = {}
  for (const [index, part] of text.split(',').entries()) {
    const [name, ...rest] = part.split('=')
    if (rest.length === 0 && index === 0 && first !== undefined) map[first] = part
    else if (/^net\d+$/.test(key) && index === 0 && /^(?:virtio|e1000e?|rtl8139|vmxnet3)$/.test(name!))
      Object.assign(map, {model: name, macaddr: rest.join('=')})
    else map[name!] = rest.join('=')
  }
  delete map.uuid
  for (const [pattern, name] of lists)
    if (pattern.test(key) && typeof map[name] === 'string') map[name] = map[name].split(';')
  return map
}

/** Numbers are compared as numbers: PVE prints 512 here and "512" there. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]))
  return typeof value === 'string' && numbers.test(value) ? String(Number(value)) : String(value)
}

const generated = /^(?:digest|lock|parent|meta|vmgenid|unused\d+)$/

function expectedConfig(raw: Raw): Record<string, unknown> {
  const config: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(raw)) {
    if (generated.test(key)) continue
    const taken = plain(expected(key, value))
    if (key === 'smbios1' && Object.keys(taken as object).length === 0) continue
    config[key] = taken
  }
  return config
}

/** Reads all manifests with PyYAML, a parser of YAML 1.1 that is not ours; with ours where it is not at hand. */
function manifestsOf(clone: Clone): Map<string, Manifest> {
  const folder = path.join(clone.root, 'infra')
  const files = (readdirSync(folder, {recursive: true}) as string[])
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => path.join(folder, name))
  const script =
    'import json, sys, yaml; print(json.dumps([yaml.safe_load(open(f, encoding="utf8")) for f in sys.argv[1:]]))'
  const other = spawnSync('python3', ['-c', script, ...files], {encoding: 'utf8', maxBuffer: 1 << 28})
  if (other.status !== 0) console.log('      no PyYAML here: manifests are read with the yaml package')
  const manifests = (
    other.status === 0 ? JSON.parse(other.stdout) : files.map((file) => parse(readFileSync(file, 'utf8')) as unknown)
  ) as Manifest[]
  return new Map(manifests.map((manifest) => [`${manifest.kind}/${manifest.id}`, manifest]))
}

describe('seeds, from one node to many', function () {
  this.timeout(120_000)
  for (const [name, options] of [
    ['one node', {seed: 'homelab'}],
    ['three nodes', {seed: 'cluster'}],
    ['thirty-two nodes', {nodes: 32, guests: 200}],
    ['three nodes of PVE 8.4', {seed: 'cluster', pve: '8.4' as const}],
  ] as const) {
    it(name, async () => {
      const lab = await Lab.start(options)
      try {
        const ws = await lab.workspace()
        await ws.sync()
        expect(await ws.git('diff', '--stat', 'infra')).to.not.equal('')
        await ws.must('accept')
        expect(await ws.git('diff')).to.equal('')
        const head = await ws.head()
        const second = await ws.sync()
        expect([second.commit, second.open, second.stale]).to.deep.equal([null, {drift: 0, conflicts: 0}, []])
        expect(await ws.head()).to.equal(head)
        expect(await ws.git('status', '--porcelain')).to.equal('')
        const fresh = await lab.clone('ws', 'fresh', {init: false})
        expect((await fresh.sync()).commit).to.equal(null)
        expect(await fresh.git('status', '--porcelain')).to.equal('')
        await expectEqualToTheApi(lab, fresh)
      } finally {
        await lab.stop()
      }
    })
  }
})

/** Every guest, storage and pool that the API lists has a manifest that says the same, key by key, and there is no other of them. */
async function expectEqualToTheApi(lab: Lab, clone: Clone): Promise<void> {
  const manifests = manifestsOf(clone)
  const resources = await lab.api<Raw[]>('GET', '/cluster/resources')
  const names = new Set<string>()
  for (const entry of resources.filter(({type}) => type === 'qemu' || type === 'lxc')) {
    const name = `${entry.type === 'qemu' ? 'vm' : 'container'}/${entry.vmid}`
    names.add(name)
    const manifest = manifests.get(name)!
    const raw = await lab.api<Raw>('GET', `/nodes/${entry.node}/${entry.type}/${entry.vmid}/config`)
    // A text of several lines is written as a block, which ends in a line end; PVE has one at the end of a container's.
    if (typeof manifest.config.description === 'string')
      manifest.config.description = manifest.config.description.trimEnd()
    expect(plain(manifest.config), name).to.deep.equal(expectedConfig(raw))
    expect(manifest.pool, name).to.equal(entry.pool)
  }
  for (const raw of await lab.api<Raw[]>('GET', '/storage')) {
    names.add(`storage/${raw.storage}`)
    const {storage, ...config} = raw
    expect(plain(manifests.get(`storage/${storage}`)!.config), `storage/${storage}`).to.deep.equal(
      expectedConfig(config as Raw),
    )
  }
  for (const {poolid, comment} of await lab.api<Raw[]>('GET', '/pools')) {
    names.add(`pool/${poolid}`)
    const {storage, ...config} = manifests.get(`pool/${poolid}`)!.config ?? {}
    expect(plain(config), `pool/${poolid}`).to.deep.equal(comment === undefined ? {} : expectedConfig({comment}))
    const [pool] = await lab.api<{members: {type: string; storage: string}[]}[]>('GET', '/pools', {
      poolid: poolid!,
    })
    const members = pool!.members.filter(({type}) => type === 'storage').map((member) => member.storage)
    expect(storage ?? [], `pool/${poolid}`).to.deep.equal([...new Set(members)].sort())
  }
  const ofTheseKinds = [...manifests.keys()].filter((key) => /^(vm|container|storage|pool)\//.test(key))
  expect(ofTheseKinds.sort()).to.deep.equal([...names].sort())
}
