import {guestFigures, guestName} from '../../guests/figures.js'
import {unordered} from '../../calls/print.js'
import {required, type Call, type Endpoints} from '../../calls/call.js'
import type {Guest, NodeState} from '../../state/model.js'
import {isOnNode} from '../../storage/volumes.js'
import {bootWithNode, halt} from '../../guests/running.js'
import {writeJournal} from '../../nodes/journal.js'
import {findNode, versionOf} from '../../calls/node.js'

const guestsOn = (call: Call, node: NodeState): Guest[] =>
  Object.values(call.sim.state.guests).filter((guest) => guest.node === node.name)

/** Counters of the devices of running guests; the numbers are read from text. Fact: PVE/API2/Nodes.pm. */
function netstat(call: Call): unknown {
  const node = findNode(call)
  const running = guestsOn(call, node).filter((guest) => guest.running)
  const devices = running.flatMap((guest) => {
    const nets = Object.keys(guest.config).filter((key) => /^net\d+$/.test(key))
    const {netin, netout} = guestFigures(guest, node.cpus, call.sim.now())
    const share = (total: unknown): string => String(Math.floor(Number(total) / nets.length))
    return nets.map((dev) => ({vmid: String(guest.vmid), dev, in: share(netin), out: share(netout)}))
  })
  return unordered(devices)
}

const table = (rows: string[][]): string => rows.map((row) => row.join('  ')).join('\n')

/** Parts of a report: a title, and what commands print. */
function reportParts(call: Call): [title: string, commands: [string, string][]][] {
  const node = findNode(call)
  const {version, repoid, kernel} = versionOf(call)
  const storages = Object.values(call.sim.state.storages).filter((storage) => isOnNode(storage, node.name))
  const guests = (type: string): Guest[] => guestsOn(call, node).filter((guest) => guest.type === type)
  const list = (type: string): string =>
    table(guests(type).map((guest) => [String(guest.vmid), guestName(guest), guest.running ? 'running' : 'stopped']))
  const config = (guest: Guest): string =>
    Object.entries(guest.config)
      .map(([key, value]) => `${key}: ${value}`)
      .join('\n')
  return [
    [
      'general system info',
      [
        ['hostname', node.name],
        ['date -R', new Date(call.sim.now() * 1000).toUTCString()],
        ['cat /proc/cmdline', `BOOT_IMAGE=/boot/vmlinuz-${kernel} root=/dev/mapper/pve-root ro quiet`],
        ['pveversion --verbose', `pve-manager: ${version} (running version: ${version}/${repoid})`],
        ['cat /etc/hosts', node.hosts.trimEnd()],
      ],
    ],
    [
      'info about storage',
      [
        ['cat /etc/pve/storage.cfg', storages.map(({type, storage}) => `${type}: ${storage}`).join('\n\n')],
        ['pvesm status', table(storages.map(({storage, type, total, used}) => [storage, type, `${total}`, `${used}`]))],
      ],
    ],
    [
      'info about virtual guests',
      [
        ['qm list', list('qemu')],
        ...guests('qemu').map((guest): [string, string] => [
          `cat /etc/pve/qemu-server/${guest.vmid}.conf`,
          config(guest),
        ]),
        ['pct list', list('lxc')],
        ...guests('lxc').map((guest): [string, string] => [`cat /etc/pve/lxc/${guest.vmid}.conf`, config(guest)]),
      ],
    ],
    ['info about network', [['cat /etc/network/interfaces', node.interfaces.text.trimEnd()]]],
  ]
}

/** What `pvereport` gathers, in its form, of what there is. */
function report(call: Call): string {
  const parts = reportParts(call).map(([title, commands]) => {
    const printed = commands.map(([command, output]) => `# ${command}\n\n${output}\n`)
    return `==== ${title} ====\n\n${printed.join('\n')}`
  })
  return `\n${parts.join('\n')}`
}

/** Switches a node off or has it begin anew: its guests stop, and after a start those with `onboot` run again. */
function powerCommand(call: Call): unknown {
  const node = findNode(call)
  const reboot = required(call, 'command') === 'reboot'
  for (const guest of guestsOn(call, node)) if (guest.running) halt(call, guest)
  if (!reboot) {
    node.power = 'offline'
    return null
  }
  node.bootTime = call.sim.now()
  delete node.services
  writeJournal(call.sim, node, 'systemd-logind', 'System is rebooting.')
  const started = guestsOn(call, node).filter(({config}) => Number(config.onboot ?? 0) === 1)
  for (const guest of started) if (Number(guest.config.template ?? 0) !== 1) bootWithNode(call, guest)
  return null
}

export const hostEndpoints: Endpoints = {
  'GET /nodes/{node}/netstat': netstat,
  'GET /nodes/{node}/report': report,
  'POST /nodes/{node}/status': powerCommand,
}
