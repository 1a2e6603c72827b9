import {lower} from '../bytes.js'
import {commonWords} from '../common-words.js'
import type {ByteString, FindKind} from '../model.js'
import {technical} from '../words.js'
import {both} from './shapes.js'
import {at, type Context, none, type Placed, placed} from './values.js'

/** An expression from the word on; what it has in its groups are values of a kind. */
type Row = readonly [words: string, expression: RegExp, kind?: FindKind]

/** A value, in quotes with its blanks. */
const value = String.raw`(?:"((?:[^"\\\n]|\\.)+)"|\$?'([^'\n]+)'|([^\s"']+))`

/** Programs that are told a secret behind an option, and the option. What follows it directly is `=` or nothing. */
const options: readonly (readonly [programs: string, option: string, joint?: string])[] = [
  [
    'psexec psexec64 psexec.exe psexec64.exe paexec evil-winrm rdesktop racadm racadm7 ncftpput ncftpget mongo mongosh mongodump mongorestore mongoimport mongoexport crackmapexec netexec nxc smbmap redfishtool cqlsh ' +
      'hydra medusa ipmi-sensors ipmi-chassis ipmipower ipmi-sel bmc-config ipmiconsole fence_ipmilan fence_idrac fence_ilo fence_ilo4 fence_ilo5 fence_drac5 fence_apc fence_apc_snmp fence_vmware_soap fence_vmware_rest ' +
      'fence_ipdu fence_pve fence_redfish fence_cisco_ucs rabbitmqadmin vncdo vncdotool nextcloudcmd arangosh',
    '-p',
  ],
  ['docker podman nerdctl buildah skopeo oras crane helm oc', 'login[^\\n|;]{0,200}? -p'],
  ['xe', '-pw'],
  ['plink pscp psftp putty plink.exe pscp.exe kitty', '-pw'],
  [
    'unzip zip zipcloak tsql isql bcp sqlcmd ipmitool ipmiutil ssh-keygen mosquitto_pub mosquitto_sub mosquitto_rr',
    '-P',
  ],
  ['ssh-keygen', '-N'],
  ['ssh-keygen', '-P'],
  ['unrar rar', '-h?p', ''],
  ['7z 7za 7zr 7zz', '-p', ''],
  ['openssl', '-(?:k|password|pass(?:in|out)?)(?= (?!(?:env|file|fd|pass|stdin):?))'],
  ['openssl', '-(?:pass|passin|passout) pass:', ''],
  ['openssl', '-(?:K|hmac|macopt (?:hex)?key:)'],
  ['ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldappasswd ldapmodrdn', '-w'],
  ['ldappasswd', '-[sa]'],
  ['schtasks schtasks.exe', '/rp'],
  ['kadmin kadmin.local', '-(?:w|pw)'],
  ['rabbitmqctl', '(?:add_user|change_password|authenticate_user) \\S+'],
  ['rclone', '(?:obscure|reveal)'],
  ['redis-cli config', '(?:CONFIG SET|config set|set|SET) (?:requirepass|masterauth)'],
  ['winexe smbclient rpcclient smbget wmic net smbcacls pth-winexe samba-tool', '-U ?[^\\s%"\']{1,80}%', ''],
  ['http https xh', '-a [^\\s:]{1,80}:', ''],
  ['lftp open', '-u ?[^\\s,]{1,80},', ''],
  ['set_password', '(?:vnc|spice)'],
  ['nmcli', 'password'],
  ['cmdkey cmdkey.exe', '/pass(?:word)?:', ''],
  ['netdom netdom.exe', '/password[do]:', ''],
  ['winscp winscp.com', '/password=', ''],
  ['nsupdate dig delv', '-y (?:hmac-\\w+:)?[\\w.-]+:', ''],
  ['nbdkit', 'password=', ''],
  [
    'passwd chpasswd kinit realm net adcli cryptsetup wg docker podman gpg smbpasswd sudo vncpasswd zfs zpool su ssh-add',
    '<<<',
  ],
  ['sshpass', '-p'],
  ['doveadm check_mysql check_mysql_query check_pgsql', '-p'],
  ['check_snmp check_nt', '-C'],
  ['check_http check_curl', '-[ab] [^\\s:]{1,80}:', ''],
  ['swaks', '-ap'],
  ['sendemail', '-xp'],
  ['mosquitto_passwd', '-b \\S+ \\S+'],
  ['net-snmp-create-v3-user', '-A'],
  ['net-snmp-create-v3-user', '-X'],
  ['vmrun', '-gp'],
  ['vmrun', '-vp'],
  ['virsh', 'set-user-password \\S+ \\S+'],
  ['ncat proxytunnel', '--proxy-auth \\S+:', ''],
  ['xfreerdp xfreerdp3 wfreerdp sdl-freerdp freerdp mstsc', '/p:', ''],
  ['xfreerdp xfreerdp3 wfreerdp sdl-freerdp', '/gp:', ''],
  ['etcdctl influxd nats', '--user[= ]\\S+?:', ''],
  ['vault', 'login'],
  ['pveceph ceph', 'auth (?:add|import|get-or-create) \\S+ key'],
  ['ipmitool', 'user set password \\d+'],
  ['borg', '--encryption-passphrase'],
  ['systemd-creds systemd-cryptenroll', '--pin'],
  ['claim kubeadm', '--token'],
]

