import type {World} from '../state/model.js'

/** Keys that only root@pam itself may set on a machine; a token may not. Fact: FACTS 6.4, daemon/vm-keys. */
export const rootOnly =
  /^(?:affinity|amd-sev|arch|args|hugepages|intel-tdx|ivshmem|keephugepages|lock|meta|parent|running[\w-]+|snaptime|spice_enhancements|vmgenid|parallel\d+)$/

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

/** The privilege that a change of a machine's key needs. */
export const privilegeFor = (key: string): string => qemuPrivileges.find(([pattern]) => pattern.test(key))![1]

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

/** CPU shares within what control groups take: the most by their version, the least as recorded (FACTS 10, tables). */
export const clampShares = ({cgroup1}: World, value: number): number =>
  Math.min(cgroup1 ? 262_144 : 10_000, Math.max(2, value))
