resource "proxmox_virtual_environment_pool" "team" {
  pool_id = "team"
  comment = "What one team runs"
}

resource "proxmox_virtual_environment_role" "looker" {
  role_id    = "Looker"
  privileges = ["VM.Audit", "Datastore.Audit"]
}

resource "proxmox_virtual_environment_user" "ada" {
  user_id = "ada@pve"
  comment = "Ada"
}

resource "proxmox_acl" "ada" {
  path      = "/pool/${proxmox_virtual_environment_pool.team.pool_id}"
  role_id   = proxmox_virtual_environment_role.looker.role_id
  user_id   = proxmox_virtual_environment_user.ada.user_id
  propagate = true
}

resource "proxmox_storage_directory" "fast" {
  id      = "fast"
  path    = "/mnt/fast"
  content = ["images", "rootdir", "iso"]
}

resource "proxmox_network_linux_bridge" "inner" {
  node_name = "pve1"
  name      = "vmbr7"
  address   = "192.0.2.7/24"
  comment   = "guests only"
}

resource "proxmox_virtual_environment_vm" "web" {
  node_name     = "pve1"
  vm_id         = 700
  name          = "web01"
  description   = "Front end"
  tags          = ["prod", "web"]
  pool_id       = proxmox_virtual_environment_pool.team.pool_id
  started       = true
  on_boot       = false
  scsi_hardware = "virtio-scsi-single"
  boot_order    = ["scsi0"]

  cpu {
    cores = 2
    type  = "x86-64-v2-AES"
  }
  memory {
    dedicated = 1024
  }
  disk {
    interface    = "scsi0"
    datastore_id = "local"
    size         = 8
    file_format  = "qcow2"
    discard      = "on"
    iothread     = true
  }
  disk {
    interface    = "scsi1"
    datastore_id = proxmox_storage_directory.fast.id
    size         = 2
    file_format  = "raw"
  }
  network_device {
    bridge  = "vmbr0"
    vlan_id = 42
  }
  network_device {
    bridge   = proxmox_network_linux_bridge.inner.name
    firewall = true
  }
  initialization {
    datastore_id = "local"
    dns {
      servers = ["192.0.2.53"]
    }
    ip_config {
      ipv4 {
        address = "192.0.2.20/24"
        gateway = "192.0.2.1"
      }
    }
    ip_config {
      ipv4 {
        address = "dhcp"
      }
    }
    user_account {
      username = "ada"
      password = "not-a-secret"
      keys     = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM ada@example.org"]
    }
  }
  operating_system {
    type = "l26"
  }
  stop_on_destroy = true
}

resource "proxmox_virtual_environment_container" "box" {
  node_name     = "pve1"
  vm_id         = 750
  description   = "A box"
  tags          = ["lab"]
  pool_id       = proxmox_virtual_environment_pool.team.pool_id
  unprivileged  = true
  started       = true
  start_on_boot = false

  cpu {
    cores = 1
  }
  memory {
    dedicated = 256
    swap      = 128
  }
  disk {
    datastore_id = "local"
    size         = 2
  }
  features {
    nesting = true
  }
  network_interface {
    name   = "eth0"
    bridge = "vmbr0"
  }
  initialization {
    hostname = "box"
    ip_config {
      ipv4 {
        address = "192.0.2.30/24"
        gateway = "192.0.2.1"
      }
    }
  }
  operating_system {
    template_file_id = "local:vztmpl/debian-12-standard_12.5-1_amd64.tar.gz"
    type             = "debian"
  }
}
