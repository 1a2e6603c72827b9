import type {GuestTravel} from './travel.js'

const disks = /^(?:scsi|virtio|ide|sata)\d+$/
const plugged = /^(?:scsi|virtio)\d+$/
const unplugged = /^(?:ide|sata)\d+$/
const firmware = /^(?:efidisk0|tpmstate0)$/
const nics = /^net\d+$/

const cutsNetwork = {takes: 'live', consequence: 'cuts-network'} as const
const detaches = {consequence: 'detaches-data', note: 'the volume stays, as an unused one'} as const
const atNextBoot = {
  takes: 'live',
  consequence: 'pending-until-reboot',
  note: 'written at once; seen at its next start',
} as const

/**
 * A VM. qemu-server, PVE/QemuServer.pm (vmconfig_hotplug_pending, vmconfig_update_net, vmconfig_update_disk, vm_deviceunplug), PVE/API2/Qemu.pm (update_vm_api);
 * what the real daemon did with each: test/unit/plan/recorded.test.ts.
 */
export const qemu: GuestTravel = {
  changes: [
    {
      keys: /^(?:description|name|onboot|protection|shares|startup|tags|hookscript|vmstatestorage|migrate_\w+|cpuunits|cpulimit|lock)$/,
      takes: 'live',
    },
    {keys: /^(?:ci\w+|sshkeys|ipconfig\d+|nameserver|searchdomain)$/, ...atNextBoot},
    {keys: /^hotplug$/, when: 'namesCpuOrMemory', takes: 'pending'},
    {keys: /^hotplug$/, takes: 'live'},
    {keys: /^tablet$/, flag: 'usb', takes: 'live'},
    {keys: /^usb\d+$/, when: 'takesUsb', flag: 'usb', takes: 'live'},
    {keys: /^vcpus$/, when: 'beyondCpus', flag: 'cpu', takes: 'stopped'},
    {keys: /^vcpus$/, when: 'shrinks', flag: 'cpu', takes: 'live', ifGuestLetsGo: true},
    {keys: /^vcpus$/, flag: 'cpu', takes: 'live'},
    {keys: /^memory$/, when: 'belowStatic', flag: 'memory', takes: 'stopped'},
    {keys: /^memory$/, when: 'shrinks', flag: 'memory', takes: 'live', ifGuestLetsGo: true},
    {keys: /^memory$/, flag: 'memory', takes: 'live'},
    {keys: /^balloon$/, when: 'staysOn', takes: 'live'},
    {keys: /^agent$/, on: ['changed'], only: ['fstrim_cloned_disks'], takes: 'live'},

    {keys: nics, on: ['added'], when: 'noSlot', flag: 'network', takes: 'stopped'},
    {keys: nics, on: ['added'], flag: 'network', takes: 'live'},
    {keys: nics, on: ['removed'], flag: 'network', ...cutsNetwork, ifGuestLetsGo: true},
    {keys: nics, differs: ['model', 'macaddr', 'queues', 'mtu'], flag: 'network', ...cutsNetwork, ifGuestLetsGo: true},
    {keys: nics, when: 'withoutBridge', flag: 'network', ...cutsNetwork, ifGuestLetsGo: true},
    {keys: nics, ...cutsNetwork},

    {keys: disks, when: 'mediaChanges', takes: 'stopped'},
    {keys: firmware, on: ['removed'], takes: 'pending', ...detaches},
    {keys: firmware, takes: 'pending'},
    {keys: plugged, on: ['removed'], when: 'bootDevice', unless: 'cdrom', flag: 'disk', takes: 'stopped', ...detaches},
    {keys: plugged, on: ['removed'], when: 'bootDevice', flag: 'disk', takes: 'stopped'},
    {keys: plugged, on: ['removed'], unless: 'cdrom', flag: 'disk', takes: 'live', ifGuestLetsGo: true, ...detaches},
    {keys: plugged, on: ['removed'], flag: 'disk', takes: 'live', ifGuestLetsGo: true},
    {keys: unplugged, on: ['removed'], unless: 'cdrom', takes: 'pending', ...detaches},
    {keys: unplugged, on: ['added', 'removed'], takes: 'pending'},
    {keys: plugged, on: ['added'], when: 'emptyDrive', flag: 'disk', takes: 'stopped'},
    {keys: plugged, on: ['added'], when: 'noSlot', flag: 'disk', takes: 'stopped'},
    {keys: plugged, on: ['added'], flag: 'disk', takes: 'live'},
    {keys: disks, when: 'cdrom', takes: 'live'},
    {keys: plugged, differs: ['file'], when: 'bootDevice', flag: 'disk', takes: 'stopped', ...detaches},
    {keys: plugged, differs: ['file'], flag: 'disk', takes: 'live', ifGuestLetsGo: true, ...detaches},
    {keys: unplugged, differs: ['file'], flag: 'disk', takes: 'stopped', ...detaches},
    {
      keys: disks,
      differs: ['aio', 'discard', 'iothread', 'queues', 'product', 'cache', 'ssd', 'vendor', 'ro'],
      takes: 'pending',
    },
    {
      keys: disks,
      differs: ['serial', 'wwn', 'werror', 'rerror', 'detect_zeroes', 'snapshot', 'shared'],
      ...atNextBoot,
    },
    {keys: disks, takes: 'live'},
    {keys: /^unused\d+$/, on: ['removed'], takes: 'live', consequence: 'destroys-data', irreversible: true},
    {keys: /^/, takes: 'pending'},
  ],
  refused: [
    {
      keys: /^template$/,
      to: [undefined, 0],
      why: 'cannot become 0 again: its disks are base volumes, which clones may stand on',
      instead: 'Make a guest of it with `from: {clone: …}`.',
    },
    {
      keys: disks,
      when: 'buffersNative',
      why: 'cannot have `aio: native` with that cache: QEMU starts with none that is not opened directly',
      instead: 'Take aio out, or set cache to none or directsync.',
    },
    {
      keys: /^tpmstate0$/,
      on: ['changed'],
      differs: ['version'],
      why: 'keeps the version that it was made with (qemu-server, prohibit_tpm_version_change)',
      instead: 'Take the key out and apply, then put it in anew: the old state stays as an unused volume.',
    },
  ],
  volumes: {
    slots: /^(?:(?:scsi|virtio|ide|sata)\d+|efidisk0|tpmstate0)$/,
    subkey: 'file',
    sized: [
      {keys: /^efidisk0$/, size: '*'},
      {keys: /^tpmstate0$/, size: '4M'},
    ],
    usedFirst: true,
    move: {path: 'move_disk', slot: 'disk'},
    movedStopped: /^tpmstate0$/,
    // Without that firmware QEMU is given no such drive, and the move finds none (seen on the real daemon).
    movedLiveWith: {keys: /^efidisk0$/, key: 'bios', value: 'ovmf'},
  },
  alone: ['hotplug', 'boot'],
  // PVE/API2/Qemu.pm (update_vm_api) looks at `delete` only after it has held `memory` against `balloon`.
  goesBefore: {key: 'balloon', than: 'memory'},
  // A PUT that takes longer than 30 s is answered with 596, and nothing tells how it went on.
  allocate: {method: 'POST', task: true},
  calls: {
    ping: ['agent', 'ping'],
    clone: 'clone',
    name: 'name',
    copyName: 'Copy-of-VM-{name}',
    archive: {parameter: 'archive', besides: {}},
    migrate: {running: {online: 1}, consequence: 'migrate', local: {'with-local-disks': 1}},
  },
  repeated: [
    {keys: nics, subkeys: ['macaddr']},
    {keys: /^smbios1$/, subkeys: ['uuid']},
    {keys: /^(?:(?:scsi|virtio|ide|sata)\d+|efidisk0|tpmstate0)$/, subkeys: ['size']},
  ],
  born: [
    {key: 'meta', value: {'creation-qemu': '*', ctime: '*'}},
    {key: 'vmgenid', value: '*'},
    {key: 'smbios1', value: {uuid: '*'}},
  ],
  rootOnly:
    /^(?:affinity|amd-sev|arch|args|hookscript|hugepages|intel-tdx|ivshmem|keephugepages|lock|spice_enhancements|vmgenid|parallel\d+)$/,
  protection: 'protection',
  order: {key: 'boot', subkey: 'order'},
  purge: 'purge',
  sid: 'vm:{id}',
}
