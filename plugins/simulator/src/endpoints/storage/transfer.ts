import {createHash} from 'node:crypto'
import {badParameter, failure} from '../../errors.js'
import {type Upload, required, text, type Call, type Endpoints} from '../../calls/call.js'
import type {StorageState, Volume} from '../../state/model.js'
import {normalizeFileName, shownFormat} from '../../storage/names.js'
import {
  activeStorage,
  contentFolder,
  contentTypes,
  findVolume,
  pluginOf,
  putFile,
  usableStorage,
} from '../../storage/volumes.js'
import {lacks, notExecuted, unreachable} from '../../storage/world.js'
import {TaskError} from '../../tasks/runner.js'
import {nodeName} from '../../calls/node.js'

/** Names of files that may be brought in, by kind. Fact: pve-storage, `upload` and `download_url`. */
const incoming: Record<string, {pattern: RegExp; problem: string}> = {
  iso: {pattern: /^[^/]+\.(?:iso|img)$/i, problem: 'wrong file extension'},
  vztmpl: {pattern: /^[^/]+\.tar\.(?:gz|xz|zst|bz2)$/i, problem: 'wrong file extension'},
  import: {pattern: /^[a-zA-Z0-9\-.+=_]+\.(?:ova|qcow2|raw|vmdk)$/, problem: 'invalid filename or wrong extension'},
}

/** Name under which a file is kept. @throws ApiError 400 for an extension that its kind does not have */
function fileName(call: Call, content: string): string {
  const name = normalizeFileName(required(call, 'filename'))
  const rule = incoming[content]!
  if (!rule.pattern.test(name)) throw badParameter('filename', rule.problem)
  return name
}

const checkedPath = (storage: StorageState, content: string, name: string): string =>
  `${contentFolder(storage, content)}/${name}`

interface Arrived {
  content: string
  name: string
  size: number
  checksum?: string
}

function keep(call: Call, storage: StorageState, {content, name, size, checksum}: Arrived): Volume {
  return putFile(call.sim.state, nodeName(call), {
    volid: `${storage.storage}:${content}/${name}`,
    size,
    used: 0,
    format: shownFormat(content, name),
    content,
    ctime: call.sim.now(),
    ...(checksum !== undefined && {checksum}),
  })
}

/** Takes a file sent by the client; only its size and checksums are kept. */
function upload(call: Call): unknown {
  const node = nodeName(call)
  const storage = usableStorage(call.sim.state, required(call, 'storage'), node)
  if (!pluginOf(storage).files) throw failure(`can't upload to storage type '${storage.type}'`)
  const {upload: file} = call
  if (!file) throw failure('missing temporary file name')
  const content = required(call, 'content')
  const name = fileName(call, content)
  if (!contentTypes(storage).includes(content))
    throw failure(`storage '${storage.storage}' does not support '${content}' content`)
  activeStorage(call.sim.state, storage.storage, node)
  const path = checkedPath(storage, content, name)
  return call.sim.tasks.start({node, type: 'imgcopy', id: '', user: call.auth}, (task) => {
    task.log(`starting file import from: ${file.path}`)
    checkUpload(call, file, task.log)
    task.log(`target node: ${node}`)
    task.log(`target file: ${path}`)
    task.log(`file size is: ${file.data.length}`)
    task.log(`command: cp -- ${file.path} ${path}`)
    if (storage.full) throw new TaskError('import failed: exit code 1')
    keep(call, storage, {content, name, size: file.data.length})
    task.log('finished file import successfully')
  })
}

/** Compares the checksum that was sent along. @throws TaskError */
function checkUpload(call: Call, {data}: Upload, log: (line: string) => void): void {
  const algorithm = text(call, 'checksum-algorithm')
  if (algorithm === undefined) return
  const got = createHash(algorithm).update(data).digest('hex')
  compareChecksums(got, required(call, 'checksum'), 'calculating checksum...', log)
}

function compareChecksums(got: string, expected: string, head: string, log: (line: string) => void): void {
  const same = got.toLowerCase() === expected.toLowerCase()
  log(same ? `${head}OK, checksum verified` : head)
  if (!same) throw new TaskError(`checksum mismatch: got '${got}' != expect '${expected}'`)
}

