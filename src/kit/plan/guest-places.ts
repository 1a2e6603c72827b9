import type {Config, Value} from '../resources/index.js'
import {around as kindsAround, sharedStorageTypes, type GuestTravel} from '../resources/travels/index.js'
import type {Around} from './model.js'
import {slotsOf, volumeIn} from './volume-names.js'

/** All volumes of a guest, the unused ones among them. */
export function volumesOf(travel: GuestTravel, config: Config): Value[] {
  const unused = Object.keys(config).filter((key) => /^unused\d+$/.test(key))
  return [...slotsOf(travel, config), ...unused].map((key) => config[key]!)
}

/** Whether a volume is on its node alone, so that a guest takes it along. Of a storage that nobody knows nothing is said. */
export function isOnNodeAlone(around: Around, travel: GuestTravel, value: Value): boolean {
  const volume = volumeIn(travel, value)
  return volume?.is !== undefined && volume.is !== 'other' && isLocal(around, volume.storage)
}

/** Whether each node has a storage of that name for itself. */
export function isLocal(around: Around, name: string): boolean {
  const storage = around.object(kindsAround.storage, name)?.config
  return storage !== undefined && Number(storage.shared ?? 0) !== 1 && !sharedStorageTypes.has(String(storage.type))
}
