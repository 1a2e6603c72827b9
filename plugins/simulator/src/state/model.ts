import type {CephState, Conditions} from './conditions.js'

/** A text file: its content and when it was written, in milliseconds since the epoch. */
export interface TextFile {
  text: string
  time: number
}

/** A value as PVE keeps it in a configuration: integers and booleans as numbers, everything else as text. */
export type Scalar = string | number
export type Config = Record<string, Scalar>
export type GuestType = 'qemu' | 'lxc'

export interface NodeState {
  name: string
  id: number
  ip: string
  /** `hang`: the node takes requests and never answers; seen through another node as 596. */
  power: 'online' | 'offline' | 'hang'
  cpus: number
  /** Bytes. */
  memory: number
  /** Bytes of the root file system. */
  disk: number
  /** Seconds since the epoch. */
  bootTime: number
  /** Options of the node (`/nodes/{node}/config`). */
  config: Config
  hosts: string
  dns: Config
  timezone: string
  /** /etc/network/interfaces and, where changes wait for a reload, /etc/network/interfaces.new. */
  interfaces: TextFile
  newInterfaces?: TextFile
  /** Names of its network cards. */
  cards: string[]
  altnames?: Record<string, string[]>
  /** Services that were started or stopped by hand, by name. */
  services?: Record<string, 'running' | 'dead'>
  /** What programs of the node told its journal, oldest first; tasks stand in the cluster's log. */
  journal?: JournalEntry[]
  subscription?: Subscription
  /** PEM of the certificates that were uploaded or ordered, and of their key. */
  certificate?: {certificates: string; key: string}
  /** Files below /etc/apt; those of a fresh host when absent. */
  sources?: SourceFile[]
  /** When the package lists were last read, in seconds since the epoch. */
  packagesRead?: number
  /** None where it is left out. */
  disks?: LocalDisks
  /** Where its host is not as the model reckons. */
  conditions?: Conditions
}

/** What is on a disk or a partition: LVM, ZFS, a file system such as `ext4`, or a kind of partition such as `EFI`. */
export interface Device {
  /** Such as `/dev/sda1`. */
  path: string
  /** Bytes. */
  size: number
  use?: string
  /** The folder where its file system is mounted. */
  mounted?: string
}

export interface Disk extends Device {
  kind: 'hdd' | 'ssd' | 'nvme' | 'usb' | 'unknown'
  vendor: string
  model: string
  serial: string
  wwn: string
  health: string
  /** Percent that is left of what it can write. */
  wearout?: number
  gpt: boolean
  partitions: Device[]
}

/** The disks of a node, and what was made of them. Devices are named by path. */
export interface LocalDisks {
  disks: Disk[]
  /** Volume groups by name; sizes of their thin pools in bytes. The node's own system may be on one, or on a pool. */
  groups: Record<string, {devices: string[]; thin: Record<string, {size: number; metadata: number}>; system?: true}>
  zpools: Record<string, {raid: string; devices: string[]; system?: true}>
  /** Mount units of folders below /mnt/pve, by name. */
  directories: Record<string, {device: string; filesystem: string; uuid: string}>
}

export interface SourceFile {
  path: string
  repositories: Repository[]
}

/** A package repository, with the keys of deb822. */
export interface Repository {
  Types: string[]
  URIs: string[]
  Suites: string[]
  Components: string[]
  Enabled: 0 | 1
}

export interface JournalEntry {
  time: number
  /** Name of the unit that wrote it. */
  unit: string
  /** Name of the program, when it is not the unit's. */
  tag?: string
  pid: number
  msg: string
}

/** A subscription key and what is known of it. */
export interface Subscription {
  key: string
  status: 'new' | 'active' | 'expired' | 'invalid' | 'suspended'
  checktime: number
  /** `2027-01-31`; a year after it was looked at unless it says so. */
  due?: string
}

export interface Snapshot {
  config: Config
  description?: string
  parent?: string
  /** Seconds since the epoch. */
  snaptime: number
  /** A task is making or removing it. */
  snapstate?: 'prepare' | 'delete'
}

/** The system in a machine, as far as its agent shows it. */
export interface GuestSystem {
  /** By path. */
  files?: Record<string, string>
  /** What commands print, by the command line; others print nothing. */
  commands?: Record<string, {out?: string; err?: string; exit?: number}>
  frozen?: boolean
  /** Commands that were begun and not asked after, by process id. */
  processes?: Record<string, string>
  lastPid?: number
}

