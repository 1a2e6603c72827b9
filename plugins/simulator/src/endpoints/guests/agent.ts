import {type ApiError, failure} from '../../errors.js'
import {agentAnswers, agentEnabled} from '../../guests/agent.js'
import {isNetKey, readParts} from '../../guests/drives.js'
import {guestCpus, guestDisk, liveFigures} from '../../guests/figures.js'
import {turnOff} from '../../guests/running.js'
import {integer, isSet, required, text, type Call, type Endpoints, type Handler} from '../../calls/call.js'
import type {Guest, GuestSystem} from '../../state/model.js'
import {findGuest} from '../../guests/access.js'

/** The guest whose agent a call is for. A key that is set is an agent, even one that is off. Fact: qemu-server src/PVE/QemuServer/Agent.pm. @throws ApiError 500 */
function guestOf(call: Call): Guest {
  const guest = findGuest(call, 'qemu')
  if (guest.config.agent === undefined) throw failure('No QEMU guest agent configured')
  if (!guest.running) throw failure(`VM ${guest.vmid} is not running`)
  if (!agentEnabled(guest) || !agentAnswers(guest)) throw failure('QEMU guest agent is not running')
  return guest
}

const agentError = (problem: string): ApiError => failure(`Agent error: ${problem}`)

/** What the system in a guest has; made when it is first asked for. */
const systemOf = (guest: Guest): GuestSystem => (guest.system ??= {})

type AgentAnswer = (call: Call, guest: Guest) => unknown

/** What a system counts of an interface. Seen on real hosts. */
const traffic = (received: number, sent: number): Record<string, number> => ({
  'rx-bytes': received,
  'rx-packets': Math.ceil(received / 800),
  'rx-errs': 0,
  'rx-dropped': 0,
  'tx-bytes': sent,
  'tx-packets': Math.ceil(sent / 800),
  'tx-errs': 0,
  'tx-dropped': 0,
})

function interfaces(call: Call, guest: Guest): unknown {
  const loopback = {
    name: 'lo',
    'hardware-address': '00:00:00:00:00:00',
    'ip-addresses': [{'ip-address': '127.0.0.1', 'ip-address-type': 'ipv4', prefix: 8}],
    statistics: traffic(6480, 6480),
  }
  const {netin, netout} = liveFigures(call, guest) as {netin: number; netout: number}
  const nics = Object.keys(guest.config)
    .filter(isNetKey)
    .map((key) => {
      const index = Number(key.slice(3))
      const configured = /(?:^|,)ip=(\d[^,/]*)\/(\d+)/.exec(String(guest.config[`ipconfig${index}`] ?? ''))
      const address = configured?.[1] ?? `198.51.100.${(guest.vmid + index) % 250}`
      return {
        name: `eth${index}`,
        'hardware-address': String(readParts(call.sim, 'qemu', key, guest.config[key]!)?.macaddr ?? '').toLowerCase(),
        'ip-addresses': [{'ip-address': address, 'ip-address-type': 'ipv4', prefix: Number(configured?.[2] ?? 24)}],
        // What a machine moves, its first card does.
        statistics: index === 0 ? traffic(netin, netout) : traffic(0, 0),
      }
    })
  return [loopback, ...nics]
}

/** The file systems of a guest: one, on its boot disk. */
function fileSystems(_call: Call, guest: Guest): unknown {
  const bytes = guestDisk(guest)
  if (bytes === 0) return []
  const used = Math.floor(bytes * 0.3)
  return [{name: 'sda1', mountpoint: '/', type: 'ext4', 'total-bytes': bytes, 'used-bytes': used, disk: []}]
}

/** Sends a guest to sleep: its memory stays, until it is resumed. */
function sleep(_call: Call, guest: Guest): null {
  Object.assign(guest, {paused: true, asleep: true})
  return null
}

/** A machine that ends by itself keeps what is pending until its next start. Fact: qemu-server, PVE/CLI/qm.pm (cleanup). */
function powerOff(_call: Call, guest: Guest): null {
  turnOff(guest)
  return null
}

function freeze(frozen: boolean): AgentAnswer {
  return (_call, guest) => {
    systemOf(guest).frozen = frozen
    return 1
  }
}