/** How far behind its name an option of a program is looked for. */
const REACH = 450

/** Where the arguments of a program end: at a pipe, at another command, at a line's end that no backslash precedes. */
const ends = /[|;]|(?<!\\)\n/

/** Values that follow the options of a program: directly, where the row says so. */
const byOption = new Map<string, Context>()
for (const [programs, option, joint = '[ =]{1,2}'] of options) {
  const [quick, exact] = ['', 'd'].map((flags) => new RegExp(String.raw`(?<=\s)${option}${joint}${value}`, flags))
  const context: Context = (text, start) => {
    const rest = text.slice(start, start + REACH)
    const match = quick!.test(rest) ? exact!.exec(rest) : null
    if (!match || ends.test(rest.slice(0, match.index))) return none
    const [first, last] = match.indices!.slice(1).find((range) => range !== undefined)!
    return secret('password', text, start + first, start + last)
  }
  for (const program of programs.split(' ')) {
    const before = byOption.get(program)
    byOption.set(program, before ? both(before, context) : context)
  }
}

/** Whom a pipe tells a secret. */
const told = String.raw`(?=["']? *\|[^\n]*?(?:--password-stdin|--stdin|-stdin|sudo -S|\bsu -|\bzfs load-key|\bkinit\b|\bcryptsetup\b|\bpasswd\b|\bsmbpasswd\b|passphrase-fd|\bvncpasswd\b|\bhtpasswd\b[^\n]* -\w*i|\bwg pubkey\b|\bsecret create\b|\bsystemd-creds\b|\bopenssl (?:dgst|enc|passwd)\b|\bzfs load-key|\bzpool create|\brealm join|\bnet ads join|\bldapsearch\b|\bclevis\b|\bborg\b|\brestic\b|\brclone\b|\bpvesm\b|\bpveum\b|\bproxmox-backup-\w+|\bage\b))`
/** Files that hold one. */
const kept = String.raw`(?=["']? *>{1,2} *["']?[^\s"'|;]{0,200}(?:pw|pass|passwd|passwo[r]?d|passphrase|passwort|secret|key|token|cred\w{0,9}|psk)(?:\.\w{1,6})?["']?(?:\s|$))`
const typed = String.raw`(?: -[neE]+)?(?: ["']%s(?:\\n)?["'])? (?:"([^"\n]+)|'([^'\n]+)|([^\s"'|;>]+))`

