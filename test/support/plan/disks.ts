// What is on the disks of a simulated cluster: each has a mark, which goes along wherever its volume is moved.
import type {Volume} from '../../../plugins/simulator/src/state/model.js'
import type {Simulation} from '../../../plugins/simulator/src/simulation.js'
import {isMap, type Observed} from '../../../src/kit/resources/index.js'

/** What no volume has that nobody has marked. */
const least = 1_000_000_000

const isDisk = ({content, volid}: Volume): boolean => /^(?:images|rootdir)$/.test(content) && !/-cloudinit/.test(volid)

const markOf = ({holds}: Volume): number | undefined => (holds && holds.files >= least ? holds.files : undefined)

/** Writes something of its own on each disk that has nothing of the kind. */
export function markDisks({state}: Simulation): void {
  const disks = Object.values(state.volumes).filter(isDisk)
  let last = Math.max(least, ...disks.map((volume) => markOf(volume) ?? 0))
  for (const volume of disks)
    if (markOf(volume) === undefined) volume.holds = {archive: 0, bytes: 0, ...volume.holds, files: ++last}
}

/** Sizes of a guest's disks in bytes, by their marks. */
export function disksOf({state}: Simulation, vmid: number | string): Map<number, number> {
  const mine = Object.values(state.volumes).filter((volume) => isDisk(volume) && volume.vmid === Number(vmid))
  return new Map(mine.flatMap((volume) => (markOf(volume) === undefined ? [] : [[markOf(volume)!, volume.size]])))
}

/** The marks of the disks that stand in the slots of a guest. */
export function marksIn({state}: Simulation, {config}: Observed): Map<string, number> {
  const all = Object.values(state.volumes).filter(isDisk)
  return new Map(
    Object.entries(config).flatMap(([key, value]): [string, number][] => {
      if (!isMap(value) || /^unused/.test(key)) return []
      const volume = all.find(({volid}) => volid === (value.file ?? value.volume))
      const mark = volume && markOf(volume)
      return mark === undefined ? [] : [[key, mark]]
    }),
  )
}
