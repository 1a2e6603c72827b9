import {failure} from '../../errors.js'
import {unordered} from '../../calls/print.js'
import {isNetKey, readParts} from '../../guests/drives.js'
import {cloudinitKey} from '../../guests/rules.js'
import {required, type Call, type Endpoints} from '../../calls/call.js'
import {sha1} from '../../state/digest.js'
import type {Guest} from '../../state/model.js'
import {checkLock, findGuest} from '../../guests/access.js'

const mask = '**********'

function cloudinit(call: Call): unknown {
  const guest = findGuest(call, 'qemu')
  const keys = Object.keys(guest.config).filter((key) => cloudinitKey.test(key) && !key.startsWith('ipconfig'))
  return unordered(keys.map((key) => ({key, value: key === 'cipassword' ? mask : guest.config[key]})))
}

function userData({config}: Guest): string {
  const name = String(config.name ?? 'VM')
  const lines = ['#cloud-config', `hostname: ${name.split('.')[0]}`, 'manage_etc_hosts: true']
  lines.push(`fqdn: ${name}${config.searchdomain === undefined ? '' : `.${String(config.searchdomain).trim()}`}`)
  if (config.ciuser !== undefined) lines.push(`user: ${config.ciuser}`)
  if (config.cipassword !== undefined) lines.push(`password: ${config.cipassword}`)
  if (config.sshkeys !== undefined) {
    const keys = decodeURIComponent(String(config.sshkeys))
      .split('\n')
      .filter((key) => key.trim() !== '')
    lines.push('ssh_authorized_keys:', ...keys.map((key) => `  - ${key}`))
  }
  lines.push('chpasswd:', '  expire: False')
  if (config.ciuser !== 'root') lines.push('users:', '  - default')
  if (Number(config.ciupgrade ?? 1) === 1) lines.push('package_upgrade: true')
  return `${lines.join('\n')}\n`
}

function subnet(lines: string[], ipconfig: string): void {
  const value = (key: string): string | undefined => new RegExp(`(?:^|,)${key}=([^,]+)`).exec(ipconfig)?.[1]
  const [ip, gw, ip6, gw6] = [value('ip'), value('gw'), value('ip6'), value('gw6')]
  if (ip === 'dhcp') lines.push('      - type: dhcp4')
  else if (ip !== undefined) {
    const length = Number(ip.split('/')[1])
    const bits = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0
    const netmask = [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.')
    lines.push('      - type: static', `        address: '${ip.split('/')[0]}'`, `        netmask: '${netmask}'`)
    if (gw !== undefined) lines.push(`        gateway: '${gw}'`)
  }
  if (ip6 === 'auto') lines.push('      - type: ipv6_slaac')
  else if (ip6 === 'dhcp') lines.push('      - type: dhcp6')
  else if (ip6 !== undefined) {
    lines.push('      - type: static6', `        address: '${ip6}'`)
    if (gw6 !== undefined) lines.push(`        gateway: '${gw6}'`)
  }
}

function networkData(call: Call, {config}: Guest): string {
  const lines = ['version: 1', 'config:']
  for (const key of Object.keys(config).filter(isNetKey).sort()) {
    const mac = String(readParts(call.sim, 'qemu', key, config[key]!)?.macaddr ?? '').toLowerCase()
    const index = key.slice(3)
    lines.push('    - type: physical', `      name: eth${index}`, `      mac_address: '${mac}'`, '      subnets:')
    subnet(lines, String(config[`ipconfig${index}`] ?? ''))
  }
  lines.push('    - type: nameserver')
  if (config.nameserver !== undefined)
    lines.push(
      '      address:',
      ...String(config.nameserver)
        .trim()
        .split(/\s+/)
        .map((ip) => `      - '${ip}'`),
    )
  if (config.searchdomain !== undefined) lines.push('      search:', `      - '${String(config.searchdomain).trim()}'`)
  return `${lines.join('\n')}\n`
}

function dump(call: Call): unknown {
  const guest = findGuest(call, 'qemu')
  const type = required(call, 'type')
  if (type === 'user') return userData(guest)
  if (type === 'network') return networkData(call, guest)
  return `instance-id: ${sha1(userData(guest) + networkData(call, guest))}\n`
}

function monitor(call: Call): unknown {
  const guest = findGuest(call, 'qemu')
  if (!guest.running) return `ERROR: VM ${guest.vmid} not running\n`
  return /^info status/.test(required(call, 'command')) ? `VM status: ${guest.paused ? 'paused' : 'running'}\r\n` : ''
}

export const guestExtraEndpoints: Endpoints = {
  'GET /nodes/{node}/qemu/{vmid}/cloudinit': cloudinit,
  'PUT /nodes/{node}/qemu/{vmid}/cloudinit': (call) => {
    checkLock(findGuest(call, 'qemu'))
    return null
  },
  'GET /nodes/{node}/qemu/{vmid}/cloudinit/dump': dump,
  'POST /nodes/{node}/qemu/{vmid}/monitor': monitor,
  'PUT /nodes/{node}/qemu/{vmid}/sendkey': (call) => {
    const guest = findGuest(call, 'qemu')
    if (!guest.running) throw failure(`VM ${guest.vmid} not running`)
    return null
  },
}
