import {Flags} from 'pmpc/kit/cli'

/** Of both commands: how the state of now is taken. */
export const snapshotFlags = {
  recorded: Flags.boolean({summary: 'Ask no cluster: take what the last sync recorded.', exclusive: ['health']}),
  health: Flags.boolean({summary: 'With what pmpc health finds.'}),
}

interface Known {
  version: string
  plugins: ReadonlyMap<string, {name: string; version: string}>
}

/** The versions of pmpc, Node and pmpc's own plugins. */
export function versionsOf({version, plugins}: Known): Record<string, string> {
  const own = [...plugins.values()].filter(({name}) => name.startsWith('@pmpc/plugin-'))
  const names = own.map(({name, version: of}) => [`plugin ${name.replace('@pmpc/plugin-', '')}`, of])
  return {pmpc: version, node: process.version.slice(1), ...Object.fromEntries(names)}
}
