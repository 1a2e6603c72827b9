import {byProgram} from './commands.js'
import {guestName, hostList, lineHead, lineOfLog, storageLine, zoneLine} from './hosts.js'
import {loginLine, organisation, signed} from './people.js'
import {passwordList, pem, recovery, sshKey, url} from './secrets.js'
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
    'http https ssh ftp sftp smb cifs nfs ldap ldaps postgres postgresql mysql mariadb redis rediss mongodb mongodb+srv amqp amqps mqtt mqtts git ws wss rtsp smtp smtps imap imaps socks5 spice vnc tcp udp iscsi rbd otpauth',
    url,
  ],
  ['bearer', shaped(/bearer["']?\s+([\w.~+/=-]{8,})/i, 'token')],
  ['basic', shaped(/basic\s+([A-Za-z0-9+/=]{8,})/i, 'token')],
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
        /(?<=(?:invalid|for|by|of|as|unknown|New|ALTER|CREATE|DROP|GRANT) )(?:[Uu]ser|USER) ["']?([\w.-]+)/,
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
  ['ok changed fatal skipping included unreachable rescued failed', shaped(/\w+: \[([\w.-]+)(?: ->[^\]]*)?\]/, 'host')],
  ['ansible_host ansible_connection', lineHead],
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
      /(?:[Pp]asswor[dt]|[Pp]assphrase|[Ll]\u00c3\u00b6senord|[Ww]achtwoord)(?:\s+(?:is|was|ist|lautet|=|->))?:?\s+["'`]?((?=[^\s"'`]*(?:[a-z][A-Z]|\d))[^\s"'`,;]{6,40})(?=[\s"'`,;]|$)/,
      'password',
    ),
  ],
  ['auth', both(lineOf, shaped(/auth ["']?([\w.-]+):([^\s"']+)/, 'user', 'password'))],
  ['netbios', shaped(/netbios name\s*=\s*([\w-]+)/, 'host')],
  ['valid', shaped(/valid users\s*=\s*([\w.-]+)/, 'user')],
  ['asset', shaped(/Asset Tag: (\S+)/, 'serial')],
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
  ['lu', shaped(/LU WWN Device Id: ([0-9a-f][0-9a-f ]+[0-9a-f])/, 'serial')],
  ['serial', shaped(/serial(?: (?:number|no\.?))?:?\s+([A-Z0-9][\w-]*\d[\w-]*)/i, 'serial')],
  ['ip', shaped(/ip=[\d.]+:[\d.]*:[\d.]*:[\d.]*:([\w-]+):/, 'host')],
  ['pool', shaped(/pool ["']([A-Za-z][\w.-]*)["']/, 'name')],
  [
    'storage',
    both(
      shaped(/storage ["']([A-Za-z][\w.-]*)["']/, 'name'),
      shaped(/storage\/([A-Za-z0-9][\w-]*)\/([A-Za-z][\w.-]*)/i, 'host', 'name'),
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
    'dr mr mrs ms herr frau prof hallo hi hello dear liebe lieber regards cheers thanks gru\u00c3\u009f gr\u00c3\u00bc\u00c3\u009fe bin ping ask call',
    shaped(/[\w\u0080-\u00ff]+[.,]?\s+((?:[A-Z\u00c0-\u00ff][\w'\u0080-\u00ff-]+ ?){1,2})/, 'person'),
  ],
  ['hooks webhook webhooks webhookb2 bot hc-ping.com integration sig pin pwd pw login kennwort', lineOf],
]

const byWord = new Map<string, Context>()
for (const [words, context] of rows)
  for (const word of words.split(' ')) {
    const before = byWord.get(word)
    byWord.set(word, before ? both(before, context) : context)
  }

/** What the rows say of a word, in lower case. */
export const rowsOf = (word: string): Context | undefined => byWord.get(word)
