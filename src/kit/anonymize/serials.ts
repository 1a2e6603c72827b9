import {lower} from './bytes.js'
import type {Form} from './forms.js'
import {isPublic} from './names.js'
import {topLevel} from './words.js'

const [sure, likely] = ['sure', 'likely'] as const

/** How those begin or end that `target` looks at: cheaper than each by itself. */
const targets = /^(?:[56]-|wwn-|[A-Z]+_|t10|[in]qn|ata|scsi|nvme|usb|virtio|ide|mmc|eui|naa)|[0-9a-fA-F]{14}$/

/** Targets of iSCSI (RFC 3721) and names of ports and disks that makers gave. */
export function target(word: string, at: number, found: Form[]): boolean {
  if (!targets.test(word)) return false
  const iqn = /^([in]qn\.\d{4}-\d{2}\.)([A-Za-z0-9.-]+)(?::(.*))?$/.exec(word)
  if (iqn) {
    let start = at + iqn[1]!.length
    const owner = lower(iqn[2]!.split('.').reverse().join('.'))
    for (const label of iqn[2]!.split('.')) {
      if (!topLevel.has(label) && !isPublic(owner))
        found.push({kind: 'domain', start, end: start + label.length, confidence: sure, isName: true})
      start += label.length + 1
    }
    const name = iqn[3] && start + (/^(?:\d{1,2}|uuid):(?=.)/.exec(iqn[3])?.[0].length ?? 0)
    if (name && iqn[3] !== 'uuid') found.push({kind: 'iqn', start: name, end: at + word.length, confidence: sure})
    return true
  }
  const world =
    /^(?:[\d.]+\.)?(?:(?:scsi|wwn|dm-uuid-mpath|naa|eui|nvme-eui|lu|t10)[-_.:])?((?:0x|3)?[5-6][0-9a-fA-F]{15}|(?:0x|3)?6[0-9a-fA-F]{28,32}|(?:0x)?(?:1000|2[0-9a-f]00)00[0-9a-fA-F]{10})(?:-part\d+)?$/.exec(
      word,
    )
  const eui =
    /^(?:nvme-)?(?:eui|uuid)\.([0-9a-fA-F]{16,32})(?:-part\d+)?$/.exec(word) ?? /^naa\.([0-9a-fA-F]{16,32})$/.exec(word)
  const digits =
    eui?.[1] ?? (world && (/[a-f]/i.test(world[1]!.slice(2)) || /[-_.:]|0x/.test(word)) ? world[1] : undefined)
  if (digits !== undefined) {
    const start = at + word.lastIndexOf(digits)
    found.push({kind: 'serial', start, end: start + digits.length, confidence: sure})
    return true
  }
  const t10 = /^t10\.(?:ATA|NVMe|SCSI)_{1,8}.{1,60}?_{1,20}([A-Z0-9]{8,20})_*$/.exec(word)?.[1]
  if (t10 !== undefined) {
    const start = at + word.lastIndexOf(t10)
    found.push({kind: 'serial', start, end: start + t10.length, confidence: sure, isName: true})
    return true
  }
  // As smartd writes a world wide name, and what Ansible calls a disk.
  const other =
    /^([56]-[0-9a-f]{6}-[0-9a-f]{9})$/.exec(word) ?? /^[A-Z]+_[A-Z0-9-]{6,}_((?=\D*\d\D*\d)[A-Z0-9]{10,20})$/.exec(word)
  if (other) {
    found.push({
      kind: 'serial',
      start: at + word.length - other[1]!.length,
      end: at + word.length,
      confidence: sure,
      isName: true,
    })
    return true
  }
  // /dev/disk/by-id/ata-MODEL_SERIAL, with the number of a part
  const disk =
    /^((?:ata|scsi-S?ATA|scsi|nvme|usb|virtio|ide|mmc)[-_].*_)((?!\d{1,2}-part)[A-Za-z0-9-]{6,40}?)(?:_\d{1,2})?(?:-part\d+|-0:0)?$/.exec(
      word,
    )
  if (disk && /\d/.test(disk[2]!) && !/^(?:\d{1,4}(?:GB|TB|G|T)|\w{0,4}drive\w*)$/i.test(disk[2]!)) {
    const start = at + disk[1]!.length
    found.push({kind: 'serial', start, end: start + disk[2]!.length, confidence: sure, isName: true})
    return true
  }
  return false
}

/** What disks are called by their makers, which everybody's are. */
export const models =
  /^(?:ST\d{3,6}[A-Z]{2}\d{3,4}(?:-\w{6})?|WD\d{2,4}[A-Z]{4}(?:-\w{6,7})?|HU[AHS]\w+|HDW[A-Z]\d+|MG\d{2}[A-Z]{3}\d+\w*|MZ[0-9A-Z]{10,}|CT\d+[A-Z]+\d*SSD\d|SSDS?C\w+|SSDPE\w+|MTFD\w+|KXG\w+|SDFS\w+|THNS\w+|SA\d{3}S\d+|SKC\d+\w*)$/

/** Numbers that makers give: letters and digits that are no number of base sixteen. And of a FAT file system. */
export function serialNumber(word: string, at: number, found: Form[]): boolean {
  if (/^(?:[A-Z0-9]{5}-){4}[A-Z0-9]{5}$/.test(word)) {
    found.push({kind: 'serial', start: at, end: at + word.length, confidence: sure, isName: false})
    return true
  }
  if (word.length > 23 || !/^[A-Z0-9-]+$/.test(word)) return false
  // What Windows calls an installation, and the labels of tapes.
  if (/^\d{5}-\d{5}-\d{5}-[A-Z]{2}(?:OEM|\d{3})$|^[A-Z]{2,3}\d{3,7}L[5-9]$/.test(word)) {
    found.push({kind: 'serial', start: at, end: at + word.length, confidence: sure, isName: true})
    return true
  }
  const digits = word.replaceAll(/\D/g, '').length
  const isSerial =
    (/^(?:WD-)?[A-Z0-9]{12,20}$/.test(word) &&
      digits > 2 &&
      digits < word.length - 2 &&
      /[G-Z]/.test(word) &&
      !/^[A-Z]+\d+$/.test(word)) ||
    /^(?=(?:[A-Z]*\d){2})(?:Z[A-Z0-9]{7}|W[DFKM][A-Z0-9]{6}|PF[0-9][A-Z0-9]{5}|5C[A-Z]\d{4}[A-Z0-9]{3})$/.test(word) ||
    /^[A-Z]{3}\d{3,4}[A-Z][A-Z0-9]{2}$|^WD-[A-Z0-9]{8,}$/.test(word)
  if (!isSerial && !/^(?=.*[A-F])(?=.*\d)[0-9A-F]{4}-[0-9A-F]{4}$/.test(word)) return false
  if (models.test(word)) return false
  found.push({
    kind: isSerial ? 'serial' : 'uuid',
    start: at,
    end: at + word.length,
    confidence: likely,
    isName: isSerial,
  })
  return true
}

/** Whose accounts they are, in a domain of Windows (MS-DTYP §2.4.2). */
export function securityId(word: string, at: number, found: Form[]): boolean {
  const match = /^(S-1-5-21-)(\d+-\d+-\d+)/.exec(word)
  if (!match) return false
  const start = at + match[1]!.length
  found.push({kind: 'serial', start, end: start + match[2]!.length, confidence: sure, isName: true})
  return true
}
