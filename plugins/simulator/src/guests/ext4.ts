import type {Holds} from '../state/model.js'

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

/** Groups that hold a copy of the superblock, but for the first: 1 and the powers of 3, 5 and 7. */
function copies(groups: number): number[] {
  const found = groups > 1 ? [1] : []
  for (const base of [3, 5, 7]) for (let group = base; group < groups; group *= base) found.push(group)
  return found.sort((a, b) => a - b)
}

/** File systems below this size have small blocks and four times as many inodes. */
const smallBelow = 512 * 1024 * 1024

/**
 * What an ext4 file system of a volume of so many bytes holds, as `df` and a running container tell it. One that grew has the journal,
 * the inodes of a group and the room for descriptors that it was made with.
 */
export function ext4Size(bytes: number, made = bytes): number {
  const [blocks, madeBlocks] = [Math.floor(bytes / block), Math.floor(made / block)]
  const [groups, madeGroups] = [Math.ceil(blocks / blocksPerGroup), Math.ceil(madeBlocks / blocksPerGroup)]
  const growable = Math.ceil(Math.min(madeBlocks * 1024, 2 ** 32) / blocksPerGroup / descriptorsPerBlock)
  const descriptors = Math.max(growable, Math.ceil(groups / descriptorsPerBlock))
  const inodesPerGroup = Math.ceil(made / bytesPerInode / madeGroups / 16) * 16
  const inodeTables = (groups * inodesPerGroup * inodeSize) / block
  const journal = journals.find(([below]) => madeBlocks < below)?.[1] ?? 262_144
  return (blocks - (1 + copies(groups).length) * (1 + descriptors) - groups * 2 - inodeTables - journal) * block
}

/** What mke2fs prints while it makes a file system of so many bytes, as far as PVE shows it. */
export function creationLines(bytes: number, uuid: string): string[] {
  const size = bytes < smallBelow ? 1024 : block
  const blocks = Math.floor(bytes / size)
  const perGroup = size * 8
  const backups = copies(Math.ceil(blocks / perGroup)).map((group) => group * perGroup + (size === 1024 ? 1 : 0))
  return [
    `Creating filesystem with ${blocks} ${size / 1024}k blocks and ${inodesOf(bytes)} inodes`,
    `Filesystem UUID: ${uuid}`,
    'Superblock backups stored on blocks: ',
    `\t${backups.join(', ')}`,
  ]
}

const inodesOf = (bytes: number): number => Math.floor(bytes / (bytes < smallBelow ? block : bytesPerInode))

/** Inodes that every file system keeps to itself. */
const reservedInodes = 11

/** What e2fsck and resize2fs print when the image of a stopped container grows. */
export function growthLines(path: string, before: number, after: number, holds: Holds, version: string): string[] {
  const blocks = Math.floor(before / block)
  const used = blocks - ext4Size(before) / block + Math.ceil(holds.bytes / block)
  const grown = Math.floor(after / block)
  return [
    `e2fsck ${version}`,
    'Pass 1: Checking inodes, blocks, and sizes',
    'Pass 2: Checking directory structure',
    'Pass 3: Checking directory connectivity',
    'Pass 4: Checking reference counts',
    'Pass 5: Checking group summary information',
    `${path}: ${holds.files + reservedInodes}/${inodesOf(before)} files (0.0% non-contiguous), ${used}/${blocks} blocks`,
    `resize2fs ${version}`,
    `Resizing the filesystem on ${path} to ${grown} (4k) blocks.`,
    `The filesystem on ${path} is now ${grown} (4k) blocks long.`,
    '',
  ]
}
