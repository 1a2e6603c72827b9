import {access} from './access.js'
import type {Group} from './case.js'
import {datacenter} from './datacenter.js'
import {firewall} from './firewall.js'
import {ha} from './ha.js'
import {jobs} from './jobs.js'
import {sdn} from './sdn.js'
import {storage} from './storage.js'

/** All that is made, in the order in which it can be. */
export const groups: readonly Group[] = [access, storage, jobs, ha, sdn, firewall, datacenter]

const choice = 'tells the call what to do, and is nothing that an object has'
const calendar = 'PVE makes a schedule of it'
const parts = 'is told as cidr: another way to say the same'

/** Keys of the contract that no case sends, by kind and part, with the reason. One that a case sends, or that no contract has, must not be here. */
export const aside: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  user: {append: choice},
  'user tokens': {regenerate: choice},
  role: {append: choice},
  realm: {'check-connection': choice},
  pool: {
    'allow-move': choice,
    storage: 'members are added and taken out: odd',
    vms: 'guests say in which pool they are',
  },
  'backup-job': {starttime: calendar, dow: calendar},
  options: {migration_unsecure: 'has become migration, which PVE makes of it'},
  'ha-resource': {group: 'has become rules in 9, where the contract still has it; it is sent in 8.4'},
  'replication-job': {
    source: 'follows the guest: PVE writes it',
    remove_job: 'has the job removed: what deletion sets',
  },
  storage: {authsupported: 'no type takes it'},
  'sdn-dns': {reversev6mask: 'no type takes it: reversemaskv6 is another key'},
  'firewall aliases': {rename: choice},
  'firewall rules': {moveto: 'odd'},
  'security-group rules': {
    moveto: choice,
    iface: 'no rule of a group takes it',
    macro: 'a rule of a group is like any other: those of firewalls have it',
    'icmp-type': 'the same',
  },
  network: {
    address: parts,
    netmask: parts,
    address6: parts,
    netmask6: parts,
    ovs_ports: 'odd',
    comments6: 'PVE reads it back as comments',
    gateway: 'the seed has one, on vmbr0; gateway6 is the same',
  },
}