/** What a guest that has an agent answers, by command. */
const commands: Record<string, AgentAnswer> = {
  'network-get-interfaces': interfaces,
  'get-host-name': (_call, guest) => ({'host-name': String(guest.config.name ?? `vm${guest.vmid}`)}),
  'get-osinfo': () => ({
    id: 'debian',
    name: 'Debian GNU/Linux',
    'pretty-name': 'Debian GNU/Linux 12 (bookworm)',
    version: '12 (bookworm)',
    'version-id': '12',
    machine: 'x86_64',
    'kernel-release': '6.1.0-28-amd64',
  }),
  'get-time': (call) => call.sim.now() * 1_000_000_000,
  'get-timezone': () => ({offset: 0, zone: 'UTC'}),
  'get-users': () => [],
  'get-vcpus': (_call, guest) =>
    Array.from({length: guestCpus(guest, 1)}, (_, index) => ({
      'logical-id': index,
      online: true,
      'can-offline': index > 0,
    })),
  'get-fsinfo': fileSystems,
  'get-memory-blocks': () => [],
  'get-memory-block-info': () => ({size: 134_217_728}),
  info: () => ({
    version: '7.2.13',
    supported_commands: Object.keys(commands).map((name) => ({
      name: `guest-${name}`,
      enabled: true,
      'success-response': !/^(?:shutdown|suspend-)/.test(name),
    })),
  }),
  ping: () => ({}),
  'fsfreeze-status': (_call, guest) => (guest.system?.frozen ? 'frozen' : 'thawed'),
  'fsfreeze-freeze': freeze(true),
  'fsfreeze-thaw': freeze(false),
  fstrim: () => ({paths: [{path: '/', minimum: 0, trimmed: 0}]}),
  shutdown: powerOff,
  'suspend-disk': powerOff,
  'suspend-hybrid': sleep,
  'suspend-ram': sleep,
}

/** Begins a command in a guest; it has ended when it is first asked after. */
function exec(call: Call): unknown {
  const given = call.param.command
  const command = given === undefined ? [] : Array.isArray(given) ? given.map(String) : [String(given)]
  if (command.length === 0 && text(call, 'input-data') === undefined)
    throw failure('command or input-data (or both) required')
  const system = systemOf(guestOf(call))
  const pid = (system.lastPid = (system.lastPid ?? 1000) + 1)
  system.processes = {...system.processes, [pid]: command.join(' ')}
  return {pid}
}

/** What came of a command: what the seed says of it. It is told once. */
function execStatus(call: Call): unknown {
  const system = systemOf(guestOf(call))
  const pid = required(call, 'pid')
  const command = system.processes?.[pid]
  if (command === undefined) throw agentError(`Invalid parameter 'pid'`)
  delete system.processes![pid]
  const {exit = 0, out, err} = system.commands?.[command] ?? {}
  return {
    exited: 1,
    exitcode: exit,
    ...(out !== undefined && {'out-data': out}),
    ...(err !== undefined && {'err-data': err}),
  }
}

function readFile(call: Call): unknown {
  const path = required(call, 'file')
  const content = guestOf(call).system?.files?.[path]
  if (content === undefined) throw agentError(`failed to open file '${path}' (mode: 'r'): No such file or directory`)
  const bytes = Buffer.from(content, 'utf8')
  const offset = integer(call, 'offset', 0)
  const part = bytes.subarray(offset, offset + integer(call, 'count', 16 * 1024 * 1024))
  const encoded = text(call, 'decode') === '0'
  return {
    content: part.toString(encoded ? 'base64' : 'utf8'),
    'bytes-read': part.length,
    ...(offset + part.length < bytes.length && {truncated: 1}),
  }
}

function writeFile(call: Call): unknown {
  const system = systemOf(guestOf(call))
  const content = required(call, 'content')
  const isPlain = text(call, 'encode') === undefined || isSet(call, 'encode')
  const plain = isPlain ? content : Buffer.from(content, 'base64').toString('utf8')
  system.files = {...system.files, [required(call, 'file')]: plain}
  return null
}

const command =
  (name: string): Handler =>
  (call) => ({result: commands[name]!(call, guestOf(call))})

const base = '/nodes/{node}/qemu/{vmid}/agent'

/** Each command has its own path, for the verb that the contract tells. */
const commandEndpoints: Endpoints = Object.fromEntries(
  Object.keys(commands).flatMap((name) => ['GET', 'POST'].map((verb) => [`${verb} ${base}/${name}`, command(name)])),
)

export const agentEndpoints: Endpoints = {
  ...commandEndpoints,
  [`POST ${base}`]: (call) => command(required(call, 'command'))(call),
  [`POST ${base}/exec`]: exec,
  [`GET ${base}/exec-status`]: execStatus,
  [`GET ${base}/file-read`]: readFile,
  [`POST ${base}/file-write`]: writeFile,
  [`POST ${base}/set-user-password`]: (call) => {
    guestOf(call)
    return {result: {}}
  },
}
