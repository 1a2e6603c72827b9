import type {Case, Given} from '../support/kinds/case.js'

/** Kinds that the cases do not make, with what is done with them instead. */
export const elsewhere: Readonly<Record<string, string>> = {
  vm: 'is made and changed by client.test.ts and job.test.ts',
  container: 'is made and changed by client.test.ts',
  'acme-account': 'is observed only, and no account can be made where no authority answers',
}

const plain = {comment: ['first: 100 % # no comment', 'second: [a] {b} & c'], disable: [1, 1]} as const

/** What is sent to a node without its peers and services in place of what the cases say. */
export const instead: Readonly<
  Record<string, {readonly values: NonNullable<Case['values']>; readonly removal?: Given; readonly because: string}>
> = {
  'notification-target': {
    values: plain,
    because:
      'a stand-in of the library for notifications encodes what is not ASCII anew each time it writes, so that its file doubles; it keeps a 0 that disables nothing',
  },
  'notification-matcher': {values: plain, because: 'the same library'},
  'acme-plugin': {values: {api: ['cf', 'ovh']}, because: 'a stand-in of the library for ACME knows a few services'},
  'sdn-zone': {values: {ipam: ['pve', 'pve']}, because: 'another one is asked by PVE, and there is none'},
  'replication-job': {
    values: {target: ['pve2', 'pve2']},
    removal: {force: 1},
    because: 'there is one other node, which is off: a job that is marked to be removed stays',
  },
}

const otherDay = 'its packages are of another day than the contract'

/** What a node may refuse, and why that says nothing of pmpc. All else that is refused is a failure. */
export const excuses: readonly {readonly says: RegExp; readonly because: string}[] = [
  {says: /PMPC_PLAN_REFUSED .*\n.*: (?:node \w+ is offline|there is no node \w+)$/, because: 'there is one node'},
  {says: /missing password$/, because: 'no case has a secret that such a storage cannot be made without'},
  {
    says: /home\/sdn-fabric\/.* PMPC_DIVERGED .*: config\.(?:type|redistribute): /,
    because: 'a stand-in of the library for fabrics tells them otherwise than it does',
  },
  {says: /wrong interface type on slave/, because: 'the kernel has no such interfaces'},
  {says: /^backup-job of guests: without script tmpdir dumpdir$/, because: 'root@pam with a ticket alone may set them'},
  {says: /no iscsi support|^storage lvm: without base$/, because: 'there is no iSCSI'},
  {says: /^ha-resource : without auto-rebalance$/, because: otherDay},
  {says: /sdn\/fabrics.*'(?:wireguard|bgp)' does not have a value/, because: otherDay},
  {says: /^sdn-fabric .*delete\[0\]: value '\w+' does not have a value/, because: otherDay},
  {says: /^sdn-controller bgp: without route-map-in route-map-out peer-group-name bgp-mode$/, because: otherDay},
  {
    says: /^sdn-zone \w+: without dns reversedns dnszone(?: secondary-controllers)?$/,
    because: 'PVE asks the DNS service, and there is none; the last one is of another day',
  },
  {says: /does not know \w+ \/cluster\/sdn\/(?:prefix-lists|route-maps)/, because: otherDay},
  {says: /^sdn-controller evpn: .*property is not defined in schema/, because: otherDay},
  {says: /only 1 global evpn controller/, because: otherDay},
  {says: /Can't connect to (?:netbox|phpipam) api|dns api error/, because: 'PVE asks the service, and there is none'},
  {says: /Open VSwitch is not installed/, because: 'Open vSwitch is not installed'},
  {
    says: /^acme-plugin standalone: without disable nodes$/,
    because: 'a stand-in of the library for ACME has no options of it',
  },
  {says: /custom vlan interface name need ifupdown2/, because: 'ifupdown2 is not installed'},
  {
    says: /Connection test failed|couldn't create (?:carbon|influxdb) socket|Can't connect to [\d.]+:\d+/,
    because: 'PVE asks the server, and there is none',
  },
]
