import {X509Certificate, createHash} from 'node:crypto'
import {type Call, type Handler, required, text} from '../../calls/call.js'
import {ApiError} from '../../errors.js'
import {findNode} from '../../calls/node.js'
import type {ConsoleRequest, Console} from '../../tasks/consoles.js'

/** Something that can be looked at: a guest (`/vms/100`) or a node (`/nodes/pve1`). */
interface Screen extends Omit<ConsoleRequest, 'task'> {
  /** Path of the rights that its ticket is for. */
  path: string
  task: {type: string; id: string | number}
}

const ticketSecret = (call: Call, path: string, port: number): string =>
  call.sim.settings.release === '8.4' ? `${call.auth}:${path}` : `${call.auth}:${path}:${port}`

/** Begins the task that serves a console on the node asked, and the ticket to connect to it. */
function openConsole(call: Call, {path, task, ...request}: Screen): {console: Console; ticket: string} {
  const console = call.sim.consoles.start({...request, task: {...task, node: call.sim.localNode, user: call.auth}})
  const ticket = call.sim.authentication.purposeTicket('PVEVNC', ticketSecret(call, path, console.port))
  console.key = `${call.auth}:${ticket}`
  return {console, ticket}
}

/** Exit status of a `termproxy` that nobody connected to, or whose command failed. */
export function termproxyFailure(
  call: Call,
  path: string,
  privilege: string,
  command: string,
): (port: number) => string {
  const since9 = call.sim.settings.release === '8.4' ? '' : ' --vncticket-endpoint --verify-port --ticket-fd 8'
  return (port) =>
    `command '/usr/bin/termproxy ${port} --path ${path} --perm ${privilege}${since9} -- ${command}' failed: exit code 1`
}

/** Answer of a `termproxy`. */
export function openTerminal(call: Call, screen: Omit<Screen, 'speaks'>): Record<string, unknown> {
  const {console, ticket} = openConsole(call, {...screen, speaks: 'terminal'})
  return {user: call.auth, ticket, port: String(console.port), upid: console.upid}
}

/**
 * Answer of a `vncproxy` or `vncshell`. With a password VNC itself asks for it; since 9 it also stands before the ticket.
 * Fact: qemu-server, PVE/API2/Qemu.pm (vncproxy), and seen on the real daemon.
 */
export function openDisplay(
  call: Call,
  screen: Omit<Screen, 'speaks'>,
  withPassword: boolean,
): Record<string, unknown> {
  const {console, ticket} = openConsole(call, {...screen, speaks: 'vnc'})
  const password = withPassword ? vncPassword(call) : undefined
  return {
    user: call.auth,
    ticket: password !== undefined && call.sim.settings.release !== '8.4' ? `${password}:${ticket}` : ticket,
    port: String(console.port),
    upid: console.upid,
    cert: call.sim.listener.certificates.ca,
    password,
  }
}

/** Eight printable characters, `!` to `~`. */
const vncPassword = (call: Call): string =>
  Array.from({length: 8}, () => String.fromCharCode(33 + call.sim.random.below(94))).join('')

/** `GET …/vncwebsocket`: the port of a console, for its ticket. @throws ApiError 401 */
export function consoleSocket(pathOf: (call: Call) => string): Handler {
  return (call) => {
    const port = required(call, 'port')
    const ticket = required(call, 'vncticket').replace(/^[!-~]{8}:(?=PVEVNC:)/, '')
    checkPurposeTicket(call, 'PVEVNC', ticket, ticketSecret(call, pathOf(call), Number(port)))
    return {port}
  }
}

/** Refuses a ticket that is not for this, or older than 40 s. @throws ApiError 401 */
export function checkPurposeTicket(call: Call, purpose: 'PVEVNC' | 'PVETUNNEL', ticket: string, secret: string): void {
  if (!call.sim.authentication.isPurposeTicket(purpose, ticket, secret))
    throw new ApiError(401, `permission denied - invalid ${purpose} ticket\n`)
}

/** Subject of a certificate as remote-viewer reads it: `OU=…,O=…,CN=…`. */
const subjectOf = (pem: string): string => new X509Certificate(pem).subject.split('\n').join(',')

/** Answer of a `spiceproxy` or `spiceshell`: a file for remote-viewer. Fact: pve-access-control, remote_viewer_config. */
export function viewerConfig(call: Call, id: string, title: string, port: number): Record<string, unknown> {
  const {localNode, random} = call.sim
  const {certificates} = call.sim.listener
  const proxy = text(call, 'proxy') ?? `${localNode}.${String(call.sim.state.nodes[localNode]?.dns.search ?? 'local')}`
  const time = call.sim.now().toString(16).toUpperCase().padStart(8, '0')
  const head = `pvespiceproxy:${time}:${id}:${required(call, 'node').toLowerCase()}:${port}`
  return {
    'secure-attention': 'Ctrl+Alt+Ins',
    'toggle-fullscreen': 'Shift+F11',
    'release-cursor': 'Ctrl+Alt+R',
    type: 'spice',
    title,
    host: `${head}::${createHash('sha1')
      .update(`${head}${random.hex(16)}`)
      .digest('hex')}`,
    proxy: `http://${proxy.includes(':') ? `[${proxy}]` : proxy}:3128`,
    'tls-port': port,
    'host-subject': subjectOf(call.sim.listener.leafOf(findNode(call))),
    ca: certificates.ca.replaceAll('\n', '\\n'),
    password: random.hex(40),
    'delete-this-file': 1,
  }
}
