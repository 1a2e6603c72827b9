/** How one sort of secret looks. */
export interface SecretForm {
  /** What to call it, without quoting it. */
  what: string
  /** Wherever it stands in a text; the first group, where there is one, is no secret and stays. */
  pattern?: RegExp
  /** In the place of `pattern`, for what is blotted out of logs and messages: there one word too many does no harm. */
  redact?: readonly RegExp[]
  /** In the place of `redact`, for what people are told: pmpc's own words (`no secret: standard input was empty`) must not fit. */
  told?: readonly RegExp[]
  /** In the place of `pattern`, for what is asked about before it is committed: ordinary text must not fit. */
  suspect?: RegExp
}

/**
 * The one table of secrets by their form: for logs and messages, and for what is about to be committed. `redactText` looks at a text only where it holds
 * `=`, `:`, `-----` or a word of 15 characters: a form that can do without all of these has to be named there.
 */
export const secretForms: readonly SecretForm[] = [
  {
    what: 'a private key',
    redact: [/-----BEGIN (?:[A-Z0-9 ]*PRIVATE KEY)-----[^]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g],
    suspect: /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  },
  {what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g},
  {what: 'a GitHub token', pattern: /\bgh[pousr]_[A-Za-z0-9]{30,}\b|\bgithub_pat_\w{20,}/g},
  {what: 'a GitLab token', pattern: /\bglpat-[\w-]{20,}/g},
  {what: 'a Slack token', pattern: /\bxox[abprs]-[\w-]{10,}/g},
  {what: 'a JSON Web Token', pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{5,}/g},
  {
    what: 'a Proxmox VE API token',
    redact: [
      // PVEAPIToken=user@realm!name=secret, also as the realms of PBS and PMG spell it
      /((?:PVE|PBS|PMG)APIToken[=:\s]\s*[^\s!=:;,"']+![^\s=:;,"']+[=:])[^\s"',;]+/gi,
      // a bare token: user@realm!name=uuid
      /([\w.+-]+@[\w.-]+![\w.-]+[=:])[0-9a-f]{8}-[0-9a-f-]{20,}/gi,
    ],
    suspect: /PVEAPIToken=\S+|\b[\w.-]+@\w+![\w.-]+=[0-9a-f-]{36}\b/i,
  },
  {
    what: 'a ticket or a header of a session',
    redact: [
      // PVE:user@realm:HEX::signature, PVEVNC:…, and the cookie that carries one
      /\b((?:PVE|PBS|PMG)(?:VNC|TFA|Mail)?:[^\s:"';]*:)[^\s"',;]+/g,
      /((?:PVE|PBS|PMG)AuthCookie=)[^\s;"']+/gi,
      /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:(?:basic|bearer)\s+)?)(?!(?:PVE|PBS|PMG)APIToken)[^\s"',;]+/gi,
      /\b((?:set-)?cookie["']?\s*[:=]\s*["']?)[^\r\n"']+/gi,
      /\b(CSRFPreventionToken["']?\s*[:=]\s*["']?)[^\s"',;]+/gi,
    ],
  },
  {
    what: 'a password in a URL',
    redact: [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:)[^\s/@"']+(?=@)/gi],
    suspect: /\b\w+:\/\/[^\s/:@]+:[^\s/@]+@/,
  },
  {
    what: 'a password',
    // in a query, a command line or a message
    redact: [/\b((?:[\w-]*(?:password|passwd|passphrase|secret)|ticket)["']?\s*[:=]\s*["']?)[^\s"'&,;}]+/gi],
    told: [/\b((?:[\w-]*(?:password|passwd|passphrase|secret)|ticket)["']?[:=]["']?)[^\s"'&,;}]+/gi],
    suspect:
      /(?:^|[^a-z])(?:pass(?:wor[dt]|wd|phrase)?|pwd?|secret|token|api[_-]?key|kennwort|credentials?)["']?\s*[:=]\s*["']?(?![*x•]{3,}|<|\$|see\b|none\b|n\/a\b)\S{4,}/i,
  },
]

/** Names of keys whose values are secrets whatever they look like: PVE's own (`cipassword`, `ticket`), headers, and what people call theirs. */
export const secretName =
  /pass(word|wd|phrase)?$|^(ci)?password|secret|^(value|token)$|tokensecret|api.?token|ticket|csrf|authorization|cookie|credential|private.?key|^key$|^tls.?key|otp$/i

/** Flags of programs whose value is a secret. */
export const secretFlag = /^--?[\w-]*(?:password|secret)$/i
