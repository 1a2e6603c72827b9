/** Variables of a process. */
type Env = Record<string, string | undefined>

/** A switch of OpenTelemetry's: `true` in any letters, and nothing else, turns it on (its specification, Configuration: Environment Variables). */
const isOn = (value: string | undefined): boolean => value?.trim().toLowerCase() === 'true'

/** What may be named by `OTEL_TRACES_EXPORTER` so that anything is sent: it is `otlp` unless given, and a list. */
function isChosen(value: string | undefined): boolean {
  const names = (value ?? '').split(',').map((name) => name.trim())
  return names.includes('otlp') || names.every((name) => name === '')
}

/** Whether the usual variables ask for runs to be told to a collector. Unset and empty are the same to them. */
export function isExported(env: Env): boolean {
  const isThere = Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT)
  return isThere && !isOn(env.OTEL_SDK_DISABLED) && isChosen(env.OTEL_TRACES_EXPORTER)
}

/** What is sent with each export, `name=value,name=value`, percent-encoded; those for traces win (OTLP Exporter, Specifying headers). */
export function exportHeaders(env: Env): Record<string, string> {
  const text = env.OTEL_EXPORTER_OTLP_TRACES_HEADERS || env.OTEL_EXPORTER_OTLP_HEADERS || ''
  const pairs = text.split(',').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=')
    const name = pair.slice(0, at).trim()
    return at > 0 && /^[\w!#$%&'*+.^`|~-]+$/.test(name)
      ? [[name.toLowerCase(), decoded(pair.slice(at + 1).trim())]]
      : []
  })
  return Object.fromEntries(pairs)
}

/** What is no percent-encoding stands for itself. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