const piped: readonly Row[] = [
  ['echo printf yes', new RegExp(String.raw`\w+${typed}${told}`)],
  ['echo printf', new RegExp(String.raw`\w+${typed}${kept}`)],
  [
    'echo',
    new RegExp(
      String.raw`(?<=(?:PASSCOMMAND|PASSWORD_COMMAND|password-command|passcommand)[:= ]{1,2}["']?)echo ${value}`,
    ),
  ],
  ['echo', /(?<=<\()echo (?:-n )?["']?([^\s"')]{3,})["']?\)/],
  ['net', /net use \S{1,3} \\{2,4}\S+ ([^\s/]\S*)(?= \/)/i],
  ['openssl', /openssl passwd(?: -(?:salt|in) \S+| -\w+){0,4} ([^\s)'"-][^\s)'"]*)\)/],
  ['mkpasswd', /mkpasswd(?: -[mSRP] \S+| --?[\w-]+(?:=\S+)?){0,4} ([^\s-]\S*)/],
  ['htpasswd', /htpasswd -\w*n\w* \S+ ["']?([^\s"']+)/],
  ['defaultpassword', /DefaultPassword(?: \/t \w+)? \/d ["']?([^\s"']+)/i],
  ['convertto-securestring', /(?<=["']([^"'\n]{3,64})["'] ?\| ?)ConvertTo-SecureString/i],
  ['object', /object secret(?:,(?!data)\w+=[^,\s]+){0,4},data=([^,\s"']+)/],
  ['password_hash', /(?<=["']([^"'\n]{3,64})["'] ?\| ?)password_hash/],
  // Twice, as programs ask for it.
  [
    'echo',
    /echo (?:-\w )?["']?([^\s"';|]+)["']?(?=; ?echo [^\n;|]{3,80}\) ?\| ?(?:sudo )?(?:passwd|smbpasswd|chpasswd))/,
  ],
  ['send', /(?<=assword[^\n]{0,40}\n?[^\n]{0,20})send (?:-- )?"([^"\\\n]{3,})(?:\\+[rn])"/],
]

function named(expression: RegExp, kind: FindKind): Context {
  const [quick, exact] = ['y', 'dy'].map((flags) => new RegExp(expression.source, expression.flags + flags))
  return (text, start) => {
    if (!at(quick!, text, start)) return none
    const [, ...groups] = at(exact!, text, start)!.indices!
    return groups.flatMap((range) => (range ? secret(kind, text, ...range) : none))
  }
}

/** What stands in a secret's place, unless it is a word of ordinary texts or an option. */
export function secret(kind: FindKind, text: ByteString, start: number, end: number): readonly Placed[] {
  const one = lower(text.slice(start, end))
  return commonWords.has(one) ||
    technical.has(one) ||
    /^-|^\/\w+:/.test(one) ||
    /^[A-Z]+(?:_[A-Z]+)+$/.test(text.slice(start, end))
    ? none
    : placed(kind, text, {start, end, isQuoted: true})
}

/** A context of each row; words that stand for others are its own. */
export const rowsFrom = (rows: readonly Row[]): (readonly [string, Context])[] =>
  rows.map(([words, expression, kind = 'password']) => [words, named(expression, kind)] as const)

/** What a text between two marks tells a program: `chpasswd <<EOF`, `passwd ada <<EOF`. */
const here: Context = (text, start) => {
  const head = at(/[\w.-]+[^\n<]{0,200}<<-?\s?["']?(\w{1,32})["']?[^\n]*\n/y, text, start)
  if (!head) return none
  const from = start + head[0].length
  const body = text.slice(from, from + 2000)
  const end = body.search(new RegExp(String.raw`^\s*${head[1]!}\s*$`, 'm'))
  if (end < 0) return none
  return [...body.slice(0, end).matchAll(/(?<=^|\n)[ \t]*(?:[\w.-]+:)?(\S{3,})(?=[ \t]*(?:\r?\n|$))/dg)].flatMap(
    ({indices}) =>
      placed('password', text, {start: from + indices![1]![0], end: from + indices![1]![1], isQuoted: true}),
  )
}

/** Secrets that a cluster of containers is told: `--from-literal=admin=…`. */
const literals: Context = (text, start) => {
  const line = at(/kubectl(?:[^\n|;]|(?<=\\)\n){0,200}? create secret (?:[^\n|;]|(?<=\\)\n){0,1000}/y, text, start)
  return [
    ...(line?.[0].matchAll(
      /--from-literal[= ]["']?(?!(?:user(?:name)?|name|host|url|port|database|db|email)=)[\w.-]+=((?<=["'][\w.-]+=)[^"'\n]+|[^\s"']+)/dg,
    ) ?? []),
  ].flatMap(({indices}) => secret('password', text, start + indices![1]![0], start + indices![1]![1]))
}

/** All that programs are told on their command lines and in what follows those. */
export const byOptions: readonly (readonly [words: string, context: Context])[] = [
  ...byOption,
  ...rowsFrom(piped),
  ['chpasswd passwd smbpasswd kinit', here],
  ['kubectl', literals],
]