/** What wget says when it does not get a file. */
function wgetProblem(call: Call, pid: number, path: string, url: string, verified: boolean): string | undefined {
  const command = `wget --progress=dot:giga -O ${path}.tmp_dwnl.${pid} ${url}${verified ? '' : ' --no-check-certificate'}`
  if (lacks(call.sim.state, 'wget')) return notExecuted(command)
  return unreachable(call.sim.state, new URL(url).hostname) === undefined ? undefined : 'exit code 4'
}

interface Download {
  url: string
  storage: StorageState
  content: string
  name: string
  checksum?: string
  verified: boolean
  decompress?: string
  log: (line: string) => void
  upid: string
}

const pidOf = (upid: string): number => parseInt(upid.split(':')[2]!, 16)

/** Fetches a file into a storage. What is at its address, the world says. @throws TaskError */
function fetchFile(
  call: Call,
  {url, storage, content, name, checksum, verified, decompress, log, upid}: Download,
): void {
  const path = checkedPath(storage, content, name)
  log(`downloading ${url} to ${path}`)
  const present = findVolume(call.sim.state, `${storage.storage}:${content}/${name}`, nodeName(call))
  if (present) {
    if (checksum === undefined) throw new TaskError(`refusing to override existing file '${path}'`)
    const got = present.checksum ?? checksum
    const same = got.toLowerCase() === checksum.toLowerCase()
    const head = 'calculating checksum of existing file...'
    log(same ? `${head}OK, got correct file already, no need to download` : head)
    if (!same) throw new TaskError(`mismatch (got '${got}' != expect '${checksum}'), aborting`)
    return
  }
  const pid = pidOf(upid)
  const problem = wgetProblem(call, pid, path, url, verified)
  if (problem !== undefined) throw new TaskError(`download failed: ${problem}`)
  const found = call.sim.state.world.urls?.[url]
  if (checksum !== undefined) compareChecksums(found?.checksum ?? checksum, checksum, 'calculating checksum...', log)
  if (decompress !== undefined) log(`decompressing ${path}.tmp_dwnl.${pid} to ${path}.tmp_dcom.${pid}`)
  keep(call, storage, {content, name, size: found?.size ?? 512 * 1024 ** 2, checksum: found?.checksum ?? checksum})
  log(`download of '${url}' to '${path}' finished`)
}

function downloadUrl(call: Call): unknown {
  const node = nodeName(call)
  const [content, url] = [required(call, 'content'), required(call, 'url')]
  const storage = usableStorage(call.sim.state, required(call, 'storage'), node)
  if (!pluginOf(storage).files)
    throw failure(`can't upload to storage type '${storage.type}', not a file based storage!`)
  if (!contentTypes(storage).includes(content))
    throw failure(`storage '${storage.storage}' is not configured for content-type '${content}'`)
  const name = fileName(call, content)
  activeStorage(call.sim.state, storage.storage, node)
  const decompress = text(call, 'compression')
  return call.sim.tasks.start({node, type: 'download', id: name, user: call.auth}, (task) => {
    if (decompress !== undefined && content !== 'iso') throw new TaskError(`decompression not supported for ${content}`)
    fetchFile(call, {
      url,
      storage,
      content,
      name,
      checksum: text(call, 'checksum'),
      verified: text(call, 'verify-certificates') !== '0',
      ...(decompress !== undefined && {decompress}),
      log: task.log,
      upid: task.upid,
    })
  })
}

const mimeTypes: [RegExp, string][] = [
  [/\.(?:iso|img)$/i, 'application/x-iso9660-image'],
  [/\.(?:gz|tgz)$/i, 'application/gzip'],
]

/** What a server tells of a file without sending it. */
function urlMetadata(call: Call): unknown {
  const url = required(call, 'url')
  const {hostname, port, protocol, pathname} = new URL(url)
  const problem = unreachable(call.sim.state, hostname)
  if (problem !== undefined) {
    const where = `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`
    throw failure(`invalid server response: '500 Can't connect to ${where} (${problem})'`)
  }
  const found = call.sim.state.world.urls?.[url]
  const filename = normalizeFileName(decodeURIComponent(pathname))
  return {
    ...(filename !== '' && {filename}),
    size: found?.size ?? 512 * 1024 ** 2,
    mimetype:
      found?.mimetype ?? mimeTypes.find(([pattern]) => pattern.test(filename))?.[1] ?? 'application/octet-stream',
  }
}

