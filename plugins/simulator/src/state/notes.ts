/** Whose file holds a description, as lines that begin with `#`. */
export type NotesFile = 'qemu' | 'lxc' | 'node' | 'datacenter'

/** What the reader of each file makes of the lines that it finds. */
const readers: Record<NotesFile, (lines: string[]) => string> = {
  qemu: (lines) => lines.join('\n').replace(/\s+$/, ''),
  lxc: (lines) => lines.map((line) => `${line}\n`).join(''),
  node: (lines) => lines.map((line) => `${line.replace(/ +$/, '')}\n`).join(''),
  datacenter: (lines) => lines.map((line) => `${line}\n`).join(''),
}

/**
 * A description as it comes back from a file; empty where none is there any more. Empty lines at its end are not written, and neither is `0`,
 * which Perl takes for nothing. Facts: qemu-server, PVE/QemuServer.pm (write_vm_config); pve-container, PVE/LXC/Config.pm (write_pct_config);
 * pve-manager, PVE/NodeConfig.pm; pve-cluster, PVE/DataCenterConfig.pm (parse_datacenter_config).
 */
export function keptNotes(file: NotesFile, text: string): string {
  const written = text.replace(/\n+$/, '')
  return written === '' || text === '0' ? '' : readers[file](written.split('\n'))
}
