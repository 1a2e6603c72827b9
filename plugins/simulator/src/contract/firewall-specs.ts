import {ipVersion, type Version} from './net-ip.js'

/** Names of ICMP messages that rules take (pve-firewall). */
const icmpTypes = new Set(
  (
    'any echo-reply destination-unreachable network-unreachable host-unreachable protocol-unreachable port-unreachable fragmentation-needed ' +
    'source-route-failed network-unknown host-unknown network-prohibited host-prohibited TOS-network-unreachable TOS-host-unreachable ' +
    'communication-prohibited host-precedence-violation precedence-cutoff source-quench redirect network-redirect host-redirect ' +
    'TOS-network-redirect TOS-host-redirect echo-request router-advertisement router-solicitation time-exceeded ttl-zero-during-transit ' +
    'ttl-zero-during-reassembly parameter-problem ip-header-bad required-option-missing timestamp-request timestamp-reply ' +
    'address-mask-request address-mask-reply'
  ).split(' '),
)
const icmp6Types = new Set(
  (
    'destination-unreachable no-route communication-prohibited beyond-scope address-unreachable port-unreachable failed-policy reject-route ' +
    'packet-too-big time-exceeded ttl-zero-during-transit ttl-zero-during-reassembly parameter-problem bad-header unknown-header-type ' +
    'unknown-option echo-request echo-reply router-solicitation router-advertisement neighbor-solicitation neighbour-solicitation ' +
    'neighbor-advertisement neighbour-advertisement redirect'
  ).split(' '),
)

/** Names in /etc/protocols of Debian; PVE adds icmpv6. */
const protocols = new Set(
  (
    'ip hopopt icmp igmp ggp ipencap st tcp egp igp pup udp hmp xns-idp rdp iso-tp4 dccp xtp ddp idpr-cmtp ipv6 ipv6-route ipv6-frag idrp rsvp ' +
    'gre esp ah skip ipv6-icmp icmpv6 ipv6-nonxt ipv6-opts rspf vmtp eigrp ospf ax.25 ipip etherip encap pim ipcomp vrrp l2tp isis sctp fc ' +
    'mobility-header udplite mpls-in-ip manet hip shim6 wesp rohc ethernet'
  ).split(' '),
)
const protocolNumbers = new Set(
  (
    '0 1 2 3 4 5 6 8 9 12 17 20 22 27 29 33 36 37 38 41 43 44 45 46 47 50 51 57 58 59 60 73 81 88 89 93 94 97 98 103 108 112 115 124 132 133 ' +
    '135 136 137 138 139 140 141 142 143'
  ).split(' '),
)

/** Names in /etc/services of Debian. */
const services = new Set(
  (
    'tcpmux echo discard systat daytime netstat qotd chargen ftp-data ftp fsp ssh telnet smtp time whois tacacs tacacs-ds domain bootps bootpc ' +
    'tftp gopher finger http kerberos iso-tsap acr-nema pop3 sunrpc auth nntp ntp epmap netbios-ns netbios-dgm netbios-ssn imap2 snmp snmp-trap ' +
    'cmip-man cmip-agent mailq xdmcp bgp smux qmtp z3950 ipx ptp pawserv zserv rpc2portmap codaauth2 clearcase ldap svrloc https snpp ' +
    'microsoft-ds kpasswd submissions saft isakmp rtsp nqs asf-rmcp qmqp ipp ldp exec biff login who shell syslog printer talk ntalk route ' +
    'gdomap uucp klogin kshell dhcpv6-client dhcpv6-server afpovertcp nntps submission ldaps tinc silc kerberos-adm domain-s rsync ftps-data ' +
    'ftps telnets imaps pop3s socks proofd rootd openvpn rmiregistry lotusnote ms-sql-s ms-sql-m ingreslock datametrics sa-msg-port kermit ' +
    'groupwise l2f radius radius-acct cisco-sccp nfs gnunet rtcm-sc104 gsigatekeeper gris cvspserver venus venus-se codasrv codasrv-se mon ' +
    'dict f5-globalsite gsiftp gpsd gds-db icpv2 isns iscsi-target mysql ms-wbt-server nut distcc daap svn suucp sysrqd sieve epmd remctl ' +
    'f5-iquery ntske mqtt ipsec-nat-t iax mtn radmin-port sip sip-tls xmpp-client xmpp-server cfengine mdns postgresql freeciv amqps amqp ' +
    'x11 x11-1 x11-2 x11-3 x11-4 x11-5 x11-6 x11-7 gnutella-svc gnutella-rtr redis sge-qmaster sge-execd mysql-proxy babel ircs-u bbs ' +
    'afs3-fileserver afs3-callback afs3-prserver afs3-vlserver afs3-kaserver afs3-volser afs3-bos afs3-update afs3-rmtsys font-service ' +
    'http-alt puppet secure-mqtt bacula-dir bacula-fd bacula-sd xmms2 nbd zabbix-agent zabbix-trapper amanda dicom hkp db-lsp dcap gsidcap ' +
    'wnn6 kerberos4 kerberos-master passwd-server krb-prop zephyr-srv zephyr-clt zephyr-hm iprop supfilesrv supfiledbg poppassd moira-db ' +
    'moira-update moira-ureg spamd skkserv predict rmtcfg xtel xtelw zebrasrv zebra ripd ripngd ospfd bgpd ospf6d ospfapi isisd fax hylafax ' +
    'munin rplay nrpe nsca canna syslog-tls sane-port ircd zope-ftp tproxy omniorb clc-build-daemon xinetd git zope webmin kamanda amandaidx ' +
    'amidxtape sgi-cmsd sgi-crsd sgi-gcd sgi-cad binkp asp csync2 dircproxy tfido fido'
  ).split(' '),
)

