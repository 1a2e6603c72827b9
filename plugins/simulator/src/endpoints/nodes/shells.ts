import {forbidden} from '../../errors.js'
import {required, text, type Call, type Endpoints} from '../../calls/call.js'
import {consoleSocket, openDisplay, openTerminal, termproxyFailure, viewerConfig} from '../shared/consoles.js'
import {unknownNode} from '../../storage/world.js'
import {nodeName} from '../../calls/node.js'

const commands: Record<string, string> = {
  login: '/bin/login -f root',
  upgrade: '/usr/bin/pveupgrade --shell',
  ceph_install: '/usr/bin/pveceph install',
}

const path = (call: Call): string => `/nodes/${required(call, 'node')}`

/** What a shell runs: only root itself is let in without a password. Fact: PVE/API2/Nodes.pm. */
function shellCommand(call: Call): string {
  const wanted = text(call, 'cmd') ?? 'login'
  if (call.auth === 'root@pam') return commands[wanted]!
  if (wanted !== 'login') throw forbidden('user != root@pam')
  return '/bin/login'
}

/** Shells of other nodes are reached by SSH from the one that answers. @throws ApiError 500 where there is no such node */
function remotePrefix(call: Call): string {
  const name = nodeName(call)
  if (name === call.sim.localNode) return ''
  const node = call.sim.state.nodes[name]
  if (!node) throw unknownNode(call.sim.state, name)
  return `/usr/bin/ssh -e none -t ${node.ip} -- `
}

function termproxy(call: Call): unknown {
  const command = `${remotePrefix(call)}${shellCommand(call)}`
  return openTerminal(call, {
    path: path(call),
    task: {type: 'vncshell', id: ''},
    unattended: termproxyFailure(call, path(call), 'Sys.Console', command),
  })
}

function vncshell(call: Call): unknown {
  remotePrefix(call)
  shellCommand(call)
  // A terminal that nobody looks at ends without an error.
  const screen = {path: path(call), task: {type: 'vncshell', id: ''}, unattended: () => undefined}
  return openDisplay(call, screen, call.sim.settings.release !== '8.4')
}

function spiceshell(call: Call): unknown {
  shellCommand(call)
  const node = nodeName(call)
  call.sim.tasks.start({node, type: 'spiceshell', id: '', user: call.auth}, () => undefined)
  return viewerConfig(call, '0', `Shell on '${node}'`, 61000)
}

export const shellEndpoints: Endpoints = {
  'POST /nodes/{node}/termproxy': termproxy,
  'POST /nodes/{node}/vncshell': vncshell,
  'POST /nodes/{node}/spiceshell': spiceshell,
  'GET /nodes/{node}/vncwebsocket': consoleSocket(path),
}
