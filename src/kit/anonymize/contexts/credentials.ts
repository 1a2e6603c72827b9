import type {FindKind} from '../model.js'
import {rowsFrom} from './options.js'
import type {Context} from './values.js'

const value = String.raw`(?:"((?:[^"\\\n]|\\.)+)"|'((?:[^'\\\n]|\\.|'')+)'|([^\s"';,]+))`
const row = (words: string, expression: string, flags = ''): readonly [string, RegExp] => [
  words,
  new RegExp(expression, flags),
]

/** Switches, routers, firewalls and what asks them: how each of them spells that a secret follows. */
const devices = [
  row(
    'radius-server tacacs-server radius tacacs tacacs+',
    String.raw`[\w+-]+(?: [^\s"']+){0,12}? (?:key|secret|shared-secret) (?:[0-9] )?${value}`,
  ),
  row('key', String.raw`(?<=(?:^|\n)[ \t]+)key (?:[05-9] )?${value}(?=[ \t]*$)`, 'm'),
  row('key', String.raw`(?<=\]\s{1,9})key ?= ?${value}`),
  row('key-string', String.raw`key-string (?:[07] )?${value}`),
  row(
    'authentication-key',
    String.raw`authentication-key (?:\d{1,5} )?(?:(?:md5|sha\d*|cipher|simple|type \w+ value|value) )?(?:[07] )?${value}`,
  ),
  row('message-digest-key', String.raw`message-digest-key \d{1,3} (?:md5|sha\d*) (?:\d )?${value}`),
  row('neighbor peer', String.raw`\w+ \S+ password (?:(?:cipher|simple|encrypted|\d) )?${value}`),
  row(
    'standby vrrp glbp',
    String.raw`\w+(?: \d{1,3})? authentication (?:(?:text|md5 key-string|plain-text|simple|cipher) )?(?:\d )?(?!text |md5 |mode )${value}`,
  ),
  row('isakmp ikev1 ikev2', String.raw`\w+ key (?:\d )?${value}(?= (?:address|hostname|ipv6))`),
  row('ascii-text', String.raw`(?<=pre-shared-key |authentication-key |key |secret )ascii-text ${value}`),
  row(
    'pre-shared-key',
    String.raw`pre-shared-key (?:(?:local|remote|ascii|address \S+ key|cipher|hex) )*(?:[0-8] )?(?!local |remote |ascii|address|hexadecimal)${value}`,
  ),
  row(
    'enable super',
    String.raw`(?<=^|\n|[#>] ?|[ \t])\w+ (?:password|secret)(?: level \d{1,2})?(?: (?:\d{1,2}|sha512|sha256|cipher|simple|encrypted|plaintext))? ${value}`,
  ),
  row(
    'password',
    String.raw`(?<=(?:^|\n)[ \t]*(?:set |local-user \S+ |username \S+ |user \S+ |login )?)password (?:\d{1,2}|cipher|irreversible-cipher|simple|hash|plaintext|clear|encrypted|sha512|sha256) ${value}(?=[ \t]*$|[ \t]+(?:role|privilege|group|level|encrypted)\b)`,
    'm',
  ),
  row(
    'username local-user user',
    String.raw`\S+ [\w.@-]+(?: (?:privilege|role|group|level|class) \S+){0,3} (?:password|secret)(?: (?:\d{1,2}|cipher|irreversible-cipher|simple|hash|plaintext|clear|encrypted|sha512|sha256))? ${value}`,
  ),
  row(
    'set',
    String.raw`set (?:[\w.-]*(?:passw(?:or)?d|passphrase|psksecret|secret|-pwd|-psk|-key|community-name|ppk)\d?)(?: (?:ENC|plaintext|encrypted))? ${value}(?=[ \t]*$)`,
    'm',
  ),
  row('plaintext-password pre-shared-secret', String.raw`[\w-]+ ${value}`),
  row(
    'set',
    String.raw`(?<=(?:^|\n|[#>$] ?))set [^\n"']{1,200}? (?:password|secret|passphrase|psk|community) ${value}(?=[ \t]*$)`,
    'm',
  ),
  row('isis', String.raw`isis password (?:(?:clear|md5) )?${value}`),
  row('area-password domain-password', String.raw`[\w-]+ (?:(?:clear|md5) )?${value}(?=[ \t]*$)`, 'm'),
  row('ppp', String.raw`ppp (?:chap|pap sent-username \S+) password (?:\d )?${value}`),
  row('ntp', String.raw`ntp authentication-key \d{1,5} \w+ (?:\d )?${value}`),
  // The management of networks.
  row('rocommunity rwcommunity rocommunity6 rwcommunity6 trapcommunity authcommunity', String.raw`\w+ ${value}`),
  row(
    'community',
    String.raw`(?<=snmp[^\n]{0,80})community (?:(?:read|write|ro|rw|add|set|cipher|simple|ls|create|default) ){0,2}(?!(?:set|add|public|private|read|write|ro|rw|name|string)\b)${value}`,
  ),
  row('community', String.raw`community (?:set|add)(?: \[[^\]\n]{0,80}\])?(?: [\w-]+=\S+){0,6}? name=${value}`),
  row('com2sec com2sec6', String.raw`com2sec6?(?: -Cn \S+)? \S+ \S+ ${value}`),
  row('trapsink trap2sink informsink', String.raw`\w+ \S+ ${value}`),
  row('snmp-server', String.raw`snmp-server user \S+ \S+ v3(?: encrypted)? auth \w+ ${value}`),
  row('snmp-server', String.raw`snmp-server user [^\n]{1,120} priv (?:aes|des|3des)(?: ?\d{3})? ${value}`),
  row('snmp-server', String.raw`snmp-server host \S+ (?:(?:traps|informs) )?(?:version )?(?:1|2c|v1|v2c) ${value}`),
  row('createuser', String.raw`createuser (?:-e \S+ )?\S+ (?:MD5|SHA[\d-]*) ${value}`, 'i'),
  row('createuser', String.raw`createuser (?:-e \S+ )?\S+ \S+ \S+ (?:AES\d*|DES) ${value}`, 'i'),
  // Networks without wires.
  row('wifi', String.raw`WIFI:(?:[A-Z]:[^;\n]{0,64};){0,4}(?<=;|:)P:((?:\\.|[^;\\\n])+)`),
  row(
    'option',
    String.raw`option (?:key\d?|password|sae_password|private_key|preshared_key|auth_secret|acct_secret|psk|passphrase|username_password|pincode) ${value}`,
  ),
  row('wireless', String.raw`wireless \S+ key ${value}`),
]