/** Protocols whose packets have ports, by name and number. */
export const protocolsWithPorts = new Set('udp 17 udplite 136 tcp 6 dccp 33 sctp 132'.split(' '))

/** The kind of ICMP a protocol stands for. */
export const icmpNames = (protocol: string): Set<string> | undefined =>
  protocol === 'icmp' ? icmpTypes : /^(?:icmpv6|ipv6-icmp)$/.test(protocol) ? icmp6Types : undefined

/** What is wrong with a list of ports; undefined when it is fine. */
function ports(text: string, isDestination: boolean): string | undefined {
  const items = text.split(',')
  if (items.at(-1) === '') return 'extraneous commas in list'
  let [count, icmp] = [0, false]
  for (const item of items) {
    const numbers = /^(\d+)(?::(\d+))?$/
      .exec(item)
      ?.slice(1)
      .filter((part) => part !== undefined)
    if (numbers) {
      count += numbers.length
      const wrong = numbers.find((port) => Number(port) > 65_535)
      if (wrong !== undefined) return `invalid port '${wrong}'`
      const [first, last] = numbers as [string, string?]
      if (last !== undefined && Number(first) > Number(last))
        return `backwards range '${first}:${last}' not allowed, did you mean '${last}:${first}'?`
    } else if (isDestination && (icmpTypes.has(item) || icmp6Types.has(item))) icmp = true
    else if (!services.has(item)) return `invalid port '${item}'`
  }
  if (icmp && count > 0) return 'ICMP ports not allowed in port range'
  return count > 15 ? 'too many entries in port list (> 15 numbers)' : undefined
}

export const aliasPattern = /^(?:(dc|guest)\/)?([A-Za-z][A-Za-z0-9\-_]+)$/
export const ipsetPattern = /^\+(?:(dc|guest|sdn)\/)?([A-Za-z][A-Za-z0-9\-_]+)$/

/** Addresses of a rule: their version, or what is wrong; neither for a set or an alias. */
export function addresses(text: string): {version?: Version; problem?: string} {
  if (/^\+\S+$/.test(text)) return text.length > 65 ? {problem: 'ipset name too long'} : {}
  if (aliasPattern.test(text)) return text.length > 64 ? {problem: 'alias name too long'} : {}
  const items = text.split(',')
  if (items.at(-1) === '') return {problem: 'extraneous commas in list'}
  let version: Version | undefined
  for (const item of items) {
    const found = ipVersion(item)
    if (typeof found === 'string') return {problem: `invalid IP address: ${found}`}
    if (version !== undefined && version !== found)
      return {problem: `detected mixed ipv4/ipv6 addresses in address list '${text}'`}
    version = found
  }
  return items.length > 1 && text.includes('-') ? {problem: `you can't use a range in a list`} : {version}
}

/** Formats of rule parameters: text for what is wrong, undefined when it is fine. */
export const ruleFormats: Record<string, (value: string) => string | undefined> = {
  'pve-fw-sport-spec': (value) => (value === '' ? undefined : ports(value, false)),
  'pve-fw-dport-spec': (value) => (value === '' ? undefined : ports(value, true)),
  'pve-fw-addr-spec': (value) => (value === '' ? undefined : addresses(value).problem),
  'pve-fw-protocol-spec': (value) =>
    value === '' || value === '0' || protocols.has(value) || protocolNumbers.has(value)
      ? undefined
      : `unknown protocol '${value}'`,
  'pve-fw-icmp-type-spec': (value) =>
    value === '' || icmpTypes.has(value) || icmp6Types.has(value) ? undefined : `invalid icmp-type value '${value}'`,
}
