/**
 * A text as it comes back from user.cfg: blanks at its ends are dropped, and what is blank or `0` is not there at all. Other white space is
 * written percent-encoded, and stays. Fact: pve-access-control, PVE/AccessControl.pm (write_user_config, parse_user_config).
 */
export function keptText(text: string | undefined): string | undefined {
  const kept = text?.replace(/^ +| +$/g, '')
  return kept === '' || kept === '0' ? undefined : kept
}

/** The same as the part of an object; `key` is not in it where nothing is kept. */
export function keptAs<K extends string>(key: K, text: string | undefined): {[name in K]?: string} {
  const kept = keptText(text)
  return kept === undefined ? {} : ({[key]: kept} as {[name in K]?: string})
}
