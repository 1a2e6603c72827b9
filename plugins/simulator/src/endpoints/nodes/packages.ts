import {createHash} from 'node:crypto'
import {failure} from '../../errors.js'
import type {Release} from '../../contract/contract.js'
import {integer, isSet, required, text, type Call, type Endpoints} from '../../calls/call.js'
import type {NodeState, Repository, SourceFile} from '../../state/model.js'
import {TaskError} from '../../tasks/runner.js'
import {changedMeanwhile} from '../../calls/sections.js'
import {packages, updates, type PackageRow} from './package-table.js'
import {findNode, versionAt} from '../../calls/node.js'

const suites: Record<Release, string> = {'8.4': 'bookworm', '9.2': 'trixie'}
const enterprise = 'https://enterprise.proxmox.com/debian'
const download = 'http://download.proxmox.com/debian'

function repository(uri: string, suite: string[], ...components: string[]): Repository {
  return {Types: ['deb'], URIs: [uri], Suites: suite, Components: components, Enabled: 1}
}

/** Files below /etc/apt as the installer leaves them: lists before release 9, then deb822. */
function freshSources(release: Release): SourceFile[] {
  const suite = suites[release]
  const debian = [
    repository('http://deb.debian.org/debian', [suite, `${suite}-updates`], 'main', 'contrib', 'non-free-firmware'),
    repository('http://security.debian.org/debian-security', [`${suite}-security`], 'main', 'contrib'),
  ]
  const [ending, main] = release === '8.4' ? ['list', 'sources.list'] : ['sources', 'sources.list.d/debian.sources']
  return [
    {path: `/etc/apt/${main}`, repositories: debian},
    {
      path: `/etc/apt/sources.list.d/pve-enterprise.${ending}`,
      repositories: [repository(`${enterprise}/pve`, [suite], 'pve-enterprise')],
    },
    {
      path: `/etc/apt/sources.list.d/ceph.${ending}`,
      repositories: [repository(`${enterprise}/ceph-squid`, [suite], 'enterprise')],
    },
  ]
}

const sourcesOf = (call: Call, node: NodeState): SourceFile[] =>
  (node.sources ??= freshSources(call.sim.settings.release))

interface Standard {
  handle: string
  name: string
  description: string
  file: string
  repository: Repository
}

/** Repositories that are known by a handle. Fact: proxmox/proxmox:proxmox-apt. */
function standards(release: Release): Standard[] {
  const suite = suites[release]
  const ending = release === '8.4' ? 'list' : 'sources'
  const free = release === '8.4' ? 'sources.list' : 'sources.list.d/proxmox.sources'
  const test = release === '8.4' ? 'pvetest' : 'pve-test'
  const kinds: [handle: string, name: string, description: string][] = [
    ['enterprise', 'Enterprise', 'Stable packages, for hosts with a subscription.'],
    ['no-subscription', 'No-Subscription', 'Packages for tests and for hosts without a subscription.'],
    ['test', 'Test', 'Packages that are tried before they come to the others.'],
  ]
  const pve: [string, string][] = [
    [`${enterprise}/pve`, 'pve-enterprise'],
    [`${download}/pve`, 'pve-no-subscription'],
    [`${download}/pve`, test],
  ]
  const own = kinds.map(([handle, name, description], index) => ({
    handle,
    name,
    description,
    file: index === 0 ? `sources.list.d/pve-enterprise.${ending}` : free,
    repository: repository(pve[index]![0], [suite], pve[index]![1]),
  }))
  const releases = release === '8.4' ? ['quincy', 'reef', 'squid'] : ['squid']
  const ceph = releases.flatMap((line) =>
    kinds.map(([handle, name, description], index) => ({
      handle: `ceph-${line}-${handle}`,
      name: `Ceph ${line[0]!.toUpperCase()}${line.slice(1)} ${name}`,
      description,
      file: `sources.list.d/ceph.${ending}`,
      repository: repository(`${index === 0 ? enterprise : download}/ceph-${line}`, [suite], handle),
    })),
  )
  return [...own, ...ceph]
}

const isSame = (a: Repository, b: Repository): boolean =>
  a.URIs[0] === b.URIs[0] && a.Components[0] === b.Components[0] && a.Suites[0] === b.Suites[0]

const sha256 = (value: unknown): Buffer => createHash('sha256').update(JSON.stringify(value)).digest()

const commonDigest = (files: SourceFile[]): string => sha256(files).toString('hex')

function repositories(call: Call): unknown {
  const files = sourcesOf(call, findNode(call))
  const all = files.flatMap((file) => file.repositories)
  const type = (path: string): string => (path.endsWith('.list') ? 'list' : 'sources')
  return {
    errors: findNode(call).conditions?.sourceErrors ?? [],
    digest: commonDigest(files),
    files: files.map((file) => ({
      path: file.path,
      'file-type': type(file.path),
      digest: [...sha256(file)],
      repositories: file.repositories.map((one) => ({...one, FileType: type(file.path)})),
    })),
    infos: files.flatMap(({path, repositories: list}) =>
      list.map((one, index) => ({
        path,
        index: String(index),
        kind: 'origin',
        message: one.URIs[0]!.includes('proxmox.com') ? 'Proxmox' : 'Debian',
      })),
    ),
    'standard-repos': standards(call.sim.settings.release).map(({handle, name, description, repository: wanted}) => {
      const found = all.find((one) => isSame(one, wanted))
      return {handle, name, description, ...(found && {status: found.Enabled})}
    }),
  }
}

/** Refuses a change of files that are not those the client has read. @throws ApiError 500 */
function checkSources(call: Call, files: SourceFile[]): void {
  const digest = text(call, 'digest')
  if (digest !== undefined && digest !== commonDigest(files)) throw failure(changedMeanwhile)
}

