const block = 4096
const blocksPerGroup = 32_768
const descriptorsPerBlock = 64
const inodeSize = 256
const bytesPerInode = 16_384

/** Blocks of the journal that mke2fs makes by the size of the file system. */
const journals: [blocks: number, journal: number][] = [
  [32_768, 1024],
  [262_144, 4096],
  [524_288, 8192],
  [4_194_304, 16_384],
  [8_388_608, 32_768],
  [16_777_216, 65_536],
  [33_554_432, 131_072],
]

/** Groups that hold a copy of the superblock: 0, 1 and the powers of 3, 5 and 7. */
function copies(groups: number): number {
  let count = Math.min(groups, 2)
  for (const base of [3, 5, 7]) for (let group = base; group < groups; group *= base) count++
  return count
}

/** What an ext4 file system of a volume of so many bytes holds, as `df` and a running container tell it. */
export function ext4Size(bytes: number): number {
  const blocks = Math.floor(bytes / block)
  const groups = Math.ceil(blocks / blocksPerGroup)
  const growable = Math.ceil(Math.min(blocks * 1024, 2 ** 32) / blocksPerGroup / descriptorsPerBlock)
  const descriptors = Math.max(growable, Math.ceil(groups / descriptorsPerBlock))
  const inodesPerGroup = Math.ceil(bytes / bytesPerInode / groups / 16) * 16
  const inodeTables = (groups * inodesPerGroup * inodeSize) / block
  const journal = journals.find(([below]) => blocks < below)?.[1] ?? 262_144
  return (blocks - copies(groups) * (1 + descriptors) - groups * 2 - inodeTables - journal) * block
}
