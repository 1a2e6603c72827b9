/** A word of each kind of secret, and what people write around it. */
const samples = {
  password: ['password: ', 'hunter2-planted-01'],
  passwd: ['passwd=', 'hunter2-planted-02'],
  passphrase: ['passphrase: ', 'hunter2-planted-03'],
  secret: ['client_secret=', 'hunter2-planted-04'],
  pw: ['root pw ', 'hunter2planted05'],
  kennwort: ['Kennwort: ', 'hunter2-planted-06'],
  apiKey: ['api_key: ', 'hunter2-planted-07'],
  token: ['token = ', 'hunter2-planted-08'],
  pve: ['root@pam!ci=', '12345678-1234-4321-8765-0123456789ab'],
  header: ['PVEAPIToken=root@pam!ci=', '22345678-1234-4321-8765-0123456789ab'],
  ticket: ['PVE:root@pam:65F00000::', 'plantedTicket09=='],
  cookie: ['PVEAuthCookie=', 'plantedCookie10'],
  csrf: ['CSRFPreventionToken: ', '65F00000:plantedCsrf11'],
  basic: ['Authorization: Basic ', 'cGxhbnRlZDpiYXNpYzEy'],
  bearer: ['Authorization: Bearer ', 'plantedBearer13abcdef'],
  aws: ['', 'AKIAIOSFODNN7EXAMPLE'],
  github: ['', 'ghp_0123456789abcdefghij0123456789abcdef'],
  githubPat: ['', 'github_pat_11ABCDEFG0abcdefghij_0123456789'],
  gitlab: ['', 'glpat-0123456789abcdefghij'],
  slack: ['', 'xoxb-1234567890-abcdef'],
  jwt: ['', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmN'],
  pem: ['-----BEGIN RSA PRIVATE KEY-----\n', 'MIIEpAIBAAKCAQEAplantedplanted14'],
  url: ['https://jo:', 'planted-url-15'],
  ftp: ['ftp://backup:', 'planted-ftp-16'],
  slackHook: ['https://hooks.slack.com/services/T0AB12CD3/B0AB12CD3/', 'a1b2c3d4e5f6a1b2c3d4e5f6'],
  discord: ['https://discord.com/api/webhooks/123456789012345678/', 'plantedDiscord17abcdefgh'],
  telegram: ['https://api.telegram.org/bot', '123456789:plantedTelegram18abcdefg'],
  teams: ['https://acme.webhook.office.com/webhookb2/', '0a1b2c3d-planted-teams-0a1b2c3d4e5f6071/x'],
  sig: ['https://prod.logic.azure.com/workflows/x?sig=', 'plantedSignature19abcdef'],
  pagerduty: ['https://events.pagerduty.com/integration/', '0123456789abcdef01230123456789ab'],
  zapier: ['https://hooks.zapier.com/hooks/catch/123456/', 'abc12planted20'],
  healthchecks: ['https://hc-ping.com/', '32345678-1234-4321-8765-0123456789ab'],
  homeAssistant: ['https://ha.example.org/api/webhook/', '0planted21abcdefghijklmnopqrs'],
  queryKey: ['https://ntfy.example.org/x?auth=', 'planted22abcdefghijk'],
  pin: ['PIN: ', '481516234'],
  login: ['login: root / ', 'planted-login-23'],
  table: ['| Password | ', 'planted-table-24'],
  german: ['das Passwort ist ', 'planted25geheim'],
  env: ['DB_PASSWORD=', 'planted-env-26'],
  json: ['{"password": "', 'planted-json-27'],
} as const satisfies Record<string, readonly [before: string, secret: string]>

const behind: Partial<Record<keyof typeof samples, string>> = {
  pem: '\n-----END RSA PRIVATE KEY-----',
  url: '@nas.example.org/x',
  ftp: '@nas.example.org/x',
  table: ' |\n',
  json: '"}',
}
/** Each of them as it stands in a text. */
export const secretTexts = Object.entries(samples).map(
  ([name, [before, secret]]) => before + secret + (behind[name as keyof typeof samples] ?? ''),
)
/** What must be nowhere. */
export const secretWords = Object.values(samples).map(([, secret]) => secret)
