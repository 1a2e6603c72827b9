import type {Config, Scalar, Value} from 'pmpc/kit/resources'

/** Keys that are told by the first lines of a stanza, or that no file holds. */
const ELSEWHERE = new Set(['type', 'autostart', 'cidr', 'gateway', 'cidr6', 'gateway6', 'address', 'netmask', 'active'])

/** `/etc/network/interfaces` of a node, from what was recorded of its network, and the names of its cards. */
export function interfacesText(config: Config): {network: string; cards?: string[]} {
  const interfaces = Object.entries(config) as [string, Record<string, Value>][]
  const ports = interfaces.flatMap(([, {bridge_ports: bridged, slaves}]) => [bridged, slaves].flatMap(words))
  const cards = [...new Set([...ports, ...interfaces.filter(([, {type}]) => type === 'eth').map(([name]) => name)])]
  const named = new Set(interfaces.map(([name]) => name))
  const bare = cards.filter((name) => !named.has(name)).map((name) => `iface ${name} inet manual\n`)
  const physical = cards.filter((name) => !interfaces.some(([other, {type}]) => other === name && type !== 'eth'))
  const text = ['auto lo\niface lo inet loopback\n', ...bare, ...interfaces.map(([name, one]) => stanza(name, one))]
  return {network: text.join('\n'), ...(physical.length > 0 && {cards: physical})}
}

function words(value: Value | undefined): string[] {
  const list = value === undefined ? [] : Array.isArray(value) ? value : [value as Scalar]
  return list.map(String).flatMap((text) => text.split(/[\s,]+/).filter((word) => word !== ''))
}

function stanza(name: string, one: Record<string, Value>): string {
  const {cidr, gateway, cidr6, gateway6, autostart} = one
  const options = Object.entries(one).filter(([key]) => !ELSEWHERE.has(key))
  return [
    ...(autostart === 1 ? [`auto ${name}`] : []),
    `iface ${name} inet ${cidr === undefined ? 'manual' : 'static'}`,
    ...(cidr === undefined ? [] : [`\taddress ${cidr as Scalar}`]),
    ...(gateway === undefined ? [] : [`\tgateway ${gateway as Scalar}`]),
    ...options.map(([key, value]) => `\t${key.replaceAll('_', '-')} ${words(value).join(' ')}`),
    ...(cidr6 === undefined ? [] : [`\niface ${name} inet6 static`, `\taddress ${cidr6 as Scalar}`]),
    ...(gateway6 === undefined ? [] : [`\tgateway ${gateway6 as Scalar}`]),
    '',
  ].join('\n')
}
