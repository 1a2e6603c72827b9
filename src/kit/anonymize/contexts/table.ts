import {byProgram} from './commands.js'
import {credentials} from './credentials.js'
import {guestName, headOf, hostList, lineHead, lineOfLog, namesOf, placeName, storageLine, zoneLine} from './hosts.js'
import {companyBefore, loginLine, organisation, signed, speakerBefore} from './people.js'
import {inSentence, passwordList, pem, recovery, sshKey, tokenId, url, vault} from './secrets.js'
import {byOptions} from './options.js'
import {numbers} from './numbers.js'
import {places} from './places.js'
import {sayingRows} from './said.js'
import {both, keyed, lineOf, onlyAtStart, shaped} from './shapes.js'
import type {Context} from './values.js'

/** What the place of a word may tell, by the words in lower case. A word may stand in several rows. */
const rows: readonly (readonly [words: string, context: Context])[] = [
  ['jan feb mar apr may jun jul aug sep oct nov dec', lineOfLog],
  ['begin', pem],
  [
    'ssh-rsa ssh-dss ssh-ed25519 ecdsa-sha2-nistp256 ecdsa-sha2-nistp384 ecdsa-sha2-nistp521 sk-ssh-ed25519 openssh.com',
    sshKey,
  ],
  [
    'http https ssh ftp sftp smb cifs nfs ldap ldaps postgres postgresql mysql mariadb redis rediss mongodb srv psycopg psycopg2 asyncpg pymysql mysqldb pyodbc amqp amqps mqtt mqtts git ws wss rtsp smtp smtps imap imaps socks5 spice vnc tcp udp iscsi rbd',
    url,
  ],
  ['bearer', shaped(/bearer["']?\s+([\w.~+/=-]{8,})/i, 'token')],
  ['basic', shaped(/[Bb](?:asic|ASIC)\s+((?=\S*(?:\d|=|[a-z][A-Z]))[A-Za-z0-9+/=]{8,})/, 'token')],
  ['sha256', shaped(/SHA256:([A-Za-z0-9+/=]{20,})/, 'key')],
  [
    'node',
    both(
      shaped(/node\/([A-Za-z0-9][\w-]*)/i, 'host'),
      shaped(/node ["']([A-Za-z0-9][\w-]*)["']/i, 'host'),
      shaped(/node ([A-Za-z][\w-]*[\d-][\w-]*)/i, 'host'),
    ),
  ],
  [
    'home',
    shaped(/(?<=(?:^|[\s"'=:,([/])[/\\]|%2F)home(?:[/\\]|%2F)([A-Za-z\u0080-\u00ff][\w.\u0080-\u00ff-]*)/i, 'user'),
  ],
  ['users', shaped(/users[/\\]{1,4}([A-Za-z\u0080-\u00ff][\w.\u0080-\u00ff-]*)/i, 'user')],
  [
    'host',
    both(shaped(/Host ([A-Za-z0-9][\w.-]*)(?=\s*$)/m, 'host'), shaped(/host ["']([A-Za-z0-9][\w-]*)["']/i, 'host')),
  ],
  ['hostname', shaped(/Host ?name[ .]*:? ([A-Za-z0-9][\w.-]*)/i, 'host')],
  [
    'user',
    both(
      shaped(
        /(?<=(?:invalid|for|by|of|as|unknown|New|ALTER|CREATE|DROP|GRANT) )(?:[Uu]ser|USER) ["']?([\w.-]*\w)/,
        'user',
      ),
      shaped(/User ([\w.-]+)(?=\s*$)/m, 'user'),
    ),
  ],
  ['accepted', shaped(/Accepted \S+ for ([\w.-]+)/, 'user')],
  ['failed', shaped(/Failed \S+ for (?:invalid user )?([\w.-]+)/, 'user')],
  ['sudo', shaped(/sudo(?:\[\d+\])?: +([\w.-]+) :/, 'user')],
  ['uid', both(shaped(/uid=\d+\(([\w.-]+)\)/, 'user'), shaped(/uid=([A-Za-z][\w.-]*),/i, 'user'))],
  ['from to cc by reply-to author commit committer signed-off-by co-authored-by reviewed-by', signed],
  ['search', onlyAtStart(shaped(/search\s+([\w-]+)/, 'domain'))],
  ['name', guestName],
  ['cn ou o dc', organisation],
  ...byProgram,
  ...byOptions,
  ...credentials,
  ...sayingRows,
  ...places,
  ...numbers,
  ['ok changed fatal skipping included unreachable rescued failed', shaped(/\w+: \[([\w.-]+)(?: ->[^\]]*)?\]/, 'host')],
  ['ansible_host ansible_connection', lineHead],
  [
    'tokenid token_id token-id tokenname token_name token-name pve_token_id pbs_token_id pve_token_name api_token_id api_token_name pm_api_token_id proxmox_token_id proxmox_token_name',
    tokenId(/[\w-]+["']?\s{0,9}[:=]\s{0,9}["']?([A-Za-z][\w.-]*)(?=["'\s,;}]|$)/),
  ],
  ['user', tokenId(/user token (?:add|remove|modify|delete|permissions|regenerate) \S+ ([A-Za-z][\w.-]*)/)],
  ['generate-token delete-token', tokenId(/[\w-]+-token \S+ ([A-Za-z][\w.-]*)/)],
  ['token', tokenId(/(?<=access\/users\/[^\s/]{1,80}\/)token\/([A-Za-z][\w.-]*)/)],
  ['token', tokenId(/token '([A-Za-z][\w.-]*)'(?= for user)/)],
  ['secret', shaped(/secret name=[\w.-]+,value=([^\s,]+)/, 'token')],
  [
    'key',
    both(
      lineOf,
      shaped(/[Kk]ey(?:\s*[=:]\s*|[^\S\r\n]+)["']?((?=[^\s"']*\d)(?=[^\s"']*[A-Za-z])[A-Za-z0-9+/=_-]{20,})/, 'key'),
    ),
  ],
  ['chpasswd', passwordList],
  [
    'password passwort passphrase l\u00c3\u00b6senord wachtwoord',
    shaped(
      /(?<!-field=)(?:[Pp]asswor[dt]|[Pp]assphrase|[Ll]\u00c3\u00b6senord|[Ww]achtwoord)(?:\s+(?:is|was|ist|lautet|=|->))?:?\s+["'`]?((?=[^\s"'`]*(?:[a-z][A-Z]|\d))[^\s"'`,;]{6,40})(?=[\s"'`,;]|$)/,
      'password',
    ),
  ],
  ['auth', both(lineOf, shaped(/auth ["']?([\w.-]+):([^\s"']+)/, 'user', 'password'))],
  ['netbios', shaped(/netbios name\s*=\s*([\w-]+)/, 'host')],
  [
    'valid admin write',
    shaped(
      /(?:valid|admin|write) (?:users|list)\s*=\s*@?([\w.-]+)(?:,? @?([\w.-]+))?(?:,? @?([\w.-]+))?(?:,? @?([\w.-]+))?/,
      'user',
      'user',
      'user',
      'user',
    ),
  ],
  ['snmp-server', shaped(/snmp-server user ([\w.-]+)/, 'user')],
  ['builds', shaped(/builds\/([a-z][\w.-]*)/, 'user')],
  ['benutzer user', shaped(/(?:Benutzer|User)(?: [\w\u0080-\u00ff]+){1,4}: ([a-z][\w.-]+)/, 'user')],
  ['domain-name domain_name domainname', shaped(/domain[-_]?name["']?[\s:=]+["']?([a-z0-9][\w-]*)\.[a-z]/i, 'domain')],
  ['key', shaped(/key 7 ([0-9A-F]{8,})/, 'password')],
  ['pts', loginLine],
  ['peer', shaped(/peer:? ([A-Za-z0-9+/]{43}=)/, 'key')],
  ['public', shaped(/public key: ([A-Za-z0-9+/]{43}=)/, 'key')],
  ['data', shaped(/data[^\S\r\n]+([A-Za-z0-9+/=]{24,})(?=\s*$)/m, 'token')],
  ['as', shaped(/as ["']?([a-z][a-z0-9]*[_.][\w.]*[a-z0-9])/, 'user')],
  ['by', shaped(/by ([a-z][\w.-]*)\(uid=\d/, 'user')],
  ['postponed', shaped(/Postponed \S+ for (?:invalid user )?([\w.-]+)/, 'user')],
  ['recovery', recovery],
  ['su', shaped(/su\[\d+\]: \(to [\w.-]+\) ([\w.-]+) on/, 'user')],
  ['in', zoneLine],
  [
    'nodes exitnodes exitnodes-primary node_names nodelist prefer hv_nodes',
    both(hostList, shaped(/nodes(?:\/|%2F|\\\/)([A-Za-z0-9][\w-]*)(?=[\s/"'?\\:,)]|%2F|$)/i, 'host')),
  ],
  [
    'quorum',
    namesOf(/quorum:? ([a-z][\w-]*(?:,[a-z][\w-]*)+)(?=[\s.;]|$)|(?<=out of )quorum: ([a-z][\w-]*(?:, ?[a-z][\w-]*)*)/),
  ],
  ['mgr mds', shaped(/\w+: ([a-z][\w-]*)\(active/, 'host')],
  ['standbys', namesOf(/standbys: ([a-z][\w-]*(?:, [a-z][\w-]*)*)/)],
  // A line of `ceph osd tree`.
  ['host', shaped(/(?<=(?:^|\n) *-\d+ +[\d.]+ +)host ([A-Za-z][\w-]*)/, 'host')],
  ['ready notready', headOf(/(?:Not)?Ready(?:,SchedulingDisabled)? +\S/)],
  ['mac macaddr hwaddr lladdr ether arp', shaped(/\w+[:= ]{1,3}([0-9a-fA-F]{12})(?!\w)/, 'mac')],
  ['login log logged', shaped(/(?:[Ll]ogin|[Ll]og(?:ged)? in) (?:is|as|ist) ([a-z][\w.-]*\w)/, 'user')],
  ['schl\u00c3\u00bcssel', shaped(/Schl\u00c3\u00bcssel: (\S{8,})/, 'password')],
  ['organization organisation tenant', keyed('name')],
  ['cluster', shaped(/cluster: ?["']?([a-z]+-[a-z][\w-]*)/, 'name')],
  ['target', shaped(/target["']: ?["']([a-z][\w-]*)/, 'host')],
  ['hostname', shaped(/Hostname set to <([\w-]+)/, 'host')],
  [
    'proxmox_virtual_environment_vm proxmox_virtual_environment_container proxmox_vm_qemu proxmox_lxc',
    shaped(/\w+["'] ["']([a-z][\w-]*)["']/, 'host'),
  ],
  ['login', shaped(/[Ll]ogin:? ([a-z][\w.-]*) \/ (\S{5,}?)(?=[),.;]?(?:\s|$))/, 'user', 'password')],
  ['laptop pc handy phone', shaped(/(?<=# )\w+ ([a-z][\w.]*)(?=\s*$)/m, 'user')],
  ['gh lp', shaped(/(?:gh|lp):([A-Za-z][\w-]*)/, 'user')],
  ['account', shaped(/account ([a-z][\w.-]*\w)(?=[,;)])/, 'user')],
  ['cluster', shaped(/(?<=--)cluster[ =]([a-z]\w*-[\w-]*)/, 'name')],
  ['name', shaped(/Name: {5,}([\w-]+)(?=\s*$)/m, 'name')],
  ['switch', shaped(/switch ([a-z]+-[\w-]*\d)/, 'host')],
  ['on', shaped(/(?<=VM \d+ )on ([a-z][\w-]*)(?=\s*$)/m, 'host')],
  ['by', shaped(/by ([a-z][\w.-]*)(?= on [\w-]+[.\d])/, 'user')],
  ['via', shaped(/via ([a-z][\w-]*)(?=\.\.\.)/, 'host')],
  ['on', shaped(/on ([a-z][\w-]*)(?= [\w-]{8,}, system ID)/, 'host')],
  ['vmname', shaped(/vmname=([A-Za-z][\w-]*)/, 'host')],
  [
    'laptop pc workstation desktop notebook rechner',
    shaped(/\w+ (?:is |called |named |hei\u00c3\u009ft |\()?([A-Z][A-Z0-9]+-[A-Z0-9-]+)/i, 'host'),
  ],
  ['prof dr mr mrs ms herr herrn frau mme', shaped(/\w+\.? ((?:[A-Z][\w'\u0080-\u00ff-]+ ?){1,2})/, 'person')],
  [
    'owner contact contacts maintainer ansprechpartner verantwortlich',
    shaped(/\w+(?::? (?:is )?)((?:[A-Z][\w'\u0080-\u00ff-]+ ){1,2}[A-Z][\w'\u0080-\u00ff-]+)/, 'person'),
  ],
  ['customer kunde mandant', shaped(/\w+: ((?:[A-Z][\w&'\u0080-\u00ff-]+ ?){1,4})/, 'name')],
  ['university', shaped(/(University of [A-Z][\w'-]+)/, 'name')],
  ['totp', shaped(/(?<=otpauth:\/\/)totp\/([A-Za-z][\w.-]*)(?=:|%3A)/, 'name')],
  ['user', shaped(/user ([\w.-]+) (?:insecure-)?password (\S+)/, 'user', 'password')],
  ['said wrote schrieb', speakerBefore],
  ['cmd', shaped(/(?<=(?:^|["'\s])\(([\w.-]+)\) )CMD/, 'user')],
  ['data-urlencode', shaped(/data-urlencode "?'?(?:password|passwd|passphrase)=([^"'\r\n]+)/, 'password')],
  ['code', shaped(/(?<=[?&])code=([\w.~%-]{16,})/, 'token')],
  ['ip', shaped(/ip=[\d.]+:[\d.]*:[\d.]*:[\d.]*:([\w-]+):/, 'host')],
  ['pool', shaped(/pool ["']([A-Za-z][\w.-]*)["']/, 'name')],
  [
    'storage',
    both(
      shaped(/storage ["']([A-Za-z][\w.-]*)["']/, 'name'),
      // Of the web interface, and of the API.
      shaped(/(?<!nodes\/[\w-]+\/)storage\/([A-Za-z0-9][\w-]*)\/([A-Za-z][\w.-]*)/i, 'host', 'name'),
      shaped(/(?<=nodes\/[\w-]+\/)storage\/([A-Za-z][\w.-]*)(?=[/?\s"']|$)/i, 'name'),
    ),
  ],
  ['hosts', shaped(/hosts: ([A-Za-z][\w-]*\d[\w-]*)$/m, 'host')],
  // Heads of sections in PVE's files: `nfs: nas`, `matcher: all`.
  [
    'dir nfs cifs pbs lvm lvmthin zfspool zfs rbd cephfs btrfs iscsi iscsidirect esxi glusterfs smtp gotify webhook sendmail matcher group vnet zone',
    both(onlyAtStart(shaped(/\w+: ([A-Za-z][\w.-]*)\s*$/m, 'name')), storageLine),
  ],
  ['ad ldap openid', onlyAtStart(shaped(/\w+: ([A-Za-z][\w.-]*)\s*$/m, 'realm'))],
  [
    'owner contact reporter customer admin administrator ansprechpartner requester assignee kontakt verantwortlich caller responsible',
    both(keyed('user'), shaped(/\w+: ?((?:[A-Z\u00c0-\u00ff][\w'.\u0080-\u00ff-]+ ?){1,4})/i, 'person')),
  ],
  [
    'sono collega contatto ma\u00c3\u00aetre dott ing sig signora monsieur madame se\u00c3\u00b1or se\u00c3\u00b1ora dr mr mrs ms herr frau prof bonjour salut hola ciao servus moin hej hei buenas hallo hi hello dear liebe lieber regards cheers thanks gru\u00c3\u009f gr\u00c3\u00bc\u00c3\u009fe bin ping ask call',
    shaped(/[\w\u0080-\u00ff]+[.,]?\s+((?:[A-Z\u00c0-\u00ff][\w'\u0080-\u00ff-]+ ?){1,2})/, 'person'),
  ],
  [
    'wifi wi-fi cl\u00c3\u00a9 chiave passcode code password passwords passwort passw\u00c3\u00b6rter kennwort pw passphrase passe wachtwoord l\u00c3\u00b6senord contrase\u00c3\u00b1a senha has\u00c5\u0082o parola credentials zugangsdaten identifiants psk pin wpa2',
    inSentence,
  ],
  ['ansible_vault', vault],
  ['server', shaped(/server at "([A-Za-z][\w-]*)"/, 'host')],
  ['user-name', shaped(/user-name "([^"\r\n]+)"(?: (?:sha1|sha256|plaintext) "([^"\r\n]+)")?/, 'user', 'password')],
  ['root admin administrator', shaped(/\w+`? \/ `?([^\s`"'|]{6,}[^\s`"'|.,;])/, 'password')],
  ['admin', shaped(/admin ([a-z][\w.-]*) \/ ([^\s`"'|]{6,}[^\s`"'|.,;])/, 'user', 'password')],
  ['setpassword', shaped(/setpassword ["']([^"'\n]+)["']/, 'password')],
  ['recv-keys recv-key', shaped(/recv-keys? ([0-9A-F]{16,40})(?!\w)/i, 'key')],
  ['uid basicauthuser', shaped(/\w+["']?\s?[=:]\s?"([A-Za-z][\w.-]*)"/, 'user')],
  [
    'usu\u00c3\u00a1rio usuario utente utilisateur gebruiker bruker',
    shaped(/[\w\u0080-\u00ff]+:? ([a-z][a-z]*[._\d][\w.-]*[a-z0-9])/, 'user'),
  ],
  // The value stands in the next line.
  [
    'password passwort kennwort haslo has\u00c5\u0082o senha clave wachtwoord heslo passord',
    shaped(
      /[\w\u0080-\u00ff]+(?: [^\s:=]{1,40}){0,3}:[ \t]*\r?\n[ \t]+((?=\S*[\d!@#$%^&*+~<>])[^\s:"']{6,})[ \t]*(?=\r?\n|$)/i,
      'password',
    ),
  ],
  [
    'community',
    shaped(/community ["']?([\w!-]{5,})["']?(?= (?:authorization|clients|group|view|ro|rw)\b)/i, 'password'),
  ],
  ['by', shaped(/by ([a-z][\w.-]*) \(UID/i, 'user')],
  ['login', shaped(/Login ([a-z][\w.-]{2,})(?= (?:noch|auf|mit|am|an|der|from|on|to)\b)/, 'user')],
  ['compte account', shaped(/(?:compte|account) (?:est|is) ([a-z][\w.-]*[\w])/, 'user')],
  [
    'contact',
    shaped(
      /contact "([A-Z\u00c0-\u00ff][\w'\u0080-\u00ff-]{1,40}(?: [A-Z\u00c0-\u00ff][\w'\u0080-\u00ff-]{1,40}){1,2})"/,
      'person',
    ),
  ],
  ['user', shaped(/user ([a-z][\w.-]*)(?= group )/, 'user')],
  ['psk eap xauth', shaped(/(?:PSK|EAP|XAUTH)\s+"([^"\r\n]+)"/, 'password')],
  ['rsa ecdsa', shaped(/(?:RSA|ECDSA)\s+\S+\s+"([^"\r\n]+)"/, 'password')],
  ['machine', shaped(/machine [\w.-]+\s+login (\S+)\s+password (\S+)/, 'user', 'password')],
  [
    'on auf sur at from to bei von de in vom zum an and und et depuis vers aus nach for via against machine serveur server knoten node host rechner maschine description descr uplink',
    placeName,
  ],
  ['host-name', shaped(/host-name ["']?([A-Za-z0-9][\w-]*)/, 'host')],
  ['identity', shaped(/identity set name=["']?([\w-]+)/, 'host')],
  ['router_id', shaped(/router_id\s+["']?([A-Za-z][\w-]*)/, 'host')],
  ['host', both(shaped(/host ([A-Za-z0-9][\w-]*) \{/, 'host'), shaped(/Host Name[ .]*: ([A-Za-z0-9][\w-]*)/i, 'host'))],
  ['hostname', shaped(/hostname\s+["']([A-Za-z0-9][\w-]*)["']/i, 'host')],
  ['dhcp-host', shaped(/dhcp-host=(?:[0-9A-Fa-f:]{17},)?(?:[\d.]+,)?([A-Za-z][\w-]*)(?=[\s,]|$)/, 'host')],
  ['username', shaped(/[Uu]sername ([A-Za-z][\w.-]*)(?= (?:privilege|secret|password|nopassword|role)\b)/, 'user')],
  [
    'user',
    both(
      shaped(
        /[Uu]ser ["'`]?([a-z][\w.-]*\w)["'`]?(?=[,;:)]|\.\s| (?:password|pass|secret|privilege|mit|with|and|has|can|cannot|kann|hat|et|avec|pw|pwd|auth)\b)/,
        'user',
      ),
      shaped(/user \[(?:[\w.-]+\\)?([\w.-]+)\]/i, 'user'),
      shaped(/User ?Id ?= ?([^;"'\s]+)/i, 'user'),
      shaped(/user add [^\r\n]{0,400}?name=["']?([\w.-]+)/, 'user'),
    ),
  ],
  [
    'konto benutzer benutzername utilisateur utilisatrice usuario gebruiker nutzer compte',
    shaped(
      /[\w\u0080-\u00ff]+ ["'`]?([a-z][\w.-]*\w)["'`]?(?=[,;:)]|\.\s| (?:auch|mit|kann|hat|wurde|ist|et|avec|peut|est|und)\b)/i,
      'user',
    ),
  ],
  ['imap pop3 lda lmtp managesieve sieve', shaped(/[\w-]+\(([A-Za-z][\w.-]*)(?=[@)])/, 'user')],
  [
    'failure disconnected opened closed invalid',
    shaped(
      /\w+ (?:for|from|by) (?:authenticating |invalid )?(?:user )?([a-z][\w.-]*)(?= (?:from )?[\da-f]+[.:][\da-f.:]+| from [\w.-]+)/i,
      'user',
    ),
  ],
  ['host hostssl hostnossl', shaped(/host(?:no)?(?:ssl)?[ \t]+\S+[ \t]+([a-z][\w.-]*)[ \t]+\d+\.\d+/, 'user')],
  ['nfs', shaped(/nfs: server ([a-z][\w-]*)/, 'host')],
  ['vm ct lxc qemu', shaped(/\w+\/\d+ \(([A-Za-z][\w-]*)/, 'host')],
  ['clone', shaped(/clone vm ([A-Za-z][\w-]*)/, 'host')],
  ['client', shaped(/client ([A-Za-z][\w-]*)(?= \{| port \d)/, 'host')],
  ['shortname', shaped(/shortname\s*=\s*([A-Za-z][\w-]*)/, 'host')],
  ['object', shaped(/object network ([A-Za-z][\w-]*)/, 'host')],
  ['realms', shaped(/realms\/([A-Za-z][\w.-]*)/, 'realm')],
  ['s3 gs b2 abfss', shaped(/\w+:(?:\/\/)?([a-z0-9][a-z0-9.-]{2,62})(?=[\s/"':]|$)/, 'name')],
  ['board', shaped(/Board ID:? (\w+)/, 'serial')],
  ['seriennummer serienr serie', shaped(/[\w\u00c3\u00a9]+:? ?:? (?=\S*\d)([A-Z0-9][\w-]{4,})/i, 'serial')],
  ['auth', shaped(/auth["']?\s*[:=]\s*["']?([0-9a-f]{32,64})(?![0-9a-f])/, 'token')],
  [
    'llp farm trust observatory gmbh ag inc ltd llc sarl sas kg bv oy limited plc clinic hospital architects freight logistics castings associates florists shipping dairy bakery brewery foods dental holdings insurance consulting motors hotel college academy museum institute klinik krankenhaus',
    companyBefore,
  ],
  ['notification', shaped(/notification to ([a-z][\w.-]*)/, 'user')],
  ['by', both(shaped(/by ([a-z][\w.-]*)(?=\s*$)/m, 'user'), shaped(/by ([A-Z][\w'-]+ [A-Z][\w'-]+)/, 'person'))],
  ['par', shaped(/par ([A-Z][\w'\u0080-\u00ff-]+ [A-Z][\w'\u0080-\u00ff-]+)/, 'person')],
  [
    'assigned assignee approved prepared requested opened closed resolved verantwortet bearbeiter bearbeitet technicien responsable demandeur interlocuteur',
    shaped(
      /[\w\u0080-\u00ff]+(?: (?:to|by|von|durch|par))?: ((?:[A-Z\u00c0-\u00ff][\w'.\u0080-\u00ff-]+ ?){1,3})/i,
      'person',
    ),
  ],
  ['cleartext-password nt-password md5-password crypt-password user-password', loginLine],
  ['realm', shaped(/realm (?:add|modify|sync|delete) ([A-Za-z][\w.-]*)/, 'realm')],
  ['ssid essid', shaped(/e?ssid[:= ]{1,3}["']?([^"'\s,)]{2,})/i, 'name')],
  ['eui-64', shaped(/EUI-64:\s+([0-9a-f]{6} [0-9a-f]{10})/, 'serial')],
  ['software', shaped(/software id ?[:=] ?(\S+)/, 'serial')],
  [
    'hooks.slack.com hooks.slack-gov.com discord.com discordapp.com webhook.office.com outlook.office.com outlook.office365.com events.pagerduty.com hooks.zapier.com maker.ifttt.com api.telegram.org hooks webhook webhooks webhookb2 bot hc-ping.com integration sig pin pwd pw login kennwort',
    lineOf,
  ],
]

const byWord = new Map<string, Context>()
const listed = new Map<string, Context[]>()
for (const [words, context] of rows)
  for (const word of words.split(' ')) {
    const all = listed.get(word)
    if (all) all.push(context)
    else listed.set(word, [context])
  }
for (const [word, all] of listed) byWord.set(word, all.length === 1 ? all[0]! : both(...all))

/** What the rows say of a word, in lower case. */
export const rowsOf = (word: string): Context | undefined => byWord.get(word)
