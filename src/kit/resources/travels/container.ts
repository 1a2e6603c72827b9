import type {GuestTravel} from './travel.js'

const nics = /^net\d+$/
const mounts = /^mp\d+$/

/**
 * A container. pve-container, PVE/LXC/Config.pm (vmconfig_hotplug_pending, vmconfig_apply_pending, update_pct_config), PVE/API2/LXC.pm; what the real daemon did with
 * each: test/unit/plan/recorded.test.ts.
 */
export const lxc: GuestTravel = {
  changes: [
    {
      keys: /^(?:description|onboot|startup|protection|hookscript|cores|tags|cpulimit|cpuunits|swap|lock)$/,
      takes: 'live',
    },
    {keys: /^memory$/, on: ['added', 'changed'], takes: 'live'},
    {
      keys: /^hostname$/,
      takes: 'live',
      consequence: 'pending-until-reboot',
      note: 'written at once; seen at its next start',
    },
    {keys: nics, on: ['added'], takes: 'live'},
    {keys: nics, takes: 'live', consequence: 'cuts-network'},
    {keys: /^(?:mp|dev)\d+$/, on: ['added'], takes: 'live'},
    {
      keys: mounts,
      on: ['removed'],
      takes: 'pending',
      consequence: 'detaches-data',
      note: 'the volume stays, as an unused one',
    },
    {
      keys: mounts,
      differs: ['volume'],
      takes: 'stopped',
      consequence: 'detaches-data',
      note: 'the volume stays, as an unused one',
    },
    {keys: /^unused\d+$/, on: ['removed'], takes: 'live', consequence: 'destroys-data', irreversible: true},
    {keys: /^/, takes: 'pending'},
  ],
  refused: [
    {
      keys: /^unprivileged$/,
      why: 'cannot be changed: the files of the container belong to the users that it was made with',
      instead: 'Make it anew from a backup: `from: {archive: …}`.',
    },
    {
      keys: /^(?:rootfs|ostype)$/,
      on: ['removed'],
      why: 'cannot be taken out (pve-container, update_pct_config)',
      instead: 'Put the line back.',
    },
    {
      keys: /^memory$/,
      on: ['removed'],
      why: 'cannot be taken out (pve-container, update_pct_config)',
      instead: 'Write the default: `memory: 512`.',
    },
    {
      keys: /^lxc$/,
      why: 'holds raw lines, which no call of the API takes',
      instead: 'Edit /etc/pve/lxc/ID.conf on its node.',
    },
    {
      keys: /^template$/,
      to: [undefined, 0],
      why: 'cannot become 0 again: its volumes are base volumes, which clones may stand on',
      instead: 'Make a guest of it with `from: {clone: …}`.',
    },
  ],
  volumes: {
    slots: /^(?:rootfs|mp\d+)$/,
    subkey: 'volume',
    fixed: /^rootfs$/,
    sized: [],
    move: {path: 'move_volume', slot: 'volume'},
    movedStopped: /^/,
  },
  alone: [],
  // pve-guest-common, PVE/AbstractConfig.pm (add_to_pending_delete): of a VM the API takes the pending value out before.
  revertsFirst: true,
  allocate: {method: 'PUT'},
  calls: {
    clone: 'clone',
    name: 'hostname',
    archive: {parameter: 'ostemplate', besides: {restore: 1}, keeps: /^net\d+$/},
    migrate: {running: {restart: 1}, consequence: 'restart', local: {}},
  },
  repeated: [
    {keys: nics, subkeys: ['hwaddr']},
    {keys: /^(?:rootfs|mp\d+)$/, subkeys: ['size']},
  ],
  born: [
    {key: 'arch', value: '*'},
    {key: 'ostype', value: '*'},
    {key: 'hostname', value: 'CT{id}'},
    {key: 'memory', value: 512},
    {key: 'swap', value: 512},
  ],
  rootOnly: /^(?:lock|hookscript|dev\d+)$/,
  protection: 'protection',
  protects: /^(?:rootfs|mp\d+)$/,
  purge: 'purge',
  sid: 'ct:{id}',
}
