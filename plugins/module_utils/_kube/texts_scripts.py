# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""The scripts that machines get; words between at signs are filled in."""

from __future__ import annotations

KUBEADM = r"""#!/bin/bash
# Makes this machine a node of the cluster: the first controller begins it, all others join.
set -euo pipefail
umask 077

begin=/etc/kubernetes/kubeadm-init.tmpl.yaml
join=/etc/kubernetes/kubeadm-join.tmpl.yaml
config=/run/kubeadm.yaml

# A first controller that was replaced must not begin a second cluster.
another_controller_answers() {
    local address
    for address in @OTHER_CONTROLLERS@; do
        curl --silent --fail --max-time 5 --output /dev/null --cacert /etc/kubernetes/pki/ca.crt \
            "https://$address:@API_PORT@/readyz" && return
    done
    return 1
}

# What only the machine itself knows comes from its metadata.
fill_in() {
    local text name
    text=$(<"$1")
    for name in COREOS_EC2_HOSTNAME COREOS_EC2_AVAILABILITY_ZONE COREOS_EC2_INSTANCE_ID; do
        text=${text//"\${$name}"/"${!name}"}
    done
    printf '%s\n' "$text" >"$config"
}

verb="join"
template=$join
if [[ -e $begin ]] && ! another_controller_answers; then
    verb="init"
    template=$begin
fi
arguments=(--config "$config")
# What an attempt that was interrupted has left behind is no reason to give up.
[[ ! -e /etc/kubernetes/kubelet.conf ]] || arguments+=(--ignore-preflight-errors all)
fill_in "$template"
kubeadm "$verb" "${arguments[@]}"
rm -f "$config"
touch /etc/kubernetes/kubeadm.done
"""

ETCD_VOLUME = r"""#!/bin/bash
# Mounts the volume of etcd, which is attached after the machine has started; a new one gets a file system.
set -euo pipefail

device=/dev/disk/by-label/etcd

# The disk of the system has partitions and the disks of pods have file systems; this one has nothing yet.
empty_disk() {
    local disk
    for disk in /dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol* /dev/xvdf; do
        [[ -b $disk && $(lsblk --noheadings --nodeps --output TYPE "$disk") == disk ]] || continue
        [[ -z $(blkid --probe "$disk") ]] || continue
        printf '%s\n' "$disk"
        return
    done
    return 1
}

until [[ -b $device ]]; do
    if disk=$(empty_disk); then
        mkfs.ext4 -q -L etcd "$disk"
        udevadm trigger --settle "$disk"
    fi
    sleep 2
done
mkdir -p /var/lib/etcd
mountpoint --quiet /var/lib/etcd || mount "$device" /var/lib/etcd
"""

RENEW_CERTIFICATES = r"""#!/bin/bash
# Renews the certificates of the control plane when one of them ends within @RENEW_BEFORE_DAYS@ days.
set -euo pipefail
cd /etc/kubernetes/pki

ends_soon=
for certificate in *.crt etcd/*.crt; do
    [[ $certificate != *ca.crt ]] || continue
    openssl x509 -noout -checkend $((@RENEW_BEFORE_DAYS@ * 86400)) -in "$certificate" || ends_soon=$certificate
done
[[ -n $ends_soon ]] || exit 0

kubeadm certs renew all
for component in etcd kube-apiserver kube-controller-manager kube-scheduler; do
    crictl ps --quiet --name "^$component\$" | xargs --no-run-if-empty crictl stop
done
"""
