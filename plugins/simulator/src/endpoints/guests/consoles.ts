import {failure} from '../../errors.js'
import {readParts} from '../../guests/drives.js'
import {isSet, required, text, type Call, type Endpoints, type Handler} from '../../calls/call.js'
import type {Guest} from '../../state/model.js'
import {findGuest} from '../../guests/access.js'
import {
  openDisplay,
  openTerminal,
  termproxyFailure,
  viewerConfig,
  checkPurposeTicket,
  consoleSocket,
} from '../shared/consoles.js'

/** The serial port that is a machine's display. */
function serialDisplay(call: Call, {config}: Guest): string | undefined {
  if (config.vga === undefined) return undefined
  const type = String(readParts(call.sim, 'qemu', 'vga', config.vga)?.type ?? '')
  return /^serial\d$/.test(type) ? type : undefined
}

const path = (call: Call): string => `/vms/${required(call, 'vmid')}`

function vncProxy(call: Call): unknown {
  const guest = findGuest(call, 'qemu')
  const serial = serialDisplay(call, guest)
  const generate = isSet(call, 'generate-password')
  const withPassword =
    call.sim.settings.release === '8.4' ? generate : generate || serial === undefined || isSet(call, 'websocket')
  const screen = {
    path: path(call),
    task: {type: 'vncproxy', id: guest.vmid},
    unattended: () => 'connection timed out',
    broken: () => !guest.running,
    failed: 'Failed to run vncproxy.',
  }
  return openDisplay(call, screen, withPassword)
}

function termProxy(call: Call): unknown {
  const guest = findGuest(call, 'qemu')
  const serial = text(call, 'serial') ?? serialDisplay(call, guest)
  const command = `/usr/sbin/qm terminal ${guest.vmid} -escape 0${serial === undefined ? '' : ` -iface ${serial}`}`
  const hasPort = (): boolean =>
    guest.running &&
    Object.keys(guest.config).some((key) => (serial === undefined ? /^serial\d$/.test(key) : key === serial))
  return openTerminal(call, {
    path: path(call),
    task: {type: 'vncproxy', id: guest.vmid},
    unattended: termproxyFailure(call, path(call), 'VM.Console', command),
    broken: () => !hasPort(),
  })
}

function spiceProxy(call: Call): unknown {
  const guest = findGuest(call, 'qemu')
  if (!guest.running) throw failure(`VM ${guest.vmid} not running`)
  const {type} = guest.config.vga === undefined ? {} : (readParts(call.sim, 'qemu', 'vga', guest.config.vga) ?? {})
  if (!/^qxl/.test(String(type))) throw failure('no spice port')
  const name = guest.config.name
  return viewerConfig(call, String(guest.vmid), `VM ${guest.vmid}${name === undefined ? '' : ` - ${name}`}`, 61000)
}

/** A tunnel of a migration from another cluster, for a ticket that a call of that cluster was given. @throws ApiError 401 */
const tunnelSocket: Handler = (call) => {
  const socket = required(call, 'socket')
  checkPurposeTicket(call, 'PVETUNNEL', required(call, 'ticket'), `${call.auth}:/socket/${socket}`)
  return {socket}
}

export const consoleEndpoints: Endpoints = {
  'GET /nodes/{node}/qemu/{vmid}/mtunnelwebsocket': tunnelSocket,
  'GET /nodes/{node}/lxc/{vmid}/mtunnelwebsocket': tunnelSocket,
  'POST /nodes/{node}/qemu/{vmid}/vncproxy': vncProxy,
  'POST /nodes/{node}/qemu/{vmid}/termproxy': termProxy,
  'POST /nodes/{node}/qemu/{vmid}/spiceproxy': spiceProxy,
  'GET /nodes/{node}/qemu/{vmid}/vncwebsocket': (call) => {
    const answer = consoleSocket(path)(call)
    findGuest(call, 'qemu')
    return answer
  },
}
