terraform {
  required_providers {
    proxmox = {
      source  = "bpg/proxmox"
      version = "0.112.0"
    }
  }
}

# PROXMOX_VE_ENDPOINT, PROXMOX_VE_USERNAME, PROXMOX_VE_PASSWORD and PROXMOX_VE_INSECURE say where and who.
provider "proxmox" {}

resource "proxmox_virtual_environment_pool" "shop" {
  pool_id = "shop"
  comment = "The shop"
}

resource "proxmox_virtual_environment_vm" "web" {
  node_name = "pve1"
  vm_id     = 700
  name      = "web01"
  pool_id   = proxmox_virtual_environment_pool.shop.pool_id
  tags      = ["prod", "web"]
  started   = false

  cpu {
    cores = 2
  }
  memory {
    dedicated = 2048
  }
  disk {
    interface    = "scsi0"
    datastore_id = "local"
    size         = 8
    file_format  = "qcow2"
  }
  network_device {
    bridge = "vmbr0"
  }
}
