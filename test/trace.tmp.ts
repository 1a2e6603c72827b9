import {World} from './unit/reconcile/clones/world.js'
import {valueOf} from './unit/reconcile/clones/oracle.js'
const seed = Number(process.argv[2]),
  obj = process.argv[3]!,
  atom = process.argv[4] ?? ''
let last = ''
const w = new World({
  seed,
  steps: Number(process.env.STEPS ?? 60),
  ordinary: process.env.ORDINARY !== undefined,
  noDrivers: process.env.NODRIVERS !== undefined,
  depth: process.env.DEPTH ? Number(process.env.DEPTH) : undefined,
  onStep(what, world) {
    const v = (c: any) => JSON.stringify(valueOf(c?.config, atom))
    const line =
      `T ${v(world.cluster.get(obj))}(${(world.cluster.get(obj)?.config.meta as any)?.ctime}) origin#${world.origin.id} ${v(world.origin.tree.infra[obj])}` +
      world.clones
        .map(
          (c) =>
            `\n   ${c.name}#${c.head.id}(${c.head.kind}<${c.head.parents.map((p) => p.id)}) H ${v(c.head.tree.infra[obj])} S ${v(c.head.tree.state?.[obj])}(${(c.head.tree.state?.[obj]?.config.meta as any)?.ctime}) W ${v(c.work[obj])} note ${JSON.stringify(c.noted.get(obj))?.slice(0, 150)} ${(
              c.head.tree.agreed ?? []
            )
              .filter((l) => l.includes(obj))
              .filter((l) => {
                const f = /"field": "([^"]*)"/.exec(l)?.[1]
                return f === undefined || f === atom || atom.startsWith(f + '.') || atom.startsWith(f + '[')
              })
              .map((l) => l.replace(/"object": "[^"]*", /, '').replace(/2026-|:\d\d\.\d\d\dZ/g, ''))
              .join('\n        ')}`,
        )
        .join('')
    if (line !== last || what.includes(obj)) console.log(what, '\n   ', line)
    last = line
  },
})
await w.run()
console.log(w.findings)
