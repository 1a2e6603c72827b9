import type {FindKind} from '../model.js'

/** What is looked for in a whole text, where a mark of it is there: an expression, and what its groups are. */
export interface Row {
  marks: readonly string[]
  /** What lines begin with that it is tried at; without, it is looked for wherever it may stand. */
  first?: RegExp
  expression: RegExp
  kinds: readonly FindKind[]
  /** It may be anything: what is a word is none. */
  isOdd?: boolean
}

/** What is the same wherever it stands, and what begins a line. */
export const everywhere: readonly Row[] = [
  // Networks by the beginning of their addresses: 192.168.7.*, 10.1.2.{4,5}, 'x'@'10.1.%', 192.168.7
  {
    marks: ['.*', '.{', '.[', '.$', '.%', '.<'],
    expression: /(?<![\w.-])(\d{1,3}\.\d{1,3}\.\d{1,3})\.(?=[*{[$%<])/dg,
    kinds: ['ipv4'],
  },
  {marks: ['.*.*', ".%'", '.%.%'], expression: /(?<![\w.-])(\d{1,3}\.\d{1,3})\.(?=\*\.\*|%['.])/dg, kinds: ['ipv4']},
  {
    marks: ['192.168.', '172.'],
    expression: /(?<![\w.-])((?:192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3})(?![\w-]|\.[\d*xX{[$%<])/dg,
    kinds: ['ipv4'],
  },
  {
    marks: [".'", '."'],
    expression: /(?<=["'])(\d{1,3}\.\d{1,3}\.\d{1,3})\.(?=["'] ?(?:\+|\.|&|%|~|<<|,))/dg,
    kinds: ['ipv4'],
  },
  {marks: ['/16'], expression: /(?<![\w.])(10\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01]))(?=\/16(?!\d))/dg, kinds: ['ipv4']},
  // Spelled so that nobody follows it, or as a part of an expression: 10[.]1[.]2[.]3, 10\.1\.2\.3
  {
    marks: ['\\.', '[.]', '(.)', '[dot]', '(dot)'],
    expression:
      /(?<![\w.\\])(\d{1,3}(\\{1,2}\.|\[\.\]|\(\.\)|\[dot\]|\(dot\))\d{1,3}(?:\2|\.)\d{1,3}(?:(?:\2|\.)\d{1,3}|(?=\2)))(?!\w)/dg,
    kinds: ['ipv4'],
  },
  // As the kernel has them: /proc/net/route, /proc/net/if_inet6, and packets as tcpdump prints them.
  {
    marks: ['\t0001\t', '\t0003\t', '\t0005\t'],
    first: /[a-z]/,
    expression: /[a-z][\w.-]*[ ]*\t([0-9A-F]{8})\t([0-9A-F]{8})\t/dg,
    kinds: ['serial', 'serial'],
  },
  {
    marks: [' 40 ', ' 80 ', ' 20 ', ' 10 ', ' 30 '],
    first: /[23f]/,
    expression: /([0-9a-f]{32}) [0-9a-f]{2} [0-9a-f]{2} [0-9a-f]{2} /dg,
    kinds: ['serial'],
  },
  {
    marks: ['0x0000:', '0x0010:', '00000000:', '00000010:'],
    first: /[\t 0]/,
    expression: /[ \t]{0,16}(?:0x)?[0-9a-f]{4,8}: {1,2}((?:[0-9a-f]{2,4} ){0,7}[0-9a-f]{2,4})(?= |\r?\n|$)/dg,
    kinds: ['serial'],
  },
  {
    marks: ['UNAVAIL', 'OFFLINE', 'REMOVED', 'FAULTED'],
    first: /[\t ]/,
    expression: /[ \t]+(\d{15,20}) +(?:UNAVAIL|OFFLINE|REMOVED|FAULTED)/dg,
    kinds: ['uuid'],
  },
  // Known hosts of SSH whose names are hashed.
  {marks: ['|1|'], expression: /\|1\|([A-Za-z0-9+/]{27}=)\|([A-Za-z0-9+/]{27}=)/dg, kinds: ['key', 'key']},
  // What Postfix logs in with: `[smtp.example.com]:587 user:password`.
  {
    marks: ['['],
    first: /\[/,
    expression: /\[[\w.-]+\](?::\d+)?[ \t]+([\w.@-]+):(\S+)/dg,
    kinds: ['user', 'password'],
  },
  {
    marks: ['smtp', 'mail', 'relay', 'mx'],
    first: /[moprs]/,
    expression:
      /(?:smtp|mail|relay|mx|out|post)[\w-]*(?:\.[\w-]+)+(?::\d+)?(?:[ \t]+|:)([A-Za-z][\w.@-]*):(\S*[^\s\d:]\S*)/dg,
    kinds: ['user', 'password'],
  },
  {marks: ['*:'], first: /\*/, expression: /\*:([\w.-]+@[\w.-]+):(\S+)/dg, kinds: ['user', 'password']},
  {
    marks: ['P: ', 'p: '],
    expression: /(?<=^|[\s(])[uU]: ?(\S{2,40}?)[\s,;/]{1,3}[pP]: ?([^\s)]{4,})/dg,
    kinds: ['user', 'password'],
  },
  {
    marks: ['/'],
    expression: /(?<=^|[\s"'(])([a-z][\w.-]*)\/([^\s/@:]{4,64})@(?=\d{1,3}\.\d{1,3}\.\d)/dg,
    kinds: ['user', 'password'],
  },
  {marks: [':key='], expression: /:key=([^:\s"']{8,})/dg, kinds: ['key']},
  // PostgreSQL's file of passwords, where whatever host is meant.
  {
    marks: ['*:'],
    first: /[\w*]/,
    expression: /[\w.*-]+:(?:\d{1,5}|\*):[^\s:]+:([A-Za-z_][^\s:]*|\*):((?:\\:|[^\s:])+)(?=\r?\n|$)/dg,
    kinds: ['user', 'password'],
  },
  // Secrets of PPP: client, server, secret, addresses.
  {
    marks: ['*'],
    first: /["\w]/,
    expression: /"?([A-Za-z][\w.@-]*)"?[ \t]+(?:\*|"\*"|[\w.-]+)[ \t]+"?([^\s"*]{5,})"?[ \t]+"?\*"?[ \t]*(?=\r?\n|$)/dg,
    kinds: ['user', 'password'],
  },
  // Hashes of Windows, and of a realm of HTTP.
  {
    marks: [':::'],
    first: /[\w.$-]/,
    expression: /[\w.$\\-]+:\d+:([0-9a-fA-F]{32}):([0-9a-fA-F]{32}):::/dg,
    kinds: ['password', 'password'],
  },
  {
    marks: [':'],
    first: /[a-z]/,
    expression: /([a-z][\w.-]*):[^:\n]{1,40}:([0-9a-f]{32})(?=\r?\n|$)/dg,
    kinds: ['user', 'password'],
  },
  // How a directory and a server of mail keep them.
  {
    marks: ['{'],
    expression:
      /\{(?:PLAIN|CLEAR(?:TEXT)?|CRYPT|S?SHA\d{0,3}|S?MD5|CRAM-MD5|HMAC-MD5|NT|LM|LANMAN|PLAIN-TRUNC|(?:BLF|SHA256|SHA512|MD5)-CRYPT|ARGON2ID?|PBKDF2|SCRAM-SHA-\d{1,3})(?:\.\w{1,6})?\}([^\s:"',]{4,})/dg,
    kinds: ['password'],
  },
  {
    marks: ['{'],
    expression:
      /(?<=^|\n)([a-z][\w.@-]*):(?=\{(?:PLAIN|CLEAR(?:TEXT)?|CRYPT|S?SHA\d{0,3}|S?MD5|CRAM-MD5|(?:BLF|SHA256|SHA512|MD5)-CRYPT|ARGON2ID?)(?:\.\w{1,6})?\})/dg,
    kinds: ['user'],
  },
  {marks: ['md5'], expression: /(?<=["'\t ])(md5[0-9a-f]{32})(?=["'\s])/dg, kinds: ['password']},
  // How programs in Go name a database.
  {
    marks: ['@tcp(', '@unix(', '@/'],
    expression: /(?<=["'\s=`])([A-Za-z][\w.-]*):([^\s"'@]{3,64})@(?=(?:tcp|unix)\(|\/)/dg,
    kinds: ['user', 'password'],
  },
  // Who speaks in a chat.
  {
    marks: ['['],
    first: /\[/,
    expression:
      /\[(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d(?::\d\d)?\] <?(?:([A-Z][\w'-]+(?: [A-Z][\w'-]+)?)|([a-z][\w.-]*))(?:>|:|>:) /dg,
    kinds: ['person', 'user'],
  },
  {
    marks: ['<'],
    first: /[[\d]/,
    expression: /\[?\d\d?:\d\d(?::\d\d)?\]? <[@+%&~ ]?([A-Za-z][\w.-]*)> /dg,
    kinds: ['user'],
  },
  {marks: ['<'], first: /</, expression: /<[@+%&~ ]?([A-Za-z][\w.-]*)> [A-Za-z]/dg, kinds: ['user'], isOdd: true},
  {marks: ['-!-'], expression: /-!- ([A-Za-z][\w-]*) \[~?([\w.-]+)@/dg, kinds: ['user', 'user']},
  {
    marks: [' AM', ' PM', 'Today', 'Yesterday', 'Heute', 'Gestern'],
    first: /[A-Za-z]/,
    expression:
      /([A-Za-z][\w.-]*)(?: {2,}\d\d?:\d\d [AP]M| \u00e2\u0080\u0094 (?:Today|Yesterday|Heute|Gestern|\d\d[./-]\d\d))/dg,
    kinds: ['user'],
  },
  {marks: ['u/'], expression: /(?<![\w/])\/?u\/([A-Za-z][\w-]{2,19})(?![\w/-])/dg, kinds: ['user']},
  // Below a line with two dashes, and with the first letter of the first name.
  {
    marks: ['-- \n', '-- \r'],
    first: /-/,
    expression: /-- \r?\n((?:[A-Z\u00c3-\u00c5][\w'\u0080-\u00ff-]+ ?){1,3})(?=\r?\n|$)/dg,
    kinds: ['person'],
  },
  {
    marks: ['. '],
    expression: /(?<![\w.])[A-Z]\. ([A-Z\u00c3-\u00c5][a-z\u0080-\u00ff'-]{2,})(?!\w)/dg,
    kinds: ['person'],
    isOdd: true,
  },
  // Who changed what, in remarks.
  {
    marks: ['#', ';', '//', '--'],
    first: /[#;/-]/,
    expression:
      /(?:#+|;+|\/\/|--) ?(?:\d{4}-\d\d-\d\d|\d\d?\.\d\d?\.\d{2,4})(?: ?[/,] ?| )(?:by |von )?([a-z][\w.-]*)(?=[:, ]|\s*$)/dg,
    kinds: ['user'],
    isOdd: true,
  },
  {marks: ['#'], first: /#/, expression: /# ?\(([a-z][\w.-]*)\)/dg, kinds: ['user'], isOdd: true},
  // Whose commit a line is, whose table cron reads, and who runs what is in it.
  {marks: ['('], expression: /\(([A-Za-z][\w.-]*)\s{1,40}\d{4}-\d\d-\d\d \d\d:/dg, kinds: ['user']},
  {
    marks: ['cron'],
    expression:
      /\(([a-z][\w.-]*)\) (?:LIST|RELOAD|REPLACE|BEGIN EDIT|END EDIT|CMD|ORPHAN|DELETE|AUTH|MAIL)\b(?: \((?!CRON)([a-z][\w.-]*)\))?/dg,
    kinds: ['user', 'user'],
  },
  {
    marks: ['* *', '@'],
    first: /[*\d@]/,
    expression:
      /(?:@[a-z]{4,8}|[\d*/,-]{1,40}(?:[ \t]{1,9}[\d*/,A-Za-z-]{1,40}){4})[ \t]{1,9}([a-z][\w.-]*)[ \t]{1,9}\//dg,
    kinds: ['user'],
    isOdd: true,
  },
  // Accounts of Windows in passwd, and those whose code is fetched from a server.
  {
    marks: [':*:'],
    first: /[A-Z]/,
    expression: /([A-Z][A-Z0-9-]*)[+\\]([a-z][\w.-]*):\*:/dg,
    kinds: ['realm', 'user'],
  },
  {marks: ['git@'], expression: /git@[\w.-]{1,80}(?::(?:\d+\/)?|\/)([A-Za-z][\w.-]*)\//dg, kinds: ['name']},
  // What Terraform, Salt and Ansible call, and whom a check asks.
  {
    marks: ['proxmox_'],
    expression: /proxmox_(?:virtual_environment_\w+|vm_qemu|lxc)\.([a-z][\w-]*)(?:\[["']([a-z][\w-]*)["'])?/dg,
    kinds: ['host', 'host'],
    isOdd: true,
  },
  {marks: ['module.'], expression: /(?<![\w.])module\.([a-z][\w-]*)(?=[.:[])/dg, kinds: ['name'], isOdd: true},
  {
    marks: [':\n    True', ':\n    False', ':\n    Minion', ':\n-----'],
    first: /[a-z]/,
    expression: /([a-z][\w-]*):\r?\n(?: {4}(?:True|False|Minion did)|-{10})/dg,
    kinds: ['host'],
  },
  {marks: [' -> '], expression: /\[[\w.-]{1,80} -> ([A-Za-z][\w-]*)(?=[\](])/dg, kinds: ['host']},
  {marks: [' -H '], expression: /check_\w+ [^\n|;]{0,200}?-H ["']?([A-Za-z][\w-]*)/dg, kinds: ['host']},
  {
    marks: ['image:'],
    expression:
      /image: ?["']?(?!docker\.|ghcr\.|quay\.|lscr\.|gcr\.|registry\.k8s|mcr\.|public\.ecr)[\w-]+\.[\w.-]+(?::\d+)?\/([a-z][\w-]*)\//dg,
    kinds: ['name'],
    isOdd: true,
  },
  // Whose address it is, in mail and in names of the DNS.
  {
    marks: ['['],
    expression: /(?<![\w.-])([a-z][\w-]*)\[(?=\d{1,3}\.\d|[\da-f]{1,4}:[\da-f:]+\])/dg,
    kinds: ['host'],
  },
  {marks: [' ['], expression: /\(([a-z][\w-]*) \[(?=\d{1,3}\.\d)/dg, kinds: ['host']},
  {
    marks: [' A ', '\tA\t', ' A\t', '\tA ', 'AAAA'],
    first: /[A-Za-z]/,
    expression: /([A-Za-z][\w-]*)[ \t]+(?:\d+[ \t]+)?(?:IN[ \t]+)?(?:A|AAAA)[ \t]+[\da-f]*[.:][\d.:a-f]+/dg,
    kinds: ['host'],
  },
  {marks: ['\tIN\t'], first: /;/, expression: /;([A-Za-z][\w-]*)\.[ \t]+IN[ \t]/dg, kinds: ['host']},
  // Pools of disks, and instances of units.
  {
    marks: ['/vm-', '/subvol-', '/base-'],
    expression: /(?<=^|[\s"'=:(@]|\/dev\/)([A-Za-z][\w-]*)(?=\/(?:vm|base|subvol|basevol)-\d)/dg,
    kinds: ['name'],
    isOdd: true,
  },
  {
    marks: ['wg-quick@', 'openvpn', 'strongswan@', 'borgmatic@', 'restic'],
    expression: /(?:wg-quick|openvpn(?:-server|-client)?|strongswan|borgmatic|restic\w*)@([A-Za-z][\w-]*)/dg,
    kinds: ['name'],
    isOdd: true,
  },
  // Streets, and where a certificate's owner is.
  {
    marks: ['str', 'weg ', 'gasse ', 'allee ', 'platz ', 'damm '],
    expression:
      /(?<![\w\u0080-\u00ff])([A-Z\u00c3][\w\u0080-\u00ff-]{1,40}?(?:stra(?:sse|\u00c3\u009fe)|str\.|weg|gasse|allee|platz|damm)) \d{1,4}[a-z]?(?!\w)/dg,
    kinds: ['name'],
  },
  {
    marks: ['L = ', 'L='],
    expression: /(?<=[,/ ])L ?= ?([A-Z\u00c3][\w\u0080-\u00ff -]{1,40})(?=[,/\r\n]|$)/dg,
    kinds: ['name'],
  },
  // An account of Windows.
  {
    marks: ['\\'],
    expression: /(?<![\\\w/])([A-Z][A-Z0-9-]{1,14})(?:\\\\|\\(?![nrtux0]))([A-Za-z][\w.-]*\w)(?![\\\w])/dg,
    kinds: ['realm', 'user'],
  },
  // Servers and what they share, as Windows and mount(8) name them: \\server\share, //server/share.
  {
    marks: ['\\\\', '//'],
    expression:
      /(?<![\\:/\w])(?:\\{2,4}|\/\/)([A-Za-z][\w-]*)(?=[./\\])(?:[\w.-]*)(?:\\{1,2}|\/)([A-Za-z\u0080-\u00ff][\w\u0080-\u00ff-]*)?/dg,
    kinds: ['host', 'name'],
  },
  // What NFS exports.
  {
    marks: [':/'],
    expression:
      /:(?<=(?<![\w./:@-])([a-z][\w-]*):)(?=\/(?:exports?|nfs|volume\d|vol\d?|tank|shares?|mnt\/(?:tank|pool|data))\b)/dg,
    kinds: ['host'],
  },
  {
    marks: ['.pw:'],
    expression: /priv\/(?:storage|ldap|realm)\/[\w.-]+\.pw:(?:password=)?([^\r\n]{3,})/dg,
    kinds: ['password'],
  },
  // Prompts: `node1:~#`, `core1# show version`.
  {
    marks: ['~', ':/'],
    first: /[A-Za-z]/,
    expression: /(?:\w+@)?([A-Za-z][\w-]*)[: ][~/][\w/.~-]* ?[#$] /dg,
    kinds: ['host'],
  },
  {
    marks: ['#', '>', '%'],
    first: /[A-Za-z*]/,
    expression:
      /(?:\*?[AB]:)?([A-Za-z][\w-]*)(?:\([\w-]+\))?[#>%] ?(?:sh(?= )|no |show|conf|configure|interface|reload|reboot|copy|write|request|display|ping|cat|ls|qm|pct|pve\w+|systemctl|journalctl|zpool|zfs|ceph|ip|df|dmesg|apt|cd|uptime|uname|hostname|top|free|mount|ps|nano|vi|vim|tail|grep|echo|curl|docker|kubectl|exit|tcpdump|lsblk|smartctl|arcstat|pmpc|less|cp|mv|rm|mkdir|ssh|scp|sudo)\b/dg,
    kinds: ['host'],
  },
  {
    marks: [' # '],
    first: /[A-Za-z]/,
    expression: /([A-Za-z][\w-]*) # (?:diagnose|get |execute|config |show )/dg,
    kinds: ['host'],
  },
  {
    marks: ['<'],
    first: /</,
    expression: /<([A-Za-z][\w-]*)>(?:display|dis |system-view|sys\b|screen-|save\b|quit)/dg,
    kinds: ['host'],
  },
  // Kali's.
  {
    marks: ['\u00e3\u0089\u00bf'],
    expression: /\(([a-z][\w.-]*)\u00e3\u0089\u00bf([A-Za-z][\w-]*)\)/dg,
    kinds: ['user', 'host'],
  },
  // Members of a cluster, as corosync tells them.
  {
    marks: ['Votes'],
    first: /[ \d]/,
    expression:
      /[ \t]*(?:0x)?[0-9a-f]{1,8} +\d+ +(?:(?:[AVNMWR,]+|NR) +)?([A-Za-z][\w-]*)(?: \(local\))?(?=\s*(?:\n|$))/dg,
    kinds: ['host'],
  },
  {marks: ['.name (str)'], expression: /\.name \(str\) = ([A-Za-z][\w-]*)/dg, kinds: ['host']},
  // Daemons of Ceph: its monitors and who answers for what.
  {marks: ['=[v'], expression: /[{,]([A-Za-z][\w-]*)=\[v[12]:/dg, kinds: ['host']},
  {marks: ['=up:'], expression: /\d=([A-Za-z][\w-]*)(?:\.\w+)?=up:/dg, kinds: ['host']},
  {marks: ['\\\\'], expression: /(?<![\\\w])\\\\([A-Za-z][\w-]{3,})(?= [a-z])/dg, kinds: ['host']},
  // What is mounted from where.
  {marks: [':/'], expression: /:(?<=(?<![\w./:@-])([a-z][\w-]*):)(?=\/[^\s:]*[ \t]+(?:on )?\/)/dg, kinds: ['host']},
  // Headings between what several machines printed, and lists of guests.
  {
    marks: ['==', '--', '**', '##', '>>'],
    first: /[=*#>-]/,
    expression:
      /(?:={2,}>?|-{2,}>?|\*{2,}|#{2,}|>{2,}) ?([A-Za-z][\w-]*) ?(?:<?={2,}|<?-{2,}|\*{2,}|#{2,}|<{2,})[ \t]*(?=\r?\n|$)/dg,
    kinds: ['host'],
    isOdd: true,
  },
  {
    marks: ['('],
    first: /[*\d-]/,
    expression: /(?:[*-] )?(?:(?:VM|CT)[ -]?)?[1-9]\d{2,4}(?::| -| =)? \(?([A-Za-z][\w-]*)(?= \(|\))/dg,
    kinds: ['host'],
    isOdd: true,
  },
  {
    marks: ['127.0.1.1'],
    first: /1/,
    expression: /127\.0\.1\.1[ \t]+(?:[\w.-]+\.[\w.-]+[ \t]+)?([A-Za-z][\w-]*)(?=\s|$)/dg,
    kinds: ['host'],
  },
  // What dnsmasq keeps of leases.
  {
    marks: [':'],
    first: /\d/,
    expression: /\d{9,10} [0-9a-f:]{17} [\d.]+ ([A-Za-z][\w-]*)/dg,
    kinds: ['host'],
  },
  {marks: ['/mnt/pve/'], expression: /\/mnt\/pve\/([\w.-]*\w)/dg, kinds: ['name']},
  {
    marks: ['S/N', 's/n', 'n/s', 'N/S'],
    expression: /(?:S\/N|s\/n|[nN]\/[sS])(?::\s?|\s)(?=\S*\d)([A-Z0-9][\w-]{5,})/dg,
    kinds: ['serial'],
  },
  // Accounts: homes, owners of files, members of groups, who may use sudo, those of a database, and who is meant in a discussion.
  {marks: ['/~'], expression: /\/~([a-z][\w.-]*)/dg, kinds: ['user']},
  {
    marks: ['-r'],
    first: /[dl-]/,
    expression: /[dl-][rwxsStT-]{9}[+.@]? +\d+ ([a-z][\w.-]*) +([a-z][\w.-]*) +\d/dg,
    kinds: ['user', 'user'],
  },
  {
    marks: [':x:'],
    first: /\w/,
    expression: /[\w-]+:x:\d+:([a-z][\w.-]*)(?:,([a-z][\w.-]*))?(?:,([a-z][\w.-]*))?(?=\r?\n|$)/dg,
    kinds: ['user', 'user', 'user'],
  },
  {
    marks: ["'@'"],
    expression: /'([A-Za-z][\w.-]*)'@'([A-Za-z][\w-]*(?=[.']))?/dg,
    kinds: ['user', 'host'],
  },
  {marks: ['ALL='], first: /[a-z]/, expression: /([a-z][\w.-]*)[ \t]+ALL ?=/dg, kinds: ['user']},
  {marks: ['@'], expression: /@(?<=(?:^|[\s>(])@)([A-Za-z][\w.-]*\w)(?=[,.:;!?)]{0,2}(?:\s|$))/dg, kinds: ['user']},
]
