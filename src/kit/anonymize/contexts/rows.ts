/** Expressions by the word that they begin with, or that follows what they end with; then with what begins at the word. */
export type Row = readonly [words: string, expression: RegExp, next?: RegExp]

/** Where hosts stand by themselves: what Proxmox VE, corosync, Ceph, Proxmox Backup Server and what watches them write. */
export const saidHosts: readonly Row[] = [
  [
    'description',
    /(?<=(?:^|\n)[ \t]{0,12})description "?(?:\*+ ?)?(?:(?:up-?|down-?)?links?[: -]+|trunk[: -]+|port[: -]+|to[: -]+|zu[: -]+|from[: -]+|nach[: -]+|-+> ?){0,2}([A-Za-z][\w-]*)(?=[\s:;,"*#(]|$)/i,
  ],
  ['chassis-id', /chassis-id ([a-z][\w-]*)/],
  ['device device-id', /Device[- ]ID ?: ?([A-Za-z][\w-]*)/],
  ['node', /Node name:? +([A-Za-z][\w-]*)/i],
  ['node', /node ["'`]?([A-Za-z][\w-]*)["'`]?(?= (?:joined|left|lost|rebooted)\b)/],
  ['target', /target ["']([A-Za-z][\w-]*)["'] is local node/],
  ['pve2-node pve2-storage pve-node-9.0 pve-storage-9.0', /[\w.-]+\/([A-Za-z][\w-]*)/],
  ['qdevice', /qdevice setup ([a-z][\w-]*)/],
  ['daemon', /(?<=[Mm]anager )daemon ([a-z][\w-]*)(?= (?:re)?started| is (?:now|unresp))/],
  ['mon_initial_members', /mon_initial_members ?= ?([a-z][\w-]*)(?:[ ,]+([a-z][\w-]*))?(?:[ ,]+([a-z][\w-]*))?/],
  ['crush', /crush (?:move|add-bucket|rm|remove|reweight-subtree|create-or-move osd\.\d+ [\d.]+) ([a-z][\w-]*)/],
  ['pve-zsync syncoid', /[\w-]+ [^\n|;]{0,400}? (?:[\w.-]+@)?([a-z][\w-]*):(?=[a-z][\w-]*(?:\/|\s|$))/],
  ['repository pbs_repository', /\w+[ =]["']?(?:[\w.-]+@\w+(?:![\w-]+)?@)?([A-Za-z][\w-]*)(?=:(?:\d+:)?[\w-]+)/i],
  ['remote', /(?<=(?:^|\n))remote: ([A-Za-z][\w-]*)(?=\r?\n\t)/],
  ['alert state', /(?<=(?:HOST|SERVICE|Host|Service) )\w+: ([A-Za-z][\w-]*)(?=[;/])/],
  ['host', /[Hh]ost name: +([A-Za-z][\w-]*)/],
  ['hostname', /hostname is ["'`]?([A-Za-z][\w-]*)/],
]

/** Likewise where the host stands before the word. */
export const saidAhead: readonly Row[] = [['running shut', /^ (?:\d{1,5}|-) {2,}([A-Za-z][\w-]*) {2,}$/]]

/** Where places, groups and customers stand. */
export const saidNames: readonly Row[] = [
  [
    'rack chassis room row datacenter region pod pdu',
    /(?<=(?:^|\n) {0,6}-\d{1,4} {1,8}(?:\w{3,4} {1,8})?[\d.]{1,12} {1,8})\w+ ([A-Za-z][\w-]*)/,
  ],
  ['rack chassis room row datacenter region', /(?<=crush [^\n]{0,120})\w+=([A-Za-z][\w-]*)/],
]