export interface Guest {
  vmid: number
  type: GuestType
  node: string
  pool?: string
  config: Config
  /** Changes that wait for a restart. */
  pending: Config
  /** Keys that wait for removal; 2 means forced. */
  pendingDelete: Record<string, 1 | 2>
  snapshots: Record<string, Snapshot>
  parent?: string
  lock?: string
  /** Lines of a container's file that are LXC's own, such as `lxc.idmap`: only an edit of the file writes them. */
  lxc?: [string, string][]
  running: boolean
  /** The root volume of a container that grew: what its file system was made for, in bytes. */
  rootMade?: {volid: string; size: number}
  /** Nothing is installed on its disks: it boots to no system, and none lets go of a device or answers as agent. */
  blank?: boolean
  paused?: boolean
  /** It sleeps by itself; `paused` is set, too. */
  asleep?: boolean
  /** What its agent knows of the system in it. */
  system?: GuestSystem
  /** Bytes of memory, and of the root of a container, that are in use; as the model reckons unless given. */
  usage?: {memory?: number; disk?: number}
  /** Seconds since the epoch, when it was started. */
  startTime: number
  pid: number
  /** Cloud-init keys as the drive was generated with. */
  cloudinit?: Config
}

/** What is inside an archive of a container: bytes of the archive unpacked, files, and bytes they take on disk. */
export interface Holds {
  archive: number
  files: number
  bytes: number
  /** It has no time zones. */
  bare?: boolean
}

/** What LXC of a node may lack: each makes something fail, as it did where the recordings were made. */
export type LxcLack =
  /** Control groups of running containers are not found: limits do not change while they run. */
  | 'cgroups'
  /** AppArmor: nothing is plugged into a running container. */
  | 'apparmor'
  /** Links of running containers can be neither activated nor removed. */
  | 'links'
  /** File systems do not grow while they are in use. */
  | 'growth'
  /** The monitor's socket. */
  | 'monitor'
  /** A container that has run does not come up again. */
  | 'restart'

export interface Volume {
  volid: string
  /** The node that holds it; empty on shared storages. */
  node: string
  /** Bytes. */
  size: number
  used: number
  format: string
  content: string
  vmid?: number
  /** Seconds since the epoch. */
  ctime: number
  /** Volume id of the base image of a linked clone. */
  parent?: string
  /** Names of the snapshots it holds. */
  snapshots?: string[]
  /** What an archive of a container holds, and a container's root made of it. */
  holds?: Holds
  /** What a backup holds. */
  backup?: Backup
  /** Checksum of a file that was downloaded with one. */
  checksum?: string
  /** What a Proxmox Backup Server found when it read a backup through. */
  verification?: {state: 'ok' | 'failed'; upid: string}
}

/** A guest as a backup keeps it: configuration, disks and firewall, nothing of snapshots and pending changes. */
export interface Backup {
  type: GuestType
  config: Config
  lxc?: [string, string][]
  firewall?: FirewallState
  blank?: boolean
  holds?: Holds
  /** Disks by key. */
  disks: Record<string, {storage: string; format: string; size: number; used: number}>
}

export interface StorageState {
  storage: string
  type: string
  config: Config
  /** Bytes of the file system behind it. */
  total: number
  used: number
  /** No room is left; a fault. */
  full?: boolean
  /** Bytes that it grew by each day until now, as its statistics tell. */
  growth?: number
  /** Nodes where what it lies on was taken away. */
  gone?: string[]
}

/** A second factor. */
export interface TfaEntry {
  id: string
  type: 'totp' | 'u2f' | 'webauthn' | 'recovery' | 'yubico'
  description: string
  /** Seconds since the epoch. */
  created: number
  enable: boolean
  /** Its `otpauth` address. */
  totp?: string
  /** Keys, empty where they were used. */
  recovery?: string[]
}

export interface User {
  userid: string
  enable: number
  expire: number
  firstname?: string
  lastname?: string
  email?: string
  comment?: string
  keys?: string
  groups: string[]
  password?: string
  /** Second factors; locked after too many wrong values. */
  tfa?: {entries: TfaEntry[]; locked?: boolean; failures?: number}
  tokens: Record<string, Token>
}

export interface Token {
  secret: string
  privsep: number
  expire: number
  comment?: string
}

export interface AclEntry {
  path: string
  type: 'user' | 'group' | 'token'
  ugid: string
  roleid: string
  propagate: 0 | 1
}

export interface Task {
  upid: string
  node: string
  pid: number
  pstart: number
  starttime: number
  type: string
  id: string
  /** The identity that began it, token included. */
  user: string
  log: string[]
  endtime?: number
  exitstatus?: string
}

export interface LogEntry {
  node: string
  uid: number
  time: number
  pri: number
  tag: string
  pid: number
  user: string
  msg: string
}

/** What an LDAP server knows. */
export interface Directory {
  users: {name: string; firstname?: string; lastname?: string; email?: string}[]
  groups?: {name: string; members: string[]}[]
}

