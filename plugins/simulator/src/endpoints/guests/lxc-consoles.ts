import {failure} from '../../errors.js'
import {isSet, required, text, type Call, type Endpoints} from '../../calls/call.js'
import type {Guest} from '../../state/model.js'
import {consoleSocket, openDisplay, openTerminal, termproxyFailure, viewerConfig} from '../shared/consoles.js'
import {findGuest} from '../../guests/access.js'

const path = (call: Call): string => `/vms/${required(call, 'vmid')}`

/** What shows the console of a container, by its `cmode`. Fact: pve-container `get_console_command`. */
function consoleCommand({vmid, config}: Guest): string {
  const mode = String(config.cmode ?? 'tty')
  if (mode === 'shell') return `lxc-attach --clear-env -n ${vmid}`
  return `lxc-console -n ${vmid}${mode === 'console' ? ' -t 0' : ''} -e -1`
}

/** A terminal that stays when its viewer goes. */
const keptConsole = (guest: Guest): string =>
  `/usr/bin/dtach -A /var/run/dtach/vzctlconsole${guest.vmid} -r winch -z ${consoleCommand(guest)}`

/** Exit status of a `vncterm` that nobody connected to. */
function vnctermFailure(call: Call, guest: Guest, port: number): string {
  const size = ['width', 'height']
    .filter((name) => Number(text(call, name) ?? 0) > 0)
    .map((name) => ` -${name} ${text(call, name)}`)
    .join('')
  const socket = isSet(call, 'websocket') ? ' -notls -listen localhost' : ''
  const command = `/usr/bin/vncterm -rfbport ${port} -timeout 10 -authpath ${path(call)} -perm VM.Console${size}${socket}`
  return `command '${command} -c ${keptConsole(guest)}' failed: exit code 1`
}

function vncProxy(call: Call): unknown {
  const guest = findGuest(call, 'lxc')
  const screen = {
    path: path(call),
    task: {type: 'vncproxy', id: guest.vmid},
    unattended: (port: number) => vnctermFailure(call, guest, port),
    broken: () => !guest.running,
  }
  // Since 9 the password of VNC is another than the ticket.
  return openDisplay(call, screen, call.sim.settings.release !== '8.4' && isSet(call, 'websocket'))
}

function termProxy(call: Call): unknown {
  const guest = findGuest(call, 'lxc')
  return openTerminal(call, {
    path: path(call),
    task: {type: 'vncproxy', id: guest.vmid},
    unattended: termproxyFailure(call, path(call), 'VM.Console', keptConsole(guest)),
    broken: () => !guest.running,
  })
}

function spiceProxy(call: Call): unknown {
  const guest = findGuest(call, 'lxc')
  if (!guest.running) throw failure(`CT ${guest.vmid} not running`)
  return viewerConfig(call, String(guest.vmid), `CT ${guest.vmid}`, 61000)
}

const base = '/nodes/{node}/lxc/{vmid}'

export const lxcConsoleEndpoints: Endpoints = {
  [`POST ${base}/vncproxy`]: vncProxy,
  [`POST ${base}/termproxy`]: termProxy,
  [`POST ${base}/spiceproxy`]: spiceProxy,
  [`GET ${base}/vncwebsocket`]: consoleSocket(path),
}
