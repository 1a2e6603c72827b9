import type {Kind} from '../../resources/index.js'

/** What a new guest has where nobody says otherwise. */
export interface Defaults {
  /** As PVE's own texts, by key. */
  readonly keys: Readonly<Record<string, string>>
  /** Its first volume; `{volume}` is where it goes, and how large it is. */
  readonly disk: {
    readonly key: string
    readonly size: number
    readonly text: string
    /** What a storage must take for it. */
    readonly content: string
  }
  /** Its first network device, but for the bridge. */
  readonly net: {readonly key: string; readonly text: string}
  /** Where the medium goes from which a system is installed. */
  readonly medium?: {readonly key: string; readonly text: string}
  /** By which of the contents of a storage it may be made. */
  readonly origins: readonly ('vztmpl' | 'backup' | 'iso' | 'import')[]
}

/**
 * As PVE's own wizards make them (pve-manager, www/manager6/qemu/CreateWizard.js and OSDefaults.js, lxc/CreateWizard.js), but that the guest agent is on, and a container asks
 * for its address.
 */
export const defaultsOf: Readonly<Record<NonNullable<Kind['guest']>, Defaults>> = {
  qemu: {
    keys: {
      agent: '1',
      cores: '1',
      cpu: 'x86-64-v2-AES',
      memory: '2048',
      ostype: 'l26',
      scsihw: 'virtio-scsi-single',
    },
    disk: {key: 'scsi0', size: 32, text: '{volume},iothread=1', content: 'images'},
    net: {key: 'net0', text: 'virtio'},
    medium: {key: 'ide2', text: '{volume},media=cdrom'},
    origins: ['backup', 'iso', 'import'],
  },
  lxc: {
    keys: {cores: '1', features: 'nesting=1', memory: '512', swap: '512', unprivileged: '1'},
    disk: {key: 'rootfs', size: 8, text: '{volume}', content: 'rootdir'},
    net: {key: 'net0', text: 'name=eth0,ip=dhcp'},
    origins: ['vztmpl', 'backup'],
  },
}