/** What a cluster finds around it; left out, everything it is pointed at exists. */
export interface World {
  /** No host outside the cluster answers: storages cannot be added, downloads fail. */
  offline?: boolean
  /** Directories that exist for mappings besides those of storages; any when absent. */
  directories?: string[]
  /** Nodes that are off refuse connections at once instead of being unreachable. */
  refuses?: boolean
  /** Nodes that are off were never seen by this cluster's status rounds. */
  unseen?: boolean
  /** What the LDAP servers hold, by realm; nobody where it is left out. */
  directory?: Record<string, Directory>
  /** No HA manager runs: what is asked of it waits. On unless false. */
  ha?: boolean
  /** No scheduler runs: replication waits. On unless false. */
  scheduler?: boolean
  /** No node is in a corosync configuration, whatever cluster they say they are in. On unless false. */
  corosync?: boolean
  /** Version of the cluster's membership; the number of nodes unless given. */
  membership?: number
  /** What lies at an address outside, for downloads; where it says nothing, a file of 512 MiB with any checksum. */
  urls?: Record<string, {size?: number; mimetype?: string; checksum?: string}>
  /** The folder of PVE's lock files is not there until the first volume is made. */
  noLockFolder?: boolean
  /** Version 1 control groups. */
  cgroup1?: boolean
  /** Reloading the network sets up no devices; without it, what is started by itself comes to be. */
  inertNetwork?: boolean
  /** Programs and files that the hosts lack, such as `ovs-vsctl` or `ifupdown2`. */
  lacks?: string[]
  /** Device nodes that exist for containers; any when absent. */
  devices?: string[]
  lxcLacks?: LxcLack[]
  /** QEMU as a distribution builds it, without KVM and what Proxmox adds: it loads no saved memory, knows no SPICE, copies no disk in use. */
  plainQemu?: boolean
  /** What a machine is started with on its disks is installed at once: one with nothing on them has a system from then on. */
  installs?: boolean
  /** Network entries in /cluster/resources; on unless false. */
  localnetwork?: boolean
  /** What corosync's third vote says of itself, as `corosync-qdevice-tool -s -v` prints it; without it there is none. */
  qdevice?: Record<string, string>
  /** Ceph, where the nodes have one. */
  ceph?: CephState
  /** A stand-in for systemd: each of its units runs, and describes itself so. */
  systemd?: string
  /** Status rounds are too rare for samples when false: statistics hold their times only. */
  statistics?: boolean
}

/** A firewall file: that of the cluster, a node or a guest. Security groups stand in the cluster's only. */
export interface FirewallState {
  options: Record<string, unknown>
  rules: Record<string, unknown>[]
  aliases: Record<string, {name: string; cidr: string; comment?: string}>
  ipset: Record<string, {comment?: string; entries: Record<string, unknown>[]}>
  groups: Record<string, {comment?: string; rules: Record<string, unknown>[]}>
}

/** What the HA manager knows of a resource. */
export interface HaService {
  state:
    'request_start' | 'started' | 'request_stop' | 'stopped' | 'migrate' | 'relocate' | 'fence' | 'recovery' | 'error'
  node: string
  uid: string
  /** Where it is on its way to. */
  target?: string
  running?: boolean
  /** Starts that failed on this node, and the nodes where all of them failed. */
  failures?: number
  tried?: string[]
}

/** What came of a replication job; times in seconds since the epoch, 0 for never. */
export interface ReplicationState {
  /** When the scheduler first saw it. */
  since: number
  lastSync: number
  lastTry: number
  failures: number
  duration?: number
  error?: string
  /** It is to run with the next round. */
  asked?: boolean
  log: string[]
}

/** State of the HA manager; there is none before the first resource. */
export interface HaState {
  services: Record<string, HaService>
  nodes: Record<string, 'online' | 'unknown' | 'fence' | 'gone'>
  commands: {sid: string; kind: 'migrate' | 'relocate'; node: string}[]
  /** Disarmed: resources keep their state, or are as if they were not managed. */
  disarmed?: 'freeze' | 'ignore'
}

/** One object of a section configuration (storage.cfg, ha resources, jobs, sdn, …). */
export type Section = Record<string, unknown>

export interface State {
  cluster?: string
  nodes: Record<string, NodeState>
  guests: Record<string, Guest>
  storages: Record<string, StorageState>
  /** By node and volume id; see `volumeKey`. */
  volumes: Record<string, Volume>
  /** Notes and protection of backups, files beside the archive: also by `volumeKey`. */
  attributes?: Record<string, {notes?: string; protected?: boolean}>
  pools: Record<string, {comment?: string; storage: string[]}>
  users: Record<string, User>
  groups: Record<string, {comment?: string}>
  roles: Record<string, string[]>
  acl: AclEntry[]
  options: Record<string, unknown>
  tasks: Task[]
  log: LogEntry[]
  /** Everything else, by the name of its file: sections in order. */
  sections: Record<string, Record<string, Section>>
  /** By `cluster`, `node NAME` or guest id. */
  firewall: Record<string, FirewallState>
  ha?: HaState
  replication?: Record<string, ReplicationState>
  quorum: boolean
  /** What lies around the cluster. */
  world: World
}
