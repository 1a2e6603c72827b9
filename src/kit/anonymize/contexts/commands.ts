import type {FindKind} from '../model.js'
import {both, shaped} from './shapes.js'
import type {Context} from './values.js'

/** What a program is told on its command line: expressions that end with the value. */
const commands: readonly (readonly [word: string, kind: FindKind, expression: RegExp])[] = [
  ['sshpass', 'password', /sshpass[^\n|;]*? -p ?(["']?)([^\s"']+)/],
  ...['mysql', 'mysqldump', 'mysqladmin', 'mariadb', 'mariadb-dump'].map((word): [string, FindKind, RegExp] => [
    word,
    'password',
    new RegExp(`${word}[^\\n|;]*? -p(["']?)([^\\s"']+)`),
  ]),
  ...['mysql', 'mysqldump', 'mariadb', 'psql', 'pg_dump', 'ipmitool', 'docker', 'sqlcmd', 'smbclient', 'curl'].map(
    (word): [string, FindKind, RegExp] => [
      word,
      'user',
      new RegExp(`${word}[^\\n|;]*? -[uU] ?(["']?)([A-Za-z][\\w.-]*)`),
    ],
  ),
  ['curl', 'password', /curl[^\n|;]*? (?:-u|--user|-U|--proxy-user)[ =]?(["']?)[^\s:"']*:([^\s"']+)/],
  ['redis-cli', 'password', /redis-cli[^\n|;]*? (?:-a|--pass) ?(["']?)([^\s"']+)/],
  ...['ldapsearch', 'ldapadd', 'ldapmodify', 'ldapwhoami', 'ldappasswd'].map((word): [string, FindKind, RegExp] => [
    word,
    'password',
    new RegExp(`${word}[^\\n|;]*? -w ?(["']?)([^\\s"']+)`),
  ]),
  ['ipmitool', 'password', /ipmitool[^\n|;]*? -P ?(["']?)([^\s"']+)/],
  ['sqlcmd', 'password', /sqlcmd[^\n|;]*? -P ?(["']?)([^\s"']+)/],
  ['docker', 'password', /docker[^\n|;]*? login[^\n|;]*? (?:-p|--password)[ =](["']?)([^\s"']+)/],
  ['smbclient', 'password', /smbclient[^\n|;]*? -U ?(["']?)[^\s%"']+%([^\s"']+)/],
  ['net', 'password', /net [^\n|;]*? -U ?(["']?)[^\s%"']+%([^\s"']+)/],
  ['net', 'password', /net use [^\n]*?(["']?)\/user:\S+ ([^\s"'/]+)/i],
  ['openssl', 'password', /openssl passwd [^\n|;]*?(["']?)([^\s"'-][^\s"']*)(?=["']?\s*$)/m],
  ['echo', 'password', /echo (?:-[ne]+ )?(["']?)([^\s"'\\]+)(?:\\n[^\s"']+)?\1 *\| *(?:smbpasswd|passwd)/],
  ['echo', 'password', /echo (?:-[ne]+ )?(["']?)[^\s"'\\]+\\n([^\s"'\\]+)\1 *\| *(?:smbpasswd|passwd)/],
  ['echo', 'password', /echo (?:-n )?(["']?)([^\s"']+)\1 *\| *sudo -S/],
  ['echo', 'password', /echo (?:-n )?(["']?)[\w.-]+:([^\s"']+)\1 *\| *chpasswd/],
  ['chpasswd', 'password', /chpasswd <<< ?(["']?)[\w.-]+:([^\s"']+)/],
  ['skopeo', 'password', /skopeo[^\n|;]*? --(?:src-|dest-)?creds[= ](["']?)[^\s:]+:([^\s"']+)/],
  ['influx', 'token', /influx[^\n|;]*? (?:-t|--token)[= ](["']?)([^\s"']+)/],
  ['mc', 'token', /mc alias set \S+ \S+ (["']?)([^\s"']+)/],
  ['mc', 'token', /mc alias set \S+ \S+ \S+ (["']?)([^\s"']+)/],
  ['wg', 'key', /wg set [^\n|;]*?peer (["']?)([A-Za-z0-9+/]{43}=)/],
  ...['snmpwalk', 'snmpget', 'snmpbulkwalk', 'snmpset'].map((word): [string, FindKind, RegExp] => [
    word,
    'password',
    new RegExp(`${word}[^\\n|;]*? -c ?(["']?)([^\\s"']+)`),
  ]),
  ...['passout', 'passin', 'pass'].map((word): [string, FindKind, RegExp] => [
    word,
    'password',
    new RegExp(`${word} (["']?)pass:([^\\s"']+)`),
  ]),
  ['az', 'password', /az login[^\n|;]*? (?:-p|--password)[= ](['"]?)([^\s"']+)/],
  ...[
    'psql',
    'pg_dump',
    'pg_restore',
    'mysql',
    'mysqldump',
    'mariadb',
    'redis-cli',
    'mongosh',
    'mongodump',
    'sqlcmd',
  ].map((word): [string, FindKind, RegExp] => [
    word,
    'host',
    new RegExp(`${word}[^\\n|;]*? (?:-h|-S|--host[= ]) ?(["']?)([A-Za-z][\\w-]*)`),
  ]),
  ['net', 'user', /net use [^\n]*?()\/user:(?:[\w.-]+\\)?([\w.-]+)/i],
  ['cryptsetup', 'password', /cryptsetup [^\n|;]*?<<< ?(["']?)([^\s"']+)/],
  ['net', 'password', /net user \S+ (["']?)([^\s"'/*][^\s"']*)/i],
  ['net', 'user', /net user (["']?)([A-Za-z][\w.-]*)/i],
  ['ansible-vault', 'password', /ansible-vault encrypt_string [^\n|;]*?(["'])([^\n"']+)/],
  ['wpa_passphrase', 'name', /wpa_passphrase (["']?)([^\s"']+)/],
  ['wpa_passphrase', 'password', /wpa_passphrase (?:"[^"\n]*"|'[^'\n]*'|\S+) (["']?)([^\s"']+)/],
  ['nmcli', 'name', /nmcli [^\n|;]*?wifi connect (["']?)([^\s"']+)/],
  ['useradd', 'user', /useradd [^\n|;]*? ()([a-z][\w.-]*)(?=\s*$)/m],
  ['adduser', 'user', /adduser [^\n|;]*?()([a-z][\w.-]*)(?=\s*$)/m],
  ...['snmpwalk', 'snmpget', 'snmpbulkwalk', 'snmpset'].flatMap((word): [string, FindKind, RegExp][] => [
    [word, 'password', new RegExp(`${word}[^\\n|;]*? -A ?(["']?)([^\\s"']+)`)],
    [word, 'password', new RegExp(`${word}[^\\n|;]*? -X ?(["']?)([^\\s"']+)`)],
    [word, 'user', new RegExp(`${word}[^\\n|;]*? -u ?(["']?)([A-Za-z][\\w.-]*)`)],
  ]),
  ['mosquitto_pub', 'password', /mosquitto_pub[^\n|;]*? -P ?(["']?)([^\s"']+)/],
  ['mosquitto_sub', 'password', /mosquitto_sub[^\n|;]*? -P ?(["']?)([^\s"']+)/],
  ['xfreerdp', 'password', /xfreerdp[^\n|;]*? \/p:(["']?)([^\s"']+)/],
  ['rclone', 'password', /rclone config [^\n|;]*? pass (["']?)([^\s"']+)/],
  ['rclone', 'user', /rclone config [^\n|;]*? user (["']?)([A-Za-z][\w.@-]*)/],
  ['lftp', 'user', /lftp[^\n|;]*? -u ?(["']?)([A-Za-z][\w.-]*)/],
  ['htpasswd', 'user', /htpasswd[^\n|;]*? \/?\S+ (["']?)([a-z][\w.-]*)(?= \S+\s*$)/m],
  ['htpasswd', 'password', /htpasswd[^\n|;]*? -\w*b\w* \S+ \S+ (["']?)([^\s"']+)/],
  ['lftp', 'password', /lftp[^\n|;]*? -u ?(["']?)[^\s,"']+,([^\s"']+)/],
  ['keytool', 'password', /keytool[^\n|;]*? -(?:store|key)pass (["']?)([^\s"']+)/],
  ['zip', 'password', /zip[^\n|;]*? -P (["']?)([^\s"']+)/],
  ['7z', 'password', /7z[^\n|;]*? -p(["']?)([^\s"']+)/],
  ['passwd', 'password', /passwd [^\n|;]*?<<< ?(["']?)([^\s"']+)/],
  ['passwd', 'user', /passwd \d+ (["']?)([A-Za-z][\w.-]*)/],
  ['pass', 'password', /pass (["']?)([^\s"']{6,})/],
]

/** A password in quotes goes to the next one, blanks and all. */
const withBlanks = (expression: RegExp): RegExp =>
  new RegExp(
    expression.source.replace(String.raw`(["']?)([^\s"']+)`, String.raw`(["']?)((?<=["'])[^"'\n]+(?=\1)|[^\s"']+)`),
    expression.flags,
  )

/** All commands of a program, by its name. */
export const byProgram = [...new Set(commands.map(([word]) => word))].map((word): [string, Context] => [
  word,
  both(
    ...commands
      .filter(([one]) => one === word)
      .map(([, kind, expression]) =>
        shaped(kind === 'password' ? withBlanks(expression) : expression, undefined, kind),
      ),
  ),
])
