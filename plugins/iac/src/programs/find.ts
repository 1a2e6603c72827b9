export {programOn} from 'pmpc/kit/files'

/** Variables that a program of somebody else's gets; no secret of pmpc's is among them. */
const passed =
  /^(?:PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|SSL_CERT_FILE|SSL_CERT_DIR|[A-Za-z]+_PROXY|[a-z]+_proxy|TF_CLI_CONFIG_FILE|TF_PLUGIN_CACHE_DIR|NO_COLOR)$/

/** The environment of such a program, with what is added. */
export function environmentFor(
  env: Readonly<Record<string, string | undefined>>,
  added: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => passed.test(entry[0]) && entry[1] !== undefined,
  )
  return {...Object.fromEntries(kept), ...added}
}
