import type {FindKind} from '../model.js'
import {both, shaped} from './shapes.js'
import type {Context} from './values.js'

/** What a program is told on its command line: expressions that end with the value. */
const commands: readonly (readonly [word: string, kind: FindKind, expression: RegExp])[] = [
  ['sshpass', 'password', /sshpass[^\n|;]{0,400}? -p ?(["']?)([^\s"']+)/],
  ...['mysql', 'mysqldump', 'mysqladmin', 'mariadb', 'mariadb-dump'].map((word): [string, FindKind, RegExp] => [
    word,
    'password',
    new RegExp(`${word}[^\\n|;]{0,400}? -p(["']?)([^\\s"']+)`),
  ]),
  ...['mysql', 'mysqldump', 'mariadb', 'psql', 'pg_dump', 'ipmitool', 'docker', 'sqlcmd', 'smbclient', 'curl'].map(
    (word): [string, FindKind, RegExp] => [
      word,
      'user',
      new RegExp(`${word}[^\\n|;]{0,400}? -[uU] ?(["']?)([A-Za-z][\\w.-]*)`),
    ],
  ),
  ['curl', 'password', /curl[^\n|;]{0,400}? (?:-u|--user|-U|--proxy-user)[ =]?(["']?)[^\s:"']*:([^\s"']+)/],
  ['redis-cli', 'password', /redis-cli[^\n|;]{0,400}? (?:-a|--pass) ?(["']?)([^\s"']+)/],
  ...['ldapsearch', 'ldapadd', 'ldapmodify', 'ldapwhoami', 'ldappasswd'].map((word): [string, FindKind, RegExp] => [
    word,
    'password',
    new RegExp(`${word}[^\\n|;]{0,400}? -w ?(["']?)([^\\s"']+)`),
  ]),
  ['ipmitool', 'password', /ipmitool[^\n|;]{0,400}? -P ?(["']?)([^\s"']+)/],
  ['sqlcmd', 'password', /sqlcmd[^\n|;]{0,400}? -P ?(["']?)([^\s"']+)/],
  ['docker', 'password', /docker[^\n|;]{0,400}? login[^\n|;]{0,400}? (?:-p|--password)[ =](["']?)([^\s"']+)/],
  ['smbclient', 'password', /smbclient[^\n|;]{0,400}? -U ?(["']?)[^\s%"']+%([^\s"']+)/],
  ['net', 'password', /net [^\n|;]{0,400}? -U ?(["']?)[^\s%"']+%([^\s"']+)/],
  ['net', 'password', /net use [^\n]{0,400}?(["']?)\/user:\S+ ([^\s"'/]+)/i],
  ['openssl', 'password', /openssl passwd [^\n|;)]{0,400}?(["']?)([^\s"'-][^\s"']*)(?=["']?\s*$)/m],
  ['echo', 'password', /echo (?:-[ne]+ )?(["']?)([^\s"'\\]+)(?:\\n[^\s"']+)?\1 *\| *(?:smbpasswd|passwd)/],
  ['echo', 'password', /echo (?:-[ne]+ )?(["']?)[^\s"'\\]+\\n([^\s"'\\]+)\1 *\| *(?:smbpasswd|passwd)/],
  ['echo', 'password', /echo (?:-n )?(["']?)([^\s"']+)\1 *\| *sudo -S/],
  ['echo', 'password', /echo (?:-n )?(["']?)[\w.-]+:([^\s"']+)\1 *\| *chpasswd/],
  ['chpasswd', 'password', /chpasswd <<< ?(["']?)[\w.-]+:([^\s"']+)/],
  ['skopeo', 'password', /skopeo[^\n|;]{0,400}? --(?:src-|dest-)?creds[= ](["']?)[^\s:]+:([^\s"']+)/],
  ['influx', 'token', /influx[^\n|;]{0,400}? (?:-t|--token)[= ](["']?)([^\s"']+)/],
  ['mc', 'token', /mc alias set \S+ \S+ (["']?)([^\s"']+)/],
  ['mc', 'token', /mc alias set \S+ \S+ \S+ (["']?)([^\s"']+)/],
  ['wg', 'key', /wg set [^\n|;]{0,400}?peer (["']?)([A-Za-z0-9+/]{43}=)/],
  ...['snmpwalk', 'snmpget', 'snmpbulkwalk', 'snmpset'].map((word): [string, FindKind, RegExp] => [
    word,
    'password',
    new RegExp(`${word}[^\\n|;]{0,400}? -c ?(["']?)([^\\s"']+)`),
  ]),
  ...['passout', 'passin', 'pass'].map((word): [string, FindKind, RegExp] => [
    word,
    'password',
    new RegExp(`${word} (["']?)pass:([^\\s"']+)`),
  ]),
  ['az', 'password', /az login[^\n|;]{0,400}? (?:-p|--password)[= ](['"]?)([^\s"']+)/],
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
    new RegExp(`${word}[^\\n|;]{0,400}? (?:-h|-S|--host[= ]) ?(["']?)([A-Za-z][\\w-]*)`),
  ]),
  ['net', 'user', /net use [^\n]{0,400}?()\/user:(?:[\w.-]+\\)?([\w.-]+)/i],
  ['cryptsetup', 'password', /cryptsetup [^\n|;]{0,400}?<<< ?(["']?)([^\s"']+)/],
  ['net', 'password', /net user (?:"[^"]*"|\S+) (["']?)([^\s"'/*][^\s"']*)/i],
  ['net', 'user', /net user (["']?)([A-Za-z][\w.-]*(?:(?<=user "[\w.-]*) [A-Za-z][\w.-]*)?)/i],
  ['ansible-vault', 'password', /ansible-vault encrypt_string [^\n|;]{0,400}?(["'])([^\n"']+)/],
  ['wpa_passphrase', 'name', /wpa_passphrase (["']?)([^\s"']+)/],
  ['wpa_passphrase', 'password', /wpa_passphrase (?:"[^"\n]*"|'[^'\n]*'|\S+) (["']?)([^\s"']+)/],
  ['nmcli', 'name', /nmcli [^\n|;]{0,400}?wifi connect (["']?)([^\s"']+)/],
  ['useradd', 'user', /useradd [^\n|;]{0,400}? ()([a-z][\w.-]*)(?=\s*$)/m],
  ['adduser', 'user', /adduser [^\n|;]{0,400}?()([a-z][\w.-]*)(?=\s*$)/m],
  ...['snmpwalk', 'snmpget', 'snmpbulkwalk', 'snmpset'].flatMap((word): [string, FindKind, RegExp][] => [
    [word, 'password', new RegExp(`${word}[^\\n|;]{0,400}? -A ?(["']?)([^\\s"']+)`)],
    [word, 'password', new RegExp(`${word}[^\\n|;]{0,400}? -X ?(["']?)([^\\s"']+)`)],
    [word, 'user', new RegExp(`${word}[^\\n|;]{0,400}? -u ?(["']?)([A-Za-z][\\w.-]*)`)],
  ]),
  ['mosquitto_pub', 'password', /mosquitto_pub[^\n|;]{0,400}? -P ?(["']?)([^\s"']+)/],
  ['mosquitto_sub', 'password', /mosquitto_sub[^\n|;]{0,400}? -P ?(["']?)([^\s"']+)/],
  ['xfreerdp', 'password', /xfreerdp[^\n|;]{0,400}? \/p:(["']?)([^\s"']+)/],
  ['rclone', 'password', /rclone config [^\n|;]{0,400}? pass (["']?)([^\s"']+)/],
  ['rclone', 'user', /rclone config [^\n|;]{0,400}? user (["']?)([A-Za-z][\w.@-]*)/],
  ['lftp', 'user', /lftp[^\n|;]{0,400}? -u ?(["']?)([A-Za-z][\w.-]*)/],
  ['htpasswd', 'user', /htpasswd[^\n|;]{0,400}? \/?\S+ (["']?)([a-z][\w.-]*)(?= \S+\s*$)/m],
  ['htpasswd', 'password', /htpasswd[^\n|;]{0,400}? -\w*b\w* \S+ \S+ (["']?)([^\s"']+)/],
  ['lftp', 'password', /lftp[^\n|;]{0,400}? -u ?(["']?)[^\s,"']+,([^\s"']+)/],
  ['keytool', 'password', /keytool[^\n|;]{0,400}? -(?:store|key)pass (["']?)([^\s"']+)/],
  ['zip', 'password', /zip[^\n|;]{0,400}? -P (["']?)([^\s"']+)/],
  ['7z', 'password', /7z[^\n|;]{0,400}? -p(["']?)([^\s"']+)/],
  ['passwd', 'password', /passwd [^\n|;]{0,400}?<<< ?(["']?)([^\s"']+)/],
  ['passwd', 'user', /passwd \d+ (["']?)([A-Za-z][\w.-]*)/],
  ['pass', 'password', /pass (["']?)([^\s"']{6,})/],
]

/** A password in quotes goes to the next one, blanks and all. */
const withBlanks = (expression: RegExp): RegExp =>
  new RegExp(
    expression.source.replace(
      String.raw`(["']?)([^\s"']+)`,
      String.raw`(["']?)((?<=["'])(?:(?!\1)[^\\\n]|\\.)+(?=\1)|[^\s"']+)`,
    ),
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
