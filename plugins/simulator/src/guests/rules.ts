import type {GuestType} from '../state/model.js'

/** Keys that only root@pam itself may set on a machine; a token may not. Fact: FACTS 6.4, daemon/vm-keys. */
export const rootOnly =
  /^(?:affinity|amd-sev|arch|args|hugepages|intel-tdx|ivshmem|keephugepages|lock|meta|spice_enhancements|vmgenid|parallel\d+)$/

/** Which privilege a key needs, first match counts. Fact: FACTS 6.3. */
export const qemuPrivileges: [RegExp, string][] = [
  [/^(?:cores|sockets|smp|cpu|cpulimit|cpuunits|numa|vcpus|numa\d+)$/, 'VM.Config.CPU'],
  [/^(?:memory|balloon|shares|allow-ksm)$/, 'VM.Config.Memory'],
  [/^net\d+$/, 'VM.Config.Network'],
  [/^(?:nameserver|searchdomain)$/, 'VM.Config.Network'],
  [/^(?:ci\w+|sshkeys|ipconfig\d+)$/, 'VM.Config.Cloudinit'],
  [/^(?:boot|bootdisk)$/, 'VM.Config.Disk'],
  [
    /^(?:acpi|kvm|scsihw|vga|watchdog|tablet|tdf|machine|hotplug|rng0|audio0|serial\d+|usb\d+|hostpci\d+|virtiofs\d+|migrate_\w+)$/,
    'VM.Config.HWType',
  ],
  [/^(?:scsi|virtio|ide|sata|unused)\d+$|^(?:efidisk0|tpmstate0|vmstatestorage)$/, 'VM.Config.Disk'],
  [/./, 'VM.Config.Options'],
]

export const lxcPrivileges: [RegExp, string][] = [
  [/^(?:cores|cpulimit|cpuunits)$/, 'VM.Config.CPU'],
  [/^(?:memory|swap)$/, 'VM.Config.Memory'],
  [/^(?:net\d+|nameserver|searchdomain|hostname)$/, 'VM.Config.Network'],
  [/^(?:rootfs|mp\d+|unused\d+)$/, 'VM.Config.Disk'],
  [/./, 'VM.Config.Options'],
]

/** The privilege that a change of a key needs. */
export function privilegeFor(type: GuestType, key: string): string {
  const table = type === 'qemu' ? qemuPrivileges : lxcPrivileges
  return table.find(([pattern]) => pattern.test(key))![1]
}

/** Keys of a running machine that change at once. Fact: FACTS 3.7, tables/vm-running-table. */
const qemuLive =
  /^(?:description|hookscript|lock|name|onboot|protection|shares|startup|tags|vmstatestorage|migrate_downtime|migrate_speed|ci\w+|sshkeys|nameserver|searchdomain|ipconfig\d+|cpuunits|cpulimit|tablet|unused\d+)$/

/** Keys of a running container that change at once. Fact: FACTS 3.7, tables/lxc-running-table. */
const lxcLive =
  /^(?:description|onboot|startup|protection|hostname|cores|tags|lock|hookscript|cpulimit|cpuunits|memory|swap|template|net\d+|mp\d+|dev\d+|unused\d+)$/

/** Sub-keys of a NIC that a running machine takes without replugging it. */
export const liveNicKeys = new Set(['bridge', 'tag', 'trunks', 'firewall', 'rate', 'link_down'])

/** Sub-keys of a drive that need a restart. */
export const coldDriveKeys = new Set([
  'aio',
  'discard',
  'iothread',
  'cache',
  'ssd',
  'ro',
  'queues',
  'serial',
  'product',
  'vendor',
  'model',
  'wwn',
  'scsiblock',
  'detect_zeroes',
  'media',
  'file',
])

export const isLive = (type: GuestType, key: string): boolean => (type === 'qemu' ? qemuLive : lxcLive).test(key)

/** What `hotplug` allows. `1` or absent is network, disk and usb. */
export function hotplugFeatures(value: string | number | undefined): Set<string> {
  const text = String(value ?? '1')
  if (text === '0') return new Set()
  return new Set(text === '1' ? ['network', 'disk', 'usb'] : text.split(/[,;\s]+/))
}

/** Keys whose configuration goes into the cloud-init drive. */
export const cloudinitKey =
  /^(?:ciuser|cipassword|citype|ciupgrade|cicustom|sshkeys|nameserver|searchdomain|ipconfig\d+)$/

/** Parameters of a configuration call that are no configuration. */
export const callParameters = new Set([
  'node',
  'vmid',
  'digest',
  'delete',
  'revert',
  'force',
  'skiplock',
  'background_delay',
  'pool',
  'storage',
  'archive',
  'start',
  'unique',
  'bwlimit',
  'live-restore',
  'import-working-storage',
  'ostemplate',
  'password',
  'ssh-public-keys',
  'restore',
  'ignore-unpack-errors',
  'ha-managed',
])
