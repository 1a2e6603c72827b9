import {unordered} from '../../calls/print.js'
import {required, type Call, type Endpoints, type Handler} from '../../calls/call.js'
import {TaskError} from '../../tasks/runner.js'
import {writeJournal} from '../../nodes/journal.js'
import {findNode} from '../../calls/node.js'

/** Units as systemd describes them; those without a text are not installed. Facts: PVE/API2/Services.pm and the units of a fresh host. */
const descriptions: Record<string, string | undefined> = {
  chrony: 'chrony, an NTP client/server',
  corosync: 'Corosync Cluster Engine',
  cron: 'Regular background program processing daemon',
  ksmtuned: 'Kernel Samepage Merging (KSM) Tuning Daemon',
  lxcfs: 'FUSE filesystem for LXC',
  postfix: 'Postfix Mail Transport Agent (instance -)',
  'proxmox-firewall': 'Proxmox nftables firewall',
  'pve-cluster': 'The Proxmox VE cluster filesystem',
  'pve-firewall': 'Proxmox VE firewall',
  'pve-ha-crm': 'PVE Cluster HA Resource Manager Daemon',
  'pve-ha-lrm': 'PVE Local HA Resource Manager Daemon',
  'pve-lxc-syscalld': 'Proxmox VE LXC Syscall Daemon',
  pvedaemon: 'PVE API Daemon',
  'pvefw-logger': 'Proxmox VE firewall logger',
  pveproxy: 'PVE API Proxy Server',
  pvescheduler: 'Proxmox VE scheduler',
  pvestatd: 'PVE Status Daemon',
  qmeventd: 'PVE Qemu Event Daemon',
  spiceproxy: 'PVE SPICE Proxy Server',
  sshd: 'OpenBSD Secure Shell server',
  'systemd-journald': 'Journal Service',
}

/** Without these no call could be answered. */
const essential = new Set(['pveproxy', 'pvedaemon', 'pve-cluster'])

function serviceNames(call: Call): string[] {
  const {parameters} = call.sim.contract.paths['/nodes/{node}/services/{service}']!.GET!
  return (parameters.properties?.service?.enum ?? []).map(String)
}

/** Whether a service runs: corosync only where there is a cluster. */
function isRunning(call: Call, name: string): boolean {
  const chosen = findNode(call).services?.[name]
  if (chosen !== undefined) return chosen === 'running'
  return name !== 'corosync' || call.sim.state.cluster !== undefined
}

/** A service as lists and its state show it. */
function serviceEntry(call: Call, name: string): Record<string, string> {
  const standIn = call.sim.state.world.systemd
  const installed = standIn !== undefined || descriptions[name] !== undefined
  const running = standIn !== undefined || (installed && isRunning(call, name))
  return {
    service: name,
    name,
    desc: standIn ?? descriptions[name] ?? `${name}.service`,
    state: running ? 'running' : 'dead',
    'active-state': running ? 'active' : 'inactive',
    'unit-state': installed
      ? name === 'systemd-journald' && standIn === undefined
        ? 'static'
        : 'enabled'
      : 'not-found',
  }
}

interface Command {
  /** What systemctl is told. */
  verb: string
  /** What the journal says before the service's name. */
  says: string
  after: 'running' | 'dead' | 'unchanged'
}

const commands: Record<string, Command> = {
  start: {verb: 'start', says: 'starting service', after: 'running'},
  stop: {verb: 'stop', says: 'stopping service', after: 'dead'},
  restart: {verb: 'restart', says: 're-starting service', after: 'running'},
  reload: {verb: 'try-reload-or-restart', says: 'reloading service', after: 'unchanged'},
}

const handlerOf =
  (name: string, {verb, says, after}: Command): Handler =>
  (call) => {
    const service = required(call, 'service')
    const node = findNode(call)
    const request = {node: node.name, type: `srv${name}`, id: service, user: call.auth}
    return call.sim.tasks.start(request, ({upid}) => {
      writeJournal(call.sim, node, 'pvedaemon', `${says} ${service}: ${upid}`)
      if (name === 'stop' && essential.has(service))
        throw new TaskError(`invalid service cmd '${service} stop': refusing to stop essential service!`)
      if (call.sim.state.world.systemd !== undefined) return
      // systemctl ends with 5 where there is no such unit.
      if (descriptions[service] === undefined)
        throw new TaskError(`command 'systemctl ${verb} ${service}' failed: exit code 5`)
      if (after !== 'unchanged') node.services = {...node.services, [service]: after}
    })
  }

export const serviceEndpoints: Endpoints = {
  'GET /nodes/{node}/services': (call) => unordered(serviceNames(call).map((name) => serviceEntry(call, name))),
  'GET /nodes/{node}/services/{service}/state': (call) => serviceEntry(call, required(call, 'service')),
  ...Object.fromEntries(
    Object.entries(commands).map(([name, command]) => [
      `POST /nodes/{node}/services/{service}/${name}`,
      handlerOf(name, command),
    ]),
  ),
}

/** Units that began when a node was switched on, with their descriptions. */
export const bootUnits = (call: Call): [name: string, description: string][] =>
  serviceNames(call).flatMap((name) => {
    const text = descriptions[name]
    return text === undefined || (name === 'corosync' && call.sim.state.cluster === undefined) ? [] : [[name, text]]
  })
