/** Parts of a path that name one of many things, by what stands before them. */
const named: readonly {before: RegExp; name: string}[] = [
  {before: /^nodes$/, name: '{node}'},
  {before: /^(?:qemu|lxc)$/, name: '{vmid}'},
  {before: /^tasks$/, name: '{upid}'},
  {before: /^(?:storage|pools|users|groups|roles|domains|acl|token|snapshot|replication|backup)$/, name: '{id}'},
]

/** A path of the API without what names one of many things, so that paths of a sort are equal: `/nodes/{node}/qemu/{vmid}/config`. */
export function shapeOf(path: string): string {
  const parts = path.split('/')
  return parts
    .map((part, at) => {
      const before = parts[at - 1] ?? ''
      const rule = part === '' ? undefined : named.find((one) => one.before.test(before))
      if (rule) return rule.name
      return /^\d+$/.test(part) || part.includes(':') ? '{id}' : part
    })
    .join('/')
}