/** Databases and directories. */
const databases = [
  row('identified', String.raw`identified (?:with \S+ )?by (?:password )?(?=["'])${value}`, 'i'),
  row('password old_password encrypt crypt', String.raw`\w+\( ?["'\x60]([^"'\x60\n]{3,})["'\x60]`),
  row('password', String.raw`password ?= ?N'([^'\n]+)`, 'i'),
  row('password pwd', String.raw`\w+ ?= ?(?![\\/~])([^;"'\n]{3,64})(?=;[A-Za-z ]{2,30}=)`),
  row('password', String.raw`(?<=[A-Za-z][\w-]*\/[\w-]+[ \t]+)password[ \t]+${value}`),
  row(
    'reg_sz reg_expand_sz',
    String.raw`(?<=(?:password|passwd|pwd|secret)\w{0,12}\s{1,20})REG_(?:EXPAND_)?SZ\s{1,20}${value}`,
    'i',
  ),
  row(
    'password',
    String.raw`PASSWORD (?:elastic|kibana\w*|logstash_system|beats_system|apm_system|remote_monitoring_user) = ${value}`,
  ),
  row('password', String.raw`password for '[^'\n]{1,200}': ${value}`, 'i'),
  row(
    'password',
    String.raw`password (?:is|was|has been|wurde) (?:generated|set|created|assigned|reset)(?: for \S+)?: ${value}`,
    'i',
  ),
  row(
    'password passwort pw',
    String.raw`(?<=(?:user|benutzer|login|account)\w* \S{1,40}, ?)\w+ ${value}(?=[ \t.,;)]|$)`,
    'im',
  ),
  row('pass password', String.raw`(?<=user(?:name)?[:/])pass(?:word)? ?[=:] ?[\w.@-]{1,40}[:/]${value}`, 'i'),
  row('user setuser', String.raw`(?:user|SETUSER) \S+ (?:\S+ ){0,6}?>(\S{3,})`, 'i'),
  row('incominguser outgoinguser', String.raw`\w+ \S+ ${value}`),
  row('monitor', String.raw`MONITOR \S+@\S+ \d{1,2} \S+ ${value} (?:primary|secondary|master|slave)`),
  row('define', String.raw`define \w{0,40}(?:PASS|PSK|PWD|SECRET|TOKEN|KEY|password)\w{0,20} ${value}`),
  row('network_key', String.raw`network_key["']?: ?\[([\d, ]{20,})\]`),
  row(
    'ssid wlan wifi',
    String.raw`\w+[:= ]{1,3}["']?[^,;\n"']{2,32}?["']?[,;/| ]{1,3}(?:key|psk|pw|pass\w{0,6}|schl\u00c3\u00bcssel|kennwort)[:= ]{1,3}["']?([^\s"']{5,})`,
    'i',
  ),
  row('wlan wifi wi-fi', String.raw`\S+: ["']?[\w-]{2,32}["']? / ["']?([^\s"']{8,63})`, 'i'),
  row('key secret seed', String.raw`(?<=(?:2fa|t?otp|mfa) )\w+: ?((?:[a-z2-7]{4} ){3,15}[a-z2-7]{4})`, 'i'),
  row('codes', String.raw`codes?: ?([0-9a-z]{4,6}(?:-[0-9a-z]{4,6}){1,3}(?:,? [0-9a-z]{4,6}(?:-[0-9a-z]{4,6}){1,3})+)`),
  row(
    'code kode',
    String.raw`(?<=(?:safe|door|alarm|gate|2fa|mfa|t\u00c3\u00bcr|tor|unlock|access|zugangs|zutritts|entry|tresor|verification|otp|totp|sms|auth)[- ]?)(?:code|kode)(?: is| ist| lautet)?[ :=]{1,3}(\d{4,8})(?!\w)`,
    'i',
  ),
  row(
    'alarm-code t\u00c3\u00bcrcode zugangscode zutrittscode t\u00c3\u00bcr-code safe-code tresorcode puk puk1 puk2 pin2 sim-pin',
    String.raw`[\w\u0080-\u00ff-]+(?: is| ist| lautet)?[ :=]{1,3}(\d{4,8})(?!\w)`,
  ),
  row('rootpw', String.raw`rootpw (?:--(?:plaintext|iscrypted|lock) ){0,2}(?!--)${value}`),
  row('static', String.raw`static:[\w.@-]+:${value}`),
  row('login', String.raw`(?<=(?:^|\n|[\s:])[A-Za-z]{1,4}\d{1,6} )LOGIN "?[\w.@-]+"? ${value}`),
  row(
    'auth',
    String.raw`(?<=(?:^|\n|> ?|send )"?'?)AUTH(?: default)?(?:\\? )(?!LOGIN|PLAIN|CRAM|XOAUTH|TLS|SSL|NTLM|required)((?=[^\s\\"']*[a-z0-9])[^\s\\"']{4,})(?=["']?\s*$|\\|["'])`,
    'm',
  ),
  row('plain', String.raw`(?<=AUTH )PLAIN ([A-Za-z0-9+/=]{8,})`),
  row('pass', String.raw`(?<=(?:^|\n|> ?|C: ?))PASS ${value}(?=[ \t]*$)`, 'm'),
  row('setx env arg', String.raw`\w+ \w*(?:PASS|PASSWD|PASSWORD|PWD|SECRET|TOKEN|APIKEY|API_KEY|KEY)\w* ${value}`, 'i'),
  row(
    'set',
    String.raw`(?<=(?:^|\n|[;&$#] ?))set (?:-\w+ )+\w*(?:PASS|PASSWD|PASSWORD|PWD|SECRET|TOKEN|APIKEY|API_KEY)\w* ${value}`,
    'i',
  ),
  row(
    'convertto-securestring',
    String.raw`ConvertTo-SecureString (?:-(?:AsPlainText|Force|String) ){0,3}(?![-$(])${value}`,
    'i',
  ),
  row('check', String.raw`check(?: [\w-]+){0,6}? password ${value}`),
  row('password', String.raw`(?<=user\w*, ?\$?)password\)? ?= ?\(?["'][^"'\n]*["'], ?["']([^"'\n]+)`, 'i'),
  row('password', String.raw`(?<="([^"\n]{3,60})"[ \t]*(?:#|\/\/|--)[ \t]*)password\b`),
  row('auth-user-pass', String.raw`auth-user-pass>\s{0,4}\S+\n(\S+)\n`),
]

