import {versionOf} from '../calls/node.js'
import type {Call} from '../calls/call.js'

/** Versions of machine types that QEMU knows, newest first. Seen on the real daemon (`GET /nodes/{node}/capabilities/qemu/machines`). */
const versions = (
  '10.0 9.2 9.1 9.0 8.2 8.1 8.0 7.2 7.1 7.0 6.2 6.1 6.0 5.2 5.1 5.0 4.2 4.1 4.0.1 4.0 3.1 3.0 ' +
  '2.12 2.11 2.10 2.9 2.8 2.7 2.6 2.5 2.4'
).split(' ')

/** What Proxmox changed about a version after it was released. Fact: qemu-server src/PVE/QemuServer/Machine.pm. */
const revisions: Record<string, string[]> = {
  '10.0': ['Set host_mtu vNIC option even with default value for migration compat.'],
  '9.2': ['Disables S3/S4 power states by default.'],
  '4.1': ['Introduction of pveX versioning, no changes.', 'Increases the number of SCSI drives supported.'],
}

export interface MachineType {
  id: string
  type: 'i440fx' | 'q35'
  version: string
  changes?: string
}

/** `10.0` of QEMU 10.0.13. */
const qemuVersion = (call: Call): string => versionOf(call).qemu.split('.').slice(0, 2).join('.')

/** The newest version of machine types, with what Proxmox changed: `10.0+pve1`. */
export function latestVersion(call: Call): string {
  const version = qemuVersion(call)
  const changed = revisions[version]?.length ?? 0
  return changed > 0 ? `${version}+pve${changed}` : version
}

/** All machine types, newest first. */
export function machineTypes(call: Call): MachineType[] {
  const known = versions.slice(versions.indexOf(qemuVersion(call)))
  return known.flatMap((plain) => {
    const changed = (revisions[plain] ?? []).map((changes, index) => ({version: `${plain}+pve${index + 1}`, changes}))
    return [...changed.reverse(), {version: plain}].flatMap((entry) =>
      (plain === '4.0.1' ? (['q35'] as const) : (['i440fx', 'q35'] as const)).map((type) => ({
        id: `pc-${type}-${entry.version}`,
        type,
        ...entry,
      })),
    )
  })
}

/** The machine type of Windows, which needs one that stays; undefined where it need not change. Fact: Machine.pm (check_and_pin_machine_string). */
export function pinnedType(call: Call, type: string | undefined, ostype: string): string | undefined {
  if (!/^w/.test(ostype) || !['', 'pc', 'q35'].includes(type ?? '')) return undefined
  return `pc-${type === 'q35' ? 'q35' : 'i440fx'}-${latestVersion(call)}`
}