function changeRepository(call: Call): unknown {
  const files = sourcesOf(call, findNode(call))
  checkSources(call, files)
  const [path, index] = [required(call, 'path'), integer(call, 'index', 0)]
  const file = files.find((one) => one.path === path)
  if (!file) throw failure(`invalid path - ${path}`)
  const one = file.repositories[index]
  if (!one) throw failure(`invalid index - ${index}`)
  if (text(call, 'enabled') !== undefined) one.Enabled = isSet(call, 'enabled') ? 1 : 0
  return null
}

function addRepository(call: Call): unknown {
  const files = sourcesOf(call, findNode(call))
  checkSources(call, files)
  const handle = required(call, 'handle')
  const wanted = standards(call.sim.settings.release).find((one) => one.handle === handle)
  if (!wanted) throw failure(`unknown repository handle '${handle}'`)
  const found = files.flatMap((file) => file.repositories).find((one) => isSame(one, wanted.repository))
  if (found) {
    found.Enabled = 1
    return null
  }
  const path = `/etc/apt/${wanted.file}`
  const file = files.find((one) => one.path === path)
  if (file) file.repositories.push(wanted.repository)
  else files.push({path, repositories: [wanted.repository]})
  return null
}

function packageEntry({name, section, title}: PackageRow, version: string, old: string): Record<string, string> {
  return {
    Package: name,
    Title: title,
    Description: `${title}.`,
    Section: section,
    Priority: 'optional',
    Arch: 'amd64',
    Origin: name === 'tzdata' || /deb1[23]/.test(version) ? 'Debian' : 'Proxmox',
    Version: version,
    OldVersion: old,
  }
}

function versions(call: Call): unknown {
  const {release} = call.sim.settings
  const {version: manager, repoid, kernel} = versionAt(call)
  const {kernels = [], packages: changed = {}} = findNode(call).conditions ?? {}
  const extra: Record<string, Record<string, string>> = {
    'pve-manager': {ManagerVersion: `${manager}/${repoid}`},
    'proxmox-ve': {RunningKernel: kernel},
  }
  const installed = packages.map((row) => ({
    ...packageEntry(row, changed[row.name]?.next ?? row.version[release], row.version[release]),
    CurrentState: changed[row.name]?.state ?? 'Installed',
    ...extra[row.name],
  }))
  return [...installed, ...kernels.map(kernelEntry)]
}

/** A kernel as PVE lists it among its packages. Seen in what `pveversion -v` prints, which asks the same. */
function kernelEntry(kernel: string): Record<string, string> {
  const row = {name: `proxmox-kernel-${kernel}-signed`, section: 'kernel', title: 'Proxmox Kernel Image', version: {}}
  const version = kernel.replace(/-pve$/, '')
  return {...packageEntry(row as PackageRow, version, version), CurrentState: 'Installed'}
}

function listUpdates(call: Call): unknown {
  const {packagesRead, conditions} = findNode(call)
  const {release} = call.sim.settings
  const newer = packages.flatMap((row) => {
    const next = conditions?.packages?.[row.name]?.next
    return next === undefined ? [] : [packageEntry(row, next, row.version[release])]
  })
  const read = packagesRead === undefined ? [] : updates[release]
  return [...newer, ...read.map((row) => packageEntry(row, row.next, row.version[release]))]
}

/** Reads the package lists: the repositories for subscribers answer only to them. */
function updateLists(call: Call): unknown {
  const node = findNode(call)
  return call.sim.tasks.start({node: node.name, type: 'aptupdate', id: '', user: call.auth}, (task) => {
    const say = (line: string): void => {
      if (!isSet(call, 'quiet')) task.log(line)
    }
    say('starting apt-get update')
    const wanted = sourcesOf(call, node).flatMap((file) => file.repositories.filter(({Enabled}) => Enabled === 1))
    const closed = node.subscription?.status !== 'active'
    let failed = call.sim.state.world.offline ?? false
    wanted.forEach(({URIs, Suites}, index) => {
      const refused = closed && URIs[0]!.startsWith(enterprise)
      failed ||= refused
      say(`${refused || call.sim.state.world.offline ? 'Err' : 'Get'}:${index + 1} ${URIs[0]} ${Suites[0]} InRelease`)
      if (refused) say('  401  Unauthorized')
    })
    if (failed) throw new TaskError(`command 'apt-get update' failed: exit code 100`)
    say('Reading package lists...')
    node.packagesRead = call.sim.now()
  })
}

/** What apt-get prints of a package's changes; what it fails with stands in the text. Fact: PVE/API2/APT.pm. */
function changelog(call: Call): unknown {
  const {release} = call.sim.settings
  const name = required(call, 'name')
  const row = packages.find((one) => one.name === name)
  const version = text(call, 'version') ?? row?.version[release]
  if (!row) return `E: Unable to locate package ${name}\nRC: 100`
  if (call.sim.state.world.offline) return `E: Failed to fetch changelog:/${name}.changelog\nRC: 100`
  if (version !== row.version[release]) return `E: Version '${version}' for '${name}' was not found\nRC: 100`
  return `${name} (${version}) ${suites[release]}; urgency=medium\n\n  * ${row.title}\n`
}

export const packageEndpoints: Endpoints = {
  'GET /nodes/{node}/apt/repositories': repositories,
  'POST /nodes/{node}/apt/repositories': changeRepository,
  'PUT /nodes/{node}/apt/repositories': addRepository,
  'GET /nodes/{node}/apt/versions': versions,
  'GET /nodes/{node}/apt/update': listUpdates,
  'POST /nodes/{node}/apt/update': updateLists,
  'GET /nodes/{node}/apt/changelog': changelog,
}
