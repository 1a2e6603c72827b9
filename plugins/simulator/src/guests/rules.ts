import type {World} from '../state/model.js'

/** Keys that only root@pam itself may set on a machine; a token may not. Fact: qemu-server, PVE/API2/Qemu.pm (check_vm_modify_config_perm), and seen on the real daemon. */
export const rootOnly =
  /^(?:affinity|amd-sev|arch|args|hugepages|intel-tdx|ivshmem|keephugepages|lock|meta|parent|running[\w-]+|snaptime|spice_enhancements|vmgenid|parallel\d+)$/

/** Which privileges a key needs, one of those named; first match counts. Fact: qemu-server, PVE/API2/Qemu.pm (check_vm_modify_config_perm). */
const qemuPrivileges: [RegExp, string[]][] = [
  [/^(?:cores|sockets|smp|cpu|cpulimit|cpuunits|numa|vcpus|numa\d+)$/, ['VM.Config.CPU']],
  [/^(?:memory|balloon|shares|allow-ksm)$/, ['VM.Config.Memory']],
  [/^net\d+$/, ['VM.Config.Network']],
  [/^(?:ci\w+|sshkeys|ipconfig\d+|nameserver|searchdomain)$/, ['VM.Config.Cloudinit', 'VM.Config.Network']],
  [/^(?:boot|bootdisk|vmstatestorage|unused\d+|virtiofs\d+)$/, ['VM.Config.Disk']],
  [
    /^(?:acpi|kvm|scsihw|vga|watchdog|tablet|machine|hotplug|smbios1|rng0|audio0|(?:serial|usb|hostpci)\d+)$/,
    ['VM.Config.HWType'],
  ],
  [/^freeze$/, ['VM.PowerMgmt']],
  [/./, ['VM.Config.Options']],
]

/** Of these privileges one is needed to change a machine's key. */
export const privilegesFor = (key: string): string[] => qemuPrivileges.find(([pattern]) => pattern.test(key))![1]

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

/** CPU shares within what control groups take: the most by their version, the least as the real daemon has it. Fact: pve-common, PVE/CGroup.pm (clamp_cpu_shares). */
export const clampShares = ({cgroup1}: World, value: number): number =>
  Math.min(cgroup1 ? 262_144 : 10_000, Math.max(2, value))