/** Templates that Proxmox offers, as far as a world without its list goes. Fact: pve-manager, aplinfo. */
const appliances = [
  {os: 'debian-12', version: '12.7-1', package: 'debian-12-standard', headline: 'Debian 12 Bookworm (standard)'},
  {os: 'ubuntu-24.04', version: '24.04-2', package: 'ubuntu-24.04-standard', headline: 'Ubuntu 24.04 Noble (standard)'},
  {os: 'alpine', version: '20240606', package: 'alpine-3.20-default', headline: 'LXC default image for alpine 3.20'},
].map((one) => {
  const template = `${one.package}_${one.version}_amd64.tar.${one.os === 'alpine' ? 'xz' : 'zst'}`
  return {
    ...one,
    template,
    type: 'lxc',
    section: 'system',
    source: 'http://download.proxmox.com/images',
    location: `http://download.proxmox.com/images/system/${template}`,
    architecture: 'amd64',
    infopage: 'https://pve.proxmox.com/wiki/Linux_Container',
    maintainer: 'Proxmox Support Team <support@proxmox.com>',
    description: one.headline,
    sha512sum: createHash('sha512').update(template).digest('hex'),
  }
})

/** A host that never got the list offers nothing. */
const offered = (call: Call): typeof appliances => (call.sim.state.world.offline ? [] : appliances)

function downloadAppliance(call: Call): unknown {
  const node = nodeName(call)
  const template = required(call, 'template')
  const found = offered(call).find((one) => one.template === template)
  if (!found) throw badParameter('template', 'no such template')
  const storage = usableStorage(call.sim.state, required(call, 'storage'), node)
  if (!contentTypes(storage).includes('vztmpl'))
    throw failure(`storage '${storage.storage}' does not support templates`)
  return call.sim.tasks.start({node, type: 'download', id: template, user: call.auth}, (task) =>
    fetchFile(call, {
      url: found.location,
      storage,
      content: 'vztmpl',
      name: template,
      checksum: found.sha512sum,
      verified: true,
      log: task.log,
      upid: task.upid,
    }),
  )
}

function pullImage(call: Call): unknown {
  const node = nodeName(call)
  if (lacks(call.sim.state, 'skopeo')) throw failure(`Install 'skopeo' to pull OCI images from registries.`)
  const storage = usableStorage(call.sim.state, required(call, 'storage'), node)
  if (!pluginOf(storage).files)
    throw failure(`can't upload to storage type '${storage.type}', not a file based storage!`)
  const reference = required(call, 'reference')
  if (!contentTypes(storage).includes('vztmpl'))
    throw failure(`storage '${storage.storage}' is not configured for content-type 'vztmpl'`)
  const name = `${normalizeFileName(text(call, 'filename') ?? reference)}.tar`
  activeStorage(call.sim.state, storage.storage, node)
  if (findVolume(call.sim.state, `${storage.storage}:vztmpl/${name}`, node))
    throw failure(`refusing to override existing file '${name}'`)
  return call.sim.tasks.start({node, type: 'ociregistrypull', id: name, user: call.auth}, (task) => {
    const target = `oci-archive:${checkedPath(storage, 'vztmpl', name)}.tmp.${pidOf(task.upid)}`
    if (call.sim.state.world.offline)
      throw new TaskError(`command 'skopeo copy docker://${reference} ${target}' failed: exit code 1`)
    task.log('Getting image source signatures')
    task.log('Writing manifest to image destination')
    keep(call, storage, {content: 'vztmpl', name, size: 64 * 1024 ** 2})
  })
}

function repositoryTags(call: Call): unknown {
  if (lacks(call.sim.state, 'skopeo')) throw failure(`Install 'skopeo' to list tags from OCI registries.`)
  const reference = required(call, 'reference')
  if (call.sim.state.world.offline)
    throw failure(`command 'skopeo list-tags docker://${reference}' failed: exit code 1`)
  return ['latest']
}

export const storageTransferEndpoints: Endpoints = {
  'POST /nodes/{node}/storage/{storage}/upload': upload,
  'POST /nodes/{node}/storage/{storage}/download-url': downloadUrl,
  'POST /nodes/{node}/storage/{storage}/oci-registry-pull': pullImage,
  'GET /nodes/{node}/query-url-metadata': urlMetadata,
  'GET /nodes/{node}/query-oci-repo-tags': repositoryTags,
  'GET /nodes/{node}/aplinfo': (call) => offered(call),
  'POST /nodes/{node}/aplinfo': downloadAppliance,
}
