import type {Contract} from '../contract/contract.js'
import type {Endpoints} from '../calls/call.js'

/** Indexes that list other names than the contract has below them. Seen on the real daemon. */
const exceptions: Record<string, string> = {
  '/access': 'users groups roles acl domains openid tfa ticket password',
  '/cluster/config': 'nodes totem join qdevice apiversion',
  '/cluster/ha': 'status resources groups rules',
  '/cluster/metrics': 'server',
  '/cluster/sdn': 'vnets zones controllers ipams dns fabrics',
  '/nodes/{node}':
    'aplinfo apt capabilities ceph certificates config disks dns firewall hardware hosts journal lxc migrateall netstat network qemu ' +
    'query-oci-repo-tags query-url-metadata replication report rrd rrddata scan sdn services spiceshell startall status stopall storage ' +
    'subscription suspendall syslog tasks termproxy time version vncshell vzdump wakeonlan',
  '/nodes/{node}/qemu/{vmid}':
    'config cloudinit pending status unlink vncproxy termproxy migrate resize move rrd rrddata monitor agent snapshot spiceproxy sendkey firewall mtunnel remote_migrate',
  '/nodes/{node}/qemu/{vmid}/firewall': 'rules aliases ipset refs options',
  '/nodes/{node}/qemu/{vmid}/status': 'current start stop reset shutdown suspend reboot',
  '/nodes/{node}/lxc/{vmid}':
    'config pending status vncproxy termproxy vncwebsocket spiceproxy migrate clone rrd rrddata firewall snapshot resize interfaces',
  '/nodes/{node}/lxc/{vmid}/firewall': 'rules aliases ipset refs options',
  '/nodes/{node}/lxc/{vmid}/status': 'current start stop shutdown reboot migrate',
}

/** Names of an index's children that are fixed; undefined where a child is a variable, which makes it a list of objects. */
function children(contract: Contract, path: string): string[] | undefined {
  const names = new Set<string>()
  const prefix = path === '/' ? '/' : `${path}/`
  for (const other of Object.keys(contract.paths)) {
    if (!other.startsWith(prefix) || other === path) continue
    const name = other.slice(prefix.length).split('/')[0]!
    if (name.startsWith('{')) return undefined
    names.add(name)
  }
  return [...names]
}

/** Endpoints of the pure indexes, made from the contract: each lists the names of what is below it. */
export function indexEndpoints(contract: Contract): Endpoints {
  const endpoints: Endpoints = {}
  for (const [path, methods] of Object.entries(contract.paths)) {
    const link = methods.GET?.link
    const below = (name: string): boolean =>
      Object.keys(contract.paths).some((other) => other === `${path}/${name}` || other.startsWith(`${path}/${name}/`))
    // The names are those of a newer release: an older one lacks what its contract does not have.
    const named = exceptions[path]?.split(' ').filter((name) => contract.release !== '8.4' || below(name))
    const names = link === undefined ? undefined : (named ?? children(contract, path))
    if (link === undefined || names === undefined || names.length === 0) continue
    endpoints[`GET ${path}`] = () => names.map((name) => ({[link]: name}))
  }
  return endpoints
}
