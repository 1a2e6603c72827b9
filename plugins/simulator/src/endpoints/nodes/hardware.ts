import {splitList} from '../../contract/scalars.js'
import {text, type Call, type Endpoints} from '../../calls/call.js'

interface PciDevice {
  id: string
  class: string
  vendor: string
  device: string
  iommugroup: number
  vendor_name: string
  device_name: string
  subsystem_vendor: string
  subsystem_device: string
}

const pci = (
  id: string,
  kind: string,
  [vendor, device]: [string, string],
  iommugroup: number,
  [vendorName, deviceName]: [string, string],
): PciDevice => ({
  id: `0000:${id}`,
  class: `0x${kind}`,
  vendor: `0x${vendor}`,
  device: `0x${device}`,
  iommugroup,
  vendor_name: vendorName,
  device_name: deviceName,
  subsystem_vendor: `0x${vendor}`,
  subsystem_device: '0x0000',
})

const intel = 'Intel Corporation'

/** PCI devices of each node; ids and names are those of pci.ids. */
const pciDevices = [
  pci('00:00.0', '060000', ['8086', '3e30'], 0, [intel, '8th/9th Gen Core Host Bridge / DRAM Registers']),
  pci('00:02.0', '030000', ['8086', '3e98'], 1, [intel, 'CoffeeLake-S GT2 [UHD Graphics 630]']),
  pci('00:14.0', '0c0330', ['8086', 'a36d'], 2, [intel, 'Cannon Lake PCH USB 3.1 xHCI Host Controller']),
  pci('00:17.0', '010601', ['8086', 'a352'], 3, [intel, 'Cannon Lake PCH SATA AHCI Controller']),
  pci('01:00.0', '020000', ['8086', '1521'], 4, [intel, 'I350 Gigabit Network Connection']),
  pci('01:00.1', '020000', ['8086', '1521'], 4, [intel, 'I350 Gigabit Network Connection']),
  pci('02:00.0', '010802', ['144d', 'a808'], 5, [
    'Samsung Electronics Co Ltd',
    'NVMe SSD Controller SM981/PM981/PM983',
  ]),
]

/** Classes that are left out unless asked for: memory, bridges, processors. */
const unwanted = '05;06;0b'

/** Fact: PVE/API2/Hardware/PCI.pm. */
function listPci(call: Call): unknown {
  const hidden = splitList(text(call, 'pci-class-blacklist') ?? unwanted)
  const shown = pciDevices.filter((device) => !hidden.some((kind) => device.class.startsWith(`0x${kind}`)))
  if (text(call, 'verbose') !== '0') return shown
  return shown.map(({id, class: kind, vendor, device, iommugroup}) => ({id, class: kind, vendor, device, iommugroup}))
}

const usbDevices = [
  {
    busnum: 1,
    devnum: 1,
    level: 0,
    port: 0,
    class: 9,
    vendid: '1d6b',
    prodid: '0002',
    speed: '480',
    product: 'xHCI Host Controller',
  },
  {
    busnum: 1,
    devnum: 2,
    level: 1,
    port: 3,
    class: 0,
    vendid: '0781',
    prodid: '5583',
    speed: '480',
    product: 'Ultra Fit',
    manufacturer: 'SanDisk',
    usbpath: '4',
  },
]

export const hardwareEndpoints: Endpoints = {
  'GET /nodes/{node}/hardware/pci': listPci,
  // None of the devices can be divided.
  'GET /nodes/{node}/hardware/pci/{pci-id-or-mapping}/mdev': () => [],
  'GET /nodes/{node}/hardware/pci/{pci-id-or-mapping}': () => [{method: 'mdev'}],
  'GET /nodes/{node}/hardware/usb': () => usbDevices,
}