/** What services of the web call their secrets, where no word for one stands. */
const services: readonly (readonly [string, RegExp, FindKind])[] = [
  [
    'authorization proxy-authorization x-authorization',
    /[\w-]+["']?[ \t]{0,9}[:=][ \t]{0,9}["']?(?:(?:Bearer|Token|Basic|ApiKey|Api-Key|Key|Negotiate|NTLM|GenieKey|SSWS|OAuth|Splunk|MediaBrowser) +)?(?!(?:PVE|PBS|PMG)APIToken|Digest|AWS4|Basic|Bearer)([^\s"',;]{8,})/i,
    'token',
  ],
  ['response nonce cnonce', /\w+="([^"\n]{8,})"/, 'token'],
  [
    'teamviewer teamviewer-id anydesk anydesk-id rustdesk',
    /[\w-]+(?: id)?[:= ]{1,3}(\d(?: ?\d){8,9})(?! ?\d)/i,
    'serial',
  ],
  ['zoom.us', /zoom\.us\/[jsw]\/(\d{9,11})/, 'serial'],
  [
    'iccid imsi imei imei1 imei2 meid eid',
    /\w+(?: ?(?:no|nr|number)\.?)?["']?[:= ]{1,3}["']?(\d{14,20})(?!\d)/i,
    'serial',
  ],
  [
    'anschlusskennung zugangsnummer mitbenutzernummer zugangskennung rufnummer kundennummer kundennr kunden-nr vertragsnummer auftragsnummer',
    /[\w-]+\.?[:= ]{1,3}(\d{6,14})(?!\d)/,
    'serial',
  ],
  ['tlspskidentity', /TLSPSKIdentity=(\S{3,})/, 'token'],
  ['signature', /Signature=([0-9a-f]{32,})/, 'token'],
  ['credential', /Credential=([^\s,]{16,})/, 'token'],
  ['auth', /(?<=[?&])auth=([\w%-]{6,})/, 'token'],
  ['auth', /auth["']?\s{0,9}[:=]\s{0,9}[[(]\s{0,9}["'][^"'\n]*["'],\s{0,9}["']([^"'\n]{3,})["']/, 'password'],
  ['auth', /auth["']?\s{0,9}[:=]\s{0,9}["'][\w.@-]+:([^"'\n]{3,})["']/, 'password'],
  ['hooks', /(?<=:\/\/[\w.:-]{1,80}\/)hooks\/([a-z0-9]{20,32})(?![\w/])/, 'token'],
  ['arn', /arn:aws[\w-]{0,12}:[\w-]*:[\w-]*:(\d{12})/, 'serial'],
  [
    'account accountid account_id account-id owner-id ownerid userid',
    /[\w-]+["']?(?: id)?[ :=]{1,3}["']?(\d{12})(?!\d)/i,
    'serial',
  ],
  ['chat_id chatid', /chat_?id["']?\s{0,9}[:=]\s{0,9}["']?-?(\d{6,})/i, 'serial'],
  ['chat', /chat["']?: ?\{ ?["']?id["']?: ?-?(\d{6,})/, 'serial'],
  ['join leave', /(?<=zerotier-cli )\w+ ([0-9a-z]{10,16})/, 'token'],
  ['info', /(?<=200 )info ([0-9a-f]{10})(?= )/, 'serial'],
  ['listnetworks listpeers peers', /(?<=200 )\w+ ([0-9a-f]{10,16})(?= )/, 'serial'],
  [
    'fingerprint thumbprint',
    /\w+(?: is)?["']?\s{0,9}[:=]?\s{0,9}["']?((?:[0-9A-F]{4} {1,2}){9}[0-9A-F]{4}|[0-9A-Fa-f]{32,64})(?![0-9A-Za-z])/i,
    'key',
  ],
]

/** Numbers that are one of a kind, and addresses as numbers. */
const numbers: readonly (readonly [string, RegExp, FindKind])[] = [
  [
    'subnet network net prefix range lan vlan netz',
    /\w+["']?[ :=]{1,3}["']?(10\.\d{1,3}\.\d{1,3})(?!\w|\.\d|-)/i,
    'ipv4',
  ],
  [
    'subnet network net prefix range lan vlan netz',
    /\w+["']?[ :=]{1,3}["']?(\d{1,3}\.\d{1,3}(?:\.\d{1,3})?)(?=\/(?:8|1[0-9]|2[0-4])(?!\d))/i,
    'ipv4',
  ],
  [
    'saddr daddr inet_aton inet_ntoa ip2long long2ip',
    /\w+["']?[ :=(]{1,3}["']?(0x[0-9a-fA-F]{8}|[0-9A-F]{8}|\d{8,10})(?![\w.])/,
    'serial',
  ],
  [
    'ip ipv4',
    /ip(?:v4)?[ _](?:as[ _]|in[ _])?(?:int(?:eger)?|decimal|hex|long|number)\W{1,4}(0x[0-9a-f]{8}|\d{8,10})(?![\w.])/i,
    'serial',
  ],
  ['addr', /addr(?:ess)?[ :=]{1,2}(0x0a[0-9a-f]{6}|0xc0a8[0-9a-f]{4}|0xac1[0-9a-f]{5})(?!\w)/i, 'serial'],
  ['gw gateway nexthop', /\w+[ :=]{1,2}(0x[0-9a-fA-F]{8}|[0-9A-F]{8})(?!\w)/, 'serial'],
  ['http https', /https?:\/\/(0x[0-9a-f]{8}|\d{8,10})(?=[/:\s]|$)/i, 'serial'],
  ['mac hwaddr address', /\w+(?: address)?[ :=]{1,3}((?:[0-9a-f]{2} ){5}[0-9a-f]{2})(?= *(?:[^\w ]|$))/im, 'serial'],
  ['machine boot', /(?:machine|boot)(?:[ -]?id)?["']?\s{0,3}[:=]?\s{1,3}([0-9a-f]{32})(?!\w)/i, 'uuid'],
  ['machine-id', /machine-id["']?\s{0,3}[:=]?\s{1,3}([0-9a-f]{32})(?!\w)/i, 'uuid'],
  ['journal entries efi loader', /\w+\/([0-9a-f]{32})(?=[/-])/i, 'uuid'],
  [
    'guid port_guid node_guid sys_image_guid pool_guid vdev_guid',
    /\w+["']?[\s:=]{1,12}(0x[0-9a-f]{16}|[0-9a-f]{16}|\d{15,20})(?!\w)/i,
    'serial',
  ],
  [
    'ieee ieee_address ieeeaddr ieeeaddress zigbee zigbee2mqtt eui64',
    /\w+["']?[ :=/]{1,3}["']?((?:0x)?[0-9a-f]{16})(?!\w)/i,
    'serial',
  ],
  ['id', /(?<=(?:^|\n)[ \t]+)id: (\d{15,20})(?=\s|$)/, 'uuid'],
  ['partuuid ptuuid', /\w+["']?[=:] ?["']?([0-9a-f]{8})(?=-\d\d|["'\s]|$)/i, 'serial'],
  ['identifier', /identifier: (0x[0-9a-f]{8})(?!\w)/i, 'serial'],
  ['servicetag svctag service_tag', /\w+[ :=]{1,3}["']?([A-Z0-9]{5,10})(?!\w)/, 'serial'],
  ['express', /express ?service ?code\W{1,4}([\d-]{9,14})/i, 'serial'],
  ['seriennr serie s\u00c3\u00a9rie serial-no', /[\w\u0080-\u00ff-]+\.? ?:? (?=\S*\d)([A-Z0-9][\w-]{4,})/i, 'serial'],
  [
    'system-serial-number chassis-serial-number baseboard-serial-number system-uuid',
    /[\w-]+(?:\s{0,3}[:=]\s{0,3}|\s{1,3})(?=\S*\d)([A-Z0-9][\w-]{4,})/,
    'serial',
  ],
  [
    'inventarnummer inventarnr inventar-nr inventory inventaire inventario asset anlagennummer ger\u00c3\u00a4tenummer asset-nr',
    /[\w\u0080-\u00ff-]+(?: (?:no|nr|number|tag|id|num|n\u00c2\u00b0)\.?)?[:# ]{1,3}(?=[A-Z0-9-]*\d)([A-Z0-9][A-Z0-9-]{3,})(?!\w)/i,
    'serial',
  ],
  ['voltag barcode volume volser tape', /\w+[ :=]{1,3}([A-Z0-9]{6,10}L[1-9M])(?!\w)/, 'serial'],
  [
    'thinkpad thinkcentre elitebook probook elitedesk prodesk proliant poweredge latitude optiplex precision synergy macbook',
    /\w+(?: [\w.+-]{1,12}){0,3}?,? \(?(?=[A-Z]*\d)(?=(?:\d*[A-Z]){2})([A-Z0-9]{8,12})(?=[\s,;.)]|$)/,
    'serial',
  ],
  ['board', /board ID:? ([A-Z0-9]{8,})/i, 'serial'],
  ['partial', /Partial Product Key: ([A-Z0-9]{5})(?!\w)/i, 'serial'],
]

/** Rows of credentials, by the word that tells them. */
export const credentials: readonly (readonly [words: string, context: Context])[] = [
  ...rowsFrom(devices),
  ...rowsFrom(databases),
  ...rowsFrom(services),
  ...rowsFrom(numbers),
]
