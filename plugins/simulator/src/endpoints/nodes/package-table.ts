import type {Release} from '../../contract/contract.js'

export interface PackageRow {
  name: string
  section: string
  title: string
  version: Record<Release, string>
}

const row = (name: string, old: string, current: string, section: string, title: string): PackageRow => ({
  name,
  section,
  title,
  version: {'8.4': old, '9.2': current},
})

/** Packages that a host of either release reports, the most important ones first, then by name. Fact: pve-manager, PVE/API2/APT.pm, and seen on a host of each. */
// prettier-ignore
export const packages: PackageRow[] = [
  row('proxmox-ve', '8.4.0', '9.2.0', 'metapackages', 'Proxmox Virtual Environment'),
  row('pve-manager', '8.4.5', '9.2.11', 'admin', 'API and web interface'),
  row('proxmox-kernel-helper', '8.1.1', '9.0.4', 'admin', 'Boot loader and kernel hooks'),
  row('corosync', '3.1.9-pve1', '3.1.9-pve2', 'admin', 'Cluster engine'),
  row('criu', '3.17.1-2+deb12u1', '4.1.1-1', 'admin', 'Checkpoint and restore of processes'),
  row('frr-pythontools', '10.2.2-1+pve1', '10.4.1-1+pve1', 'net', 'Reload of the routing daemon'),
  row('ifupdown2', '3.2.0-1+pmx11', '3.3.0-1+pmx11', 'admin', 'Network configuration'),
  row('ksm-control-daemon', '1.5-1', '1.5-1', 'admin', 'Tuning of memory deduplication'),
  row('libjs-extjs', '7.0.0-5', '7.0.0-5', 'javascript', 'Widgets of the web interface'),
  row('libknet1', '1.30-pve2', '1.31-pve1', 'libs', 'Network layer of the cluster engine'),
  row('libproxmox-acme-perl', '1.6.0', '1.7.0', 'perl', 'ACME client'),
  row('libproxmox-backup-qemu0', '1.5.1', '2.0.1', 'libs', 'Backups of machines'),
  row('libproxmox-rs-perl', '0.3.5', '0.4.1', 'perl', 'Code that products share'),
  row('libpve-access-control', '8.2.2', '9.1.1', 'perl', 'Users and permissions'),
  row('libpve-apiclient-perl', '3.3.2', '3.4.2', 'perl', 'API client'),
  row('libpve-cluster-api-perl', '8.1.0', '9.1.0', 'perl', 'Cluster API'),
  row('libpve-cluster-perl', '8.1.0', '9.1.0', 'perl', 'Cluster file system library'),
  row('libpve-common-perl', '8.3.1', '9.1.4', 'perl', 'Base library'),
  row('libpve-guest-common-perl', '5.2.2', '6.1.1', 'perl', 'What guests share'),
  row('libpve-http-server-perl', '5.2.2', '6.0.5', 'perl', 'HTTP server of the API'),
  row('libpve-network-perl', '0.11.2', '1.3.0', 'perl', 'Software defined networks'),
  row('libpve-rs-perl', '0.9.4', '0.11.4', 'perl', 'Native parts'),
  row('libpve-storage-perl', '8.3.6', '9.1.7', 'perl', 'Storages'),
  row('libspice-server1', '0.15.1-1', '0.15.2-1+b1', 'libs', 'SPICE server'),
  row('lvm2', '2.03.16-2', '2.03.31-2', 'admin', 'Logical volumes'),
  row('lxc-pve', '6.0.0-1', '6.0.5-4', 'admin', 'Containers'),
  row('lxcfs', '6.0.0-pve2', '6.0.4-pve1', 'admin', 'File system for containers'),
  row('novnc-pve', '1.6.0-2', '1.6.0-3', 'web', 'Consoles in the browser'),
  row('proxmox-backup-client', '3.4.1-1', '4.1.1-1', 'admin', 'Backup client'),
  row('proxmox-backup-file-restore', '3.4.1-1', '4.1.1-1', 'admin', 'Single files from backups'),
  row('proxmox-firewall', '0.7.1', '1.2.1', 'admin', 'Firewall on nftables'),
  row('proxmox-mail-forward', '0.3.2', '1.0.2', 'admin', 'Mails of the system'),
  row('proxmox-mini-journalreader', '1.4.0', '1.6', 'admin', 'Reader of the journal'),
  row('proxmox-widget-toolkit', '4.3.11', '5.1.5', 'web', 'Widgets that products share'),
  row('pve-cluster', '8.1.0', '9.1.0', 'admin', 'Cluster file system'),
  row('pve-container', '5.2.7', '6.1.10', 'perl', 'Containers of the API'),
  row('pve-docs', '8.4.0', '9.2.0', 'doc', 'Documentation'),
  row('pve-edk2-firmware', '4.2025.02-3', '4.2025.05-2', 'misc', 'UEFI for machines'),
  row('pve-esxi-import-tools', '0.7.4', '1.0.1', 'admin', 'Import from other hypervisors'),
  row('pve-firewall', '5.1.2', '6.0.4', 'admin', 'Firewall'),
  row('pve-firmware', '3.15-4', '3.17-2', 'kernel', 'Firmware for devices'),
  row('pve-ha-manager', '4.0.7', '5.2.0', 'admin', 'High availability'),
  row('pve-i18n', '3.4.4', '3.6.5', 'admin', 'Translations'),
  row('pve-qemu-kvm', '9.2.0-5', '10.0.13-1', 'admin', 'Machine emulator'),
  row('pve-xtermjs', '5.5.0-2', '5.5.0-3', 'admin', 'Terminals in the browser'),
  row('qemu-server', '8.3.14', '9.2.6', 'admin', 'Machines of the API'),
  row('smartmontools', '7.3-pve1', '7.4-pve1', 'utils', 'Health of disks'),
  row('spiceterm', '3.3.1', '3.4.1', 'admin', 'Terminals over SPICE'),
  row('swtpm', '0.8.0+pve1', '0.8.0+pve3', 'misc', 'TPM for machines'),
  row('vncterm', '1.8.0', '1.9.1', 'admin', 'Terminals over VNC'),
  row('zfsutils-linux', '2.2.7-pve2', '2.3.4-pve1', 'admin', 'ZFS'),
]

/** What an update of the package lists brings. */
export const updates: Record<Release, (PackageRow & {next: string})[]> = {
  '8.4': [{...row('tzdata', '2024b-0+deb12u1', '', 'localization', 'Time zones'), next: '2025b-0+deb12u1'}],
  '9.2': [{...row('tzdata', '', '2026c-0+deb13u1', 'localization', 'Time zones'), next: '2026f-0+deb13u1'}],
}
