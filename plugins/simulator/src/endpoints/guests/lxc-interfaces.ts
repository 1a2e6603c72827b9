import {isNetKey, readParts} from '../../guests/drives.js'
import type {Parts} from '../../contract/property-string.js'
import {required, type Call, type Endpoints} from '../../calls/call.js'
import type {Guest} from '../../state/model.js'
import {nodeName} from '../../calls/node.js'

type Address = {family: 'inet' | 'inet6'; address: string; prefix: number}

const entry = (name: string, mac: string, addresses: Address[]): Record<string, unknown> => ({
  name,
  hwaddr: mac,
  'hardware-address': mac,
  'ip-addresses': addresses.map(({family, address, prefix}) => ({
    'ip-address': address,
    'ip-address-type': family,
    prefix,
  })),
  ...Object.fromEntries(addresses.map(({family, address, prefix}) => [family, `${address}/${prefix}`])),
})

/** Addresses of a NIC: those it was given, and what a server leases where it asks for one. */
function addressesOf({vmid}: Guest, index: number, {ip, ip6, link_down: down}: Parts): Address[] {
  if (Number(down ?? 0) === 1) return []
  const leased = ip === 'dhcp' ? `198.51.100.${((vmid + index) % 250) + 1}/24` : String(ip ?? '')
  const given = [
    ['inet', leased],
    ['inet6', String(ip6 ?? '')],
  ] as const
  return given.flatMap(([family, cidr]) => {
    const [address, prefix] = cidr.split('/')
    return prefix === undefined ? [] : [{family, address: address!, prefix: Number(prefix)}]
  })
}

const loopback: Address[] = [
  {family: 'inet', address: '127.0.0.1', prefix: 8},
  {family: 'inet6', address: '::1', prefix: 128},
]

/** Interfaces of a running container; nothing for any other id. */
function interfaces(call: Call): unknown {
  const guest = call.sim.state.guests[required(call, 'vmid')]
  if (guest?.type !== 'lxc' || guest.node !== nodeName(call) || !guest.running) return null
  const dead = call.sim.state.world.lxcLacks?.includes('links') ?? false
  const nics = Object.keys(guest.config)
    .filter(isNetKey)
    .sort((a, b) => Number(a.slice(3)) - Number(b.slice(3)))
    .map((key) => {
      const parts = readParts(call.sim, 'lxc', key, guest.config[key]!) ?? {}
      const addresses = dead ? [] : addressesOf(guest, Number(key.slice(3)), parts)
      return entry(String(parts.name), String(parts.hwaddr ?? '').toLowerCase(), addresses)
    })
  return [entry('lo', '00:00:00:00:00:00', dead ? [] : loopback), ...nics]
}

export const lxcInterfaceEndpoints: Endpoints = {'GET /nodes/{node}/lxc/{vmid}/interfaces': interfaces}
