import type {Row} from './rows.js'

const host = String.raw`["']?([A-Za-z][\w-]*)["']?`
const user = String.raw`([A-Za-z][\w.-]*)`
/** Where a command begins. */
const first = String.raw`(?<=(?:^|\n|[$#;&|\x60'"(] ?|sudo |do ))`
const row = (words: string, expression: string, flags?: string): Row => [words, new RegExp(expression, flags)]

/** Where hosts stand in what the network's programs write and are told: mail, names, shells. */
export const netHosts: readonly Row[] = [
  row('helo', String.raw`helo=<${host}>`),
  row('myhostname relayhost', String.raw`\w+ ?= ?\[?${host}`),
  row('dns', String.raw`dns; ${host}`),
  row('by', String.raw`(?<=Received: )by ${host} \(`),
  row('ns cname dname ptr', String.raw`(?:NS|CNAME|DNAME|PTR)[ \t]+${host}\.?(?=[ \t]*(?:;|\r?\n|$))`),
  row('mx srv', String.raw`(?:MX|SRV)(?:[ \t]+\d+){1,3}[ \t]+${host}\.?(?=[ \t]*(?:;|\r?\n|$))`),
  row('local-data', String.raw`local-data: ["']${host}`),
  row('address', String.raw`address=\/${host}\/`),
  row('address', String.raw`address (?:'|"|\u00e2\u0080\u0098)([A-Za-z][\w-]*)`),
  row('host-record', String.raw`host-record=${host}`),
  row('cname', String.raw`cname=${host},${host}`),
  row('query', String.raw`query(?:\[\w+\]|:) ${host}(?= from| IN)`),
  row('reply cached', String.raw`(?<=dnsmasq\[\d{1,9}\]: )\w+ ${host} is`),
  row('hosts', String.raw`(?<=\/etc\/)hosts ${host} is`),
  row('find', String.raw`(?<=server can't )find ${host}: `),
  row('to', String.raw`(?<=Connection )to ${host} (?:\d|closed|port|reset|timed)`),
  row('connected', String.raw`Connected to ${host}\.?\s`),
  row('added', String.raw`(?<=Permanently )added '${host}`),
  row('key', String.raw`(?<=Host )key for ${host} has`),
  row('proxyjump', String.raw`ProxyJump (?:[\w.-]{1,40}@)?${host}`),
  row('export', String.raw`Export list for ${host}:`),
  row('hostname', String.raw`hostname(?: -[sf])?[ \t]*\r?\n([A-Za-z][\w-]*)(?=\s*(?:\r?\n|$))`),
  row('uname', String.raw`uname -n[ \t]*\r?\n${host}`),
  row('echo', String.raw`echo ${host} >+ ?\/etc\/hostname`),
  row('set-hostname', String.raw`set-hostname ${host}`),
  row('create-local-job', String.raw`create-local-job \S{1,20} ${host}`),
  row('ssh-keygen', String.raw`ssh-keygen [^\n|;]{0,200}?-R ${host}`),
  row('ssh', `${first}${String.raw`ssh [^\n|;]{0,200}?-J (?:[\w.-]{1,40}@)?${host}`}`),
  row('rsync', String.raw`rsync [^\n|;]{0,400}? ([A-Za-z][\w-]*)::`),
  row('ipmitool', String.raw`ipmitool [^\n|;]{0,200}?-H ${host}`),
  row('racadm', String.raw`racadm [^\n|;]{0,200}?-r ${host}`),
  row('getent', String.raw`getent hosts ${host}`),
  row('showmount', String.raw`showmount (?:-\w+ )?${host}`),
  row('iscsiadm', String.raw`iscsiadm [^\n|;]{0,200}?-p ${host}`),
  row('smbclient', String.raw`smbclient -L ${host}`),
]

/** Likewise before the word. */
export const netAhead: readonly Row[] = [['ping', /^--- ([A-Za-z][\w-]*) $/, /ping statistics/y]]

/** Likewise where words may stand, too. */
export const netNames: readonly Row[] = [
  row('mydestination', String.raw`mydestination ?= ?${host}`),
  row(
    'dig nslookup host telnet nc mosh sftp ssh-copy-id ssh-keyscan wol wakeonlan mtr tracepath traceroute fping nmap iperf3 iperf arping ping6',
    `${first}${String.raw`\w[\w-]* (?:-{1,2}[\w-]+ (?:\d+ )?){0,5}(?:[\w.-]{1,40}@)?${host}(?=[\s;|&.]|$)`}`,
  ),
  row('snmpwalk snmpget snmpbulkwalk', String.raw`\w+ (?:-\w+ ?(?:[\w.]+ )?){1,8}${host}(?= \w)`),
  row('host', String.raw`(?<=(?:^|\n))Host ${host} ${host}(?: ${host})?(?=\s*\n)`),
  row('in', String.raw`(?<=for \w{1,20} )in ${host}(?: ${host})?(?: ${host})?(?: ${host})?; ?do`),
  row(
    'nodes hosts servers node_list hostlist',
    String.raw`\w+=["'(]{1,2}([A-Za-z][\w-]*)(?: ([A-Za-z][\w-]*))?(?: ([A-Za-z][\w-]*))?(?: ([A-Za-z][\w-]*))?["')]`,
  ),
  row('remote dest destination target_host source_host peer', String.raw`\w+=${host}(?=\s*$)`, 'm'),
]

/** Likewise before the word: whose key it is. */
export const netNamesAhead: readonly Row[] = [
  ['ssh-rsa ssh-ed25519 ecdsa-sha2-nistp256', /^([A-Za-z][\w-]*)(?:,\S{1,80})? $/],
]

/** Where accounts stand in mail and shells. */
export const netUsers: readonly Row[] = [
  row('to from orig_to sasl_username', String.raw`\w+=<${user}>`),
  row('passwd-file pam sql ldap shadow', String.raw`[\w-]+\(${user},[\da-f]`),
  row('x-original-to delivered-to', String.raw`[\w-]+: ${user}(?=\s*$)`, 'm'),
  row('vhosts', String.raw`vhosts\/[\w.-]{1,80}\/([a-z][\w.-]*)\/`),
  row('whoami logname', String.raw`\w+[ \t]*\r?\n([a-z][\w.-]*)(?=\s*(?:\r?\n|$))`),
  row('id', String.raw`id -un[ \t]*\r?\n([a-z][\w.-]*)`),
]

/** Likewise before the word. */
export const netUsersAhead: readonly Row[] = [['recipient sender', /<([\w.-]+)>: $/]]

/** Likewise where words may stand, too: whose mail another gets. */
export const netAliases: readonly Row[] = [
  row(
    'root postmaster webmaster abuse hostmaster admin',
    String.raw`(?<=(?:^|\n))\w+:[ \t]*${user}(?:, ?${user})?(?:, ?${user})?(?=[ \t]*(?:\r?\n|$))`,
  ),
]

/** Domains by themselves. */
export const netDomains: readonly Row[] = [
  row('zone local-zone', String.raw`[\w-]+:? "([A-Za-z][\w-]*)\.?"`),
  row('domain-name', String.raw`domain-name "([A-Za-z][\w-]*)"`),
  row('myorigin', String.raw`myorigin ?= ?([A-Za-z][\w-]*)(?=\s|$)`),
]
