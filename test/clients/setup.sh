#!/usr/bin/env bash
# Sets up other people's clients for test/clients in a folder that Git ignores: a Python environment with proxmoxer and Ansible, and the
# Terraform provider bpg/proxmox, built from its released module and laid out as a filesystem mirror. Safe to repeat: what is there already
# at these versions is left alone. Needs python3 (3.11 or newer), Go and terraform on PATH; PMPC_CLIENTS names another folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=${PMPC_CLIENTS:-$here/.cache}
provider=0.112.0
mkdir -p "$root"

python_clients() {
  local stamp=$root/venv/requirements.txt
  if cmp -s "$here/requirements.txt" "$stamp"; then return; fi
  echo "== Python clients: $root/venv"
  rm -rf "$root/venv"
  python3 -m venv "$root/venv"
  "$root/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$stamp"
}

# A provider's address as terraform itself completes it, with the host of its registry: the folder of a mirror is named by it.
address_of() {
  local folder
  folder=$(mktemp -d)
  printf 'terraform {\n  required_providers {\n    one = { source = "%s" }\n  }\n}\n' "$1" >"$folder/main.tf"
  (cd "$folder" && CHECKPOINT_DISABLE=1 terraform providers -no-color) | sed -n 's/.*provider\[\([^]]*\)\].*/\1/p'
  rm -rf "$folder"
}

terraform_provider() {
  local platform mirror
  platform=$(go env GOOS)_$(go env GOARCH)
  mirror=$root/mirror/$(address_of bpg/proxmox)/$provider/$platform
  if [ -x "$mirror/terraform-provider-proxmox_v$provider" ]; then return; fi
  echo "== Terraform provider bpg/proxmox $provider: $mirror"
  mkdir -p "$mirror"
  (cd "$here/provider" && CGO_ENABLED=0 go build -mod=readonly -trimpath -ldflags='-s -w' -o "$root/provider.new" \
    github.com/bpg/terraform-provider-proxmox)
  mv "$root/provider.new" "$mirror/terraform-provider-proxmox_v$provider"
}

command -v terraform >/dev/null || { echo 'terraform is not on PATH' >&2; exit 1; }
python_clients &
python=$!
terraform_provider
wait "$python"
