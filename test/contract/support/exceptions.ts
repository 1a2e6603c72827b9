import type {Difference} from './returns.js'

/**
 * Where real hosts answer something else than their contract says, and the simulator follows the hosts: a method, a place
 * in its `data`, and what is found there. `recordings.test` of this folder holds that each was recorded, but for those of whose methods there
 * is no recording: they name the file of PVE that says so.
 */
const exceptions: {method: RegExp; key: RegExp; found: string[]; why: string; source?: string}[] = [
  {method: /^GET \/access\/users(\/\{userid\})?$/, key: /tokens$/, found: ['null'], why: 'a user without tokens'},
  {
    method: /^GET \/cluster\/backup/,
    key: /prune-backups\.keep-/,
    found: ['string'],
    why: 'parsed from a property string',
  },
  {
    method: /^GET \/cluster\/backup/,
    key: /performance\./,
    found: ['string'],
    why: 'parsed from a property string',
    source: 'pve-manager, PVE/API2/Backup.pm',
  },
  {method: /^GET \/cluster\/(config\/apiversion|nextid)$/, key: /^\.$/, found: ['string'], why: 'printed as text'},
  {method: /^GET \/cluster\/config\/totem$/, key: /^\.$/, found: ['null'], why: 'a lone node has none'},
  {method: /\/firewall\/.*\{pos\}$/, key: /^\.pos$/, found: ['string'], why: 'echoes the path'},
  {
    method: /^GET \/cluster\/mapping\/(dir|pci|usb)$/,
    key: /description|error/,
    found: ['missing'],
    why: 'only where there is one',
  },
  {
    method: /^GET \/cluster\/sdn\/(controllers|vnets|zones)/,
    key: /pending\./,
    found: ['string', 'deleted'],
    why: 'a key that is to go reads `deleted`',
    source: 'pve-network, PVE/Network/SDN.pm (pending_config)',
  },
  {
    method: /^GET \/cluster\/sdn\/(controllers|zones)/,
    key: /\.pending$/,
    found: ['object'],
    why: '8.4 calls it a boolean',
    source: 'pve-network, PVE/Network/SDN.pm (pending_config)',
  },
  {method: /^GET \/cluster\/sdn\/(controllers|vnets|zones)/, key: /digest$/, found: ['null'], why: 'without pending=1'},
  {method: /^GET \/nodes\/\{node\}\/config$/, key: /./, found: ['string'], why: 'as the file has it'},
  {
    method: /^GET \/nodes\/\{node\}\/vzdump\/defaults$/,
    key: /^\.(fleecing|performance)$/,
    found: ['object'],
    why: 'parsed from a property string',
  },
  {
    method: /\/(qemu|lxc)\/\{vmid\}\/config$/,
    key: /\.(cpulimit|migrate_downtime)$/,
    found: ['string'],
    why: 'numbers that are no integers',
  },
  {method: /\/lxc\/\{vmid\}\/interfaces$/, key: /^\.$/, found: ['null'], why: 'a container that is stopped'},
  {
    method: /\/(qemu|lxc)\/\{vmid\}\/pending$/,
    key: /(value|pending)$/,
    found: ['integer'],
    why: 'values of integer keys',
  },
  {method: /\/lxc/, key: /pressure(cpu|io|memory)(some|full)$/, found: ['string'], why: 'read as text'},
  {method: /^GET \/nodes\/\{node\}\/network$/, key: /exists$/, found: ['null'], why: 'an interface that is not there'},
  {method: /^GET \/nodes\/\{node\}\/network$/, key: /vlan-id$/, found: ['string'], why: 'read as text'},
  {
    method: /^GET \/nodes\/\{node\}\/network$/,
    key: /ovs_tag$/,
    found: ['string'],
    why: 'read as text',
    source: 'pve-common, PVE/INotify.pm (__read_etc_network_interfaces)',
  },
  {method: /\/qemu\/\{vmid\}\/status\/current$/, key: /clipboard$/, found: ['null'], why: 'none is set'},
  {method: /\/storage\/\{storage\}\/content$/, key: /parent$/, found: ['null'], why: 'a volume without one'},
  {
    method: /\/vzdump\/defaults$/,
    key: /(fleecing|performance)$/,
    found: ['object'],
    why: 'parsed from a property string',
  },
  {method: /^GET \/nodes$/, key: /ssl_fingerprint$/, found: ['null'], why: 'of a node that cannot be read'},
  {method: /\/token\/\{tokenid\}$/, key: /(expire|privsep)$/, found: ['string'], why: 'echoes what was sent'},
  {
    method: /^GET \/nodes\/\{node\}\/disks\/list$/,
    key: /mounted$/,
    found: ['missing'],
    why: 'a disk that is not mounted',
    source: 'pve-storage, PVE/Diskmanage.pm',
  },
  {
    method: /^GET \/nodes\/\{node\}\/disks\/list$/,
    key: /(osdid-list|used)$/,
    found: ['null'],
    why: 'a disk without Ceph, a free partition',
    source: 'pve-storage, PVE/Diskmanage.pm',
  },
  {
    method: /^GET \/nodes\/\{node\}\/network$/,
    key: /\.(mtu|netmask\[n\])$/,
    found: ['string'],
    why: 'as the file has it',
    source: 'pve-common, PVE/INotify.pm, and seen on a real host',
  },
  {method: /\/(vncproxy|vncshell|termproxy)$/, key: /port$/, found: ['string'], why: 'printed as text'},
]

export const isException = (method: string, {key, found}: Difference): boolean =>
  exceptions.some((one) => one.method.test(method) && one.key.test(key) && one.found.includes(found))

/** Exceptions that none of some recorded differences bears out. */
export const unproved = (recorded: [method: string, difference: Difference][]): string[] =>
  exceptions
    .filter((one) => one.source === undefined)
    .filter((one) =>
      one.found.some(
        (found) =>
          !recorded.some(([method, at]) => one.method.test(method) && one.key.test(at.key) && at.found === found),
      ),
    )
    .map(({method, key}) => `${method} ${key}`)
